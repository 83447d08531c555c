//===- Parts.cpp - a level's code, unit by unit ---------------------------===//

#include "compiler/codegen/Parts.h"
#include "passes/lower/Lower.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace cnnc {
namespace {

/// A unit's code in LLVM IR.
struct Part {
  std::string unit; ///< empty: the programs
  Bytes bitcode;    ///< a context belongs to one thread
};

/// What the definitions of a part need of a module, and nothing else.
std::unique_ptr<Module> extract(Module &module, function_ref<bool(const GlobalValue *)> isDefined) {
  ValueToValueMapTy values;
  std::unique_ptr<Module> part = CloneModule(module, values, isDefined);
  for (Function &function : make_early_inc_range(*part)) {
    if (!function.isDeclaration())
      continue;
    if (function.use_empty())
      function.eraseFromParent();
    else if (!unitOfFunction(function.getName()).empty())
      function.setAttributes({}); // the same, whether the module defines the unit or not
  }
  for (GlobalVariable &variable : make_early_inc_range(part->globals()))
    if (variable.isDeclaration() && variable.use_empty())
      variable.eraseFromParent();
  return part;
}

Bytes bitcodeOf(const Module &module) {
  Bytes bytes;
  raw_svector_ostream stream(bytes);
  WriteBitcodeToFile(module, stream);
  return bytes;
}

StringRef text(const Bytes &bytes) { return {bytes.data(), bytes.size()}; }

/// Cuts the module into parts.
std::vector<Part> cut(Module &module) {
  // What one part defines another may use.
  MapVector<StringRef, SmallVector<const GlobalValue *>> units;
  for (GlobalValue &value : module.global_values()) {
    if (value.isDeclaration())
      continue;
    if (value.hasLocalLinkage()) {
      value.setLinkage(GlobalValue::ExternalLinkage);
      value.setVisibility(GlobalValue::HiddenVisibility);
    }
    units[unitOfFunction(value.getName())].push_back(&value);
  }
  std::vector<Part> parts;
  for (const auto &[unit, values] : units)
    parts.push_back(
        {unit.str(), bitcodeOf(*extract(module, [&](const GlobalValue *value) { return is_contained(values, value); }))});
  return parts;
}

/// What object code depends on besides the source.
std::string describe(const Level &level, Sanitizer sanitizer) {
  return level.cpu + "/" + level.tune + "/" + level.suffix() + "/" + utostr(static_cast<unsigned>(sanitizer));
}

Expected<Bytes> compilePart(const Part &part, const Level &level, Sanitizer sanitizer, const ObjectCache &cache) {
  bool isProgram = part.unit.empty();
  std::string key = cache.key(isProgram ? text(part.bitcode) : part.unit, describe(level, sanitizer));
  if (isProgram)
    if (std::optional<Bytes> object = cache.find(key))
      return std::move(*object);
  LLVMContext context;
  auto module = parseBitcodeFile(MemoryBufferRef(text(part.bitcode), "part"), context);
  if (!module)
    return module.takeError();
  Expected<Bytes> object = generate(**module, level, sanitizer, /*assembly=*/false);
  if (object)
    cache.store(key, text(*object));
  return object;
}

} // namespace

std::optional<Bytes> findUnit(StringRef unit, const Level &level, Sanitizer sanitizer, const ObjectCache &cache) {
  return cache.find(cache.key(unit, describe(level, sanitizer)));
}

Error generateParts(Module &module, const Level &level, Sanitizer sanitizer, const ObjectCache &cache, Objects &objects) {
  std::vector<Part> parts = cut(module);
  llvm::sort(parts, [](const Part &a, const Part &b) {
    return std::pair(b.bitcode.size(), StringRef(a.unit)) < std::pair(a.bitcode.size(), StringRef(b.unit));
  });
  std::vector<Bytes> generated(parts.size());
  std::vector<std::string> errors(parts.size());
  DefaultThreadPool pool;
  for (size_t i = 0; i < parts.size(); ++i)
    pool.async([&, i] {
      Expected<Bytes> object = compilePart(parts[i], level, sanitizer, cache);
      if (object)
        generated[i] = std::move(*object);
      else
        errors[i] = toString(object.takeError());
    });
  pool.wait();
  for (const std::string &error : errors)
    if (!error.empty())
      return createStringError(error);
  for (size_t i = 0; i < parts.size(); ++i)
    objects[parts[i].unit] = std::move(generated[i]);
  return Error::success();
}

} // namespace cnnc
