//===- Parts.cpp - a level's code, kernel by kernel -----------------------===//

#include "compiler/codegen/Parts.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace cnnc {
namespace {

/// The kernel that a function is a stage of (passes/lower/Lower.h); empty for a program.
StringRef kernelOf(StringRef function) {
  size_t stage = function.find(".stage");
  return stage == StringRef::npos ? "" : function.take_front(stage);
}

/// Without the number that tells kernels of one kind apart.
StringRef kindOf(StringRef kernel) {
  auto [kind, number] = kernel.rsplit('_');
  return !number.empty() && all_of(number, isDigit) ? kind : kernel;
}

/// What the definitions of a part need of a module, and nothing else.
std::unique_ptr<Module> extract(Module &module, function_ref<bool(const GlobalValue *)> isDefined) {
  ValueToValueMapTy values;
  std::unique_ptr<Module> part = CloneModule(module, values, isDefined);
  for (Function &function : make_early_inc_range(*part))
    if (function.isDeclaration() && function.use_empty())
      function.eraseFromParent();
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

/// Gives the functions of a kernel, called `from`, names that start with `to`.
void renameKernel(Module &module, StringRef from, StringRef to) {
  for (Function &function : make_early_inc_range(module)) {
    if (kernelOf(function.getName()) != from)
      continue;
    std::string name = (to + function.getName().drop_front(from.size())).str();
    if (Function *equal = module.getFunction(name); equal && equal != &function) {
      function.replaceAllUsesWith(equal);
      function.eraseFromParent();
    } else {
      function.setName(name);
    }
  }
}

/// Cuts the module into parts as bitcode: a context belongs to one thread.
std::vector<Bytes> cut(Module &module) {
  // What one part defines another may use.
  MapVector<StringRef, SmallVector<const GlobalValue *>> kernels;
  for (GlobalValue &value : module.global_values()) {
    if (value.isDeclaration())
      continue;
    if (value.hasLocalLinkage()) {
      value.setLinkage(GlobalValue::ExternalLinkage);
      value.setVisibility(GlobalValue::HiddenVisibility);
    }
    if (StringRef kernel = kernelOf(value.getName()); !kernel.empty())
      kernels[kernel].push_back(&value);
  }
  std::vector<Bytes> parts;
  SmallVector<std::pair<std::string, std::string>> names;
  StringMap<bool> known;
  for (const auto &[kernel, functions] : kernels) {
    std::unique_ptr<Module> part = extract(module, [&](const GlobalValue *value) { return is_contained(functions, value); });
    renameKernel(*part, kernel, kindOf(kernel));
    constexpr size_t digits = 16;
    auto hash = BLAKE3::hash(arrayRefFromStringRef(text(bitcodeOf(*part))));
    std::string name = (kindOf(kernel) + "." + toHex(hash, /*LowerCase=*/true).substr(0, digits)).str();
    names.push_back({kernel.str(), name});
    if (!known.try_emplace(name).second)
      continue;
    renameKernel(*part, kindOf(kernel), name);
    parts.push_back(bitcodeOf(*part));
  }
  kernels.clear();
  for (const auto &[kernel, name] : names)
    renameKernel(module, kernel, name);
  parts.push_back(bitcodeOf(*extract(module, [](const GlobalValue *value) { return kernelOf(value->getName()).empty(); })));
  return parts;
}

Expected<Bytes> compilePart(const Bytes &bitcode, const Level &level, Sanitizer sanitizer, const ObjectCache &cache) {
  std::string key = cache.key(text(bitcode), level.cpu + "/" + level.tune + "/" + utostr(static_cast<unsigned>(sanitizer)));
  if (std::optional<Bytes> object = cache.find(key))
    return std::move(*object);
  LLVMContext context;
  auto part = parseBitcodeFile(MemoryBufferRef(text(bitcode), "part"), context);
  if (!part)
    return part.takeError();
  Expected<Bytes> object = generate(**part, level, sanitizer, /*assembly=*/false);
  if (object)
    cache.store(key, text(*object));
  return object;
}

} // namespace

Expected<std::vector<Bytes>> generateParts(Module &module, const Level &level, Sanitizer sanitizer, const ObjectCache &cache) {
  std::vector<Bytes> parts = cut(module);
  std::vector<size_t> order(parts.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  llvm::stable_sort(order, [&](size_t a, size_t b) { return parts[a].size() > parts[b].size(); });
  std::vector<Bytes> objects(parts.size());
  std::vector<std::string> errors(parts.size());
  DefaultThreadPool pool;
  for (size_t i : order)
    pool.async([&, i] {
      Expected<Bytes> object = compilePart(parts[i], level, sanitizer, cache);
      if (object)
        objects[i] = std::move(*object);
      else
        errors[i] = toString(object.takeError());
    });
  pool.wait();
  cache.prune();
  for (const std::string &error : errors)
    if (!error.empty())
      return createStringError(error);
  return objects;
}

} // namespace cnnc
