//===- Artifact.cpp - levels, record, link, header ------------------------===//

#include "compiler/Artifact.h"
#include "compiler/Model.h"
#include "compiler/Pipeline.h"
#include "compiler/codegen/Parts.h"
#include "compiler/codegen/Record.h"
#include "compiler/header/Header.h"
#include "compiler/link/Link.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/Lower.h"
#include "passes/lower/Packing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace cnnc {
namespace {

/// A pass has said what is wrong.
Error alreadyReported() { return createStringError(""); }

/// One compile: the model's description and what is made of its module.
class Artifact {
public:
  Artifact(mlir::ModuleOp module, const Options &options) : module(module), options(options) {}

  /// Brings the module to its kernels and programs and describes it.
  Error plan();
  /// The module of one level in LLVM IR; completes the description.
  Expected<std::unique_ptr<Module>> lower(const Level &level, LLVMContext &context);
  /// The objects of one level; completes the description.
  Error compile(const Level &level, const ObjectCache &cache);
  /// The objects for any x86-64: the record, the entry points and the packing.
  Error compileRecord(const ObjectCache &cache);

  mlir::ModuleOp module;
  const Options &options;
  std::vector<Level> levels;
  Sanitizer sanitizer = Sanitizer::None;
  Model model;
  std::vector<Bytes> objects;

private:
  Expected<std::string> prefix() const;
  /// A copy of the module with the kernels and the memory of a level.
  FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> tile(const Level &level);
  void append(Objects part) {
    for (auto &[unit, object] : part)
      objects.push_back(std::move(object));
  }
};

Expected<std::string> Artifact::prefix() const {
  if (!options.name.empty()) {
    if (!isValidPrefix(options.name))
      return createStringError("--name is '" + options.name + "', which starts no C identifier: use letters, digits and _");
    return options.name;
  }
  StringRef file = options.output == "-" ? options.input : options.output;
  std::string stem = sys::path::stem(file).str();
  for (char &c : stem)
    if (!isAlnum(c))
      c = '_';
  if (!isValidPrefix(stem))
    return createStringError("symbols cannot start with '" + stem + "', the name of '" + file + "': choose a prefix with --name");
  return stem;
}

Error Artifact::plan() {
  Expected<std::string> name = prefix();
  if (!name)
    return name.takeError();
  Expected<std::vector<Level>> parsed = parseLevels(options.cpu);
  if (!parsed)
    return parsed.takeError();
  levels = std::move(*parsed);
  sanitizer = options.sanitize == "thread"    ? Sanitizer::Thread
              : options.sanitize == "address" ? Sanitizer::Address
                                              : Sanitizer::None;
  if (failed(runPipeline(module, Stage::Cnn, Stage::Grad, levels[0])))
    return alreadyReported();
  FailureOr<Model> described = describeModel(module, *name);
  if (failed(described))
    return alreadyReported();
  model = std::move(*described);
  if (model.isBatchExact && options.batch && options.batch != model.batch)
    return createStringError("--batch is " + Twine(options.batch) + ", and the model takes batches of exactly " +
                             Twine(model.batch) + ": leave it out, or export the model with another batch");
  if (!model.isBatchExact)
    model.batch = options.batch;
  return failed(runPipeline(module, Stage::Grad, Stage::Plan, levels[0])) ? alreadyReported() : Error::success();
}

FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> Artifact::tile(const Level &level) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  if (failed(runPipeline(*copy, Stage::Plan, Stage::Tiled, level)) || failed(planMemory(*copy)))
    return failure();
  describeMemory(*copy, model);
  return copy;
}

Expected<std::unique_ptr<Module>> Artifact::lower(const Level &level, LLVMContext &context) {
  FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> tiled = tile(level);
  if (failed(tiled) || failed(lowerToLLVM(**tiled)))
    return alreadyReported();
  return translate(**tiled, level, sanitizer, context);
}

Error Artifact::compile(const Level &level, const ObjectCache &cache) {
  FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> tiled = tile(level);
  if (failed(tiled) || failed(nameKernels(**tiled)))
    return alreadyReported();
  // What was generated before is not lowered again.
  Objects part;
  for (plan::KernelOp kernel : (*tiled)->getOps<plan::KernelOp>())
    if (std::optional<Bytes> object = findUnit(kernel.getSymName(), level, sanitizer, cache)) {
      part[kernel.getSymName().str()] = std::move(*object);
      kernel->setAttr(compiledAttrName, mlir::UnitAttr::get(kernel.getContext()));
    }
  if (failed(lowerToLLVM(**tiled)))
    return alreadyReported();
  LLVMContext context;
  Expected<std::unique_ptr<Module>> code = translate(**tiled, level, sanitizer, context);
  if (!code)
    return code.takeError();
  if (Error error = generateParts(**code, level, sanitizer, cache, part))
    return error;
  append(std::move(part));
  return Error::success();
}

Error Artifact::compileRecord(const ObjectCache &cache) {
  Level any;
  any.cpu = "x86-64";
  any.tune = "generic";
  Objects part;
  mlir::OwningOpRef<mlir::ModuleOp> packing = mlir::ModuleOp::create(module.getLoc());
  for (const Model::Parameter &parameter : model.parameters) {
    std::string unit = packingName(parameter.type);
    if (!needsPacking(parameter.type) || part.count(unit))
      continue;
    if (std::optional<Bytes> object = findUnit(unit, any, sanitizer, cache))
      part[unit] = std::move(*object);
    else
      addPackingFunctions(*packing, parameter.type);
  }
  mlir::PassManager passes(module.getContext());
  buildToLLVMPipeline(passes);
  if (failed(passes.run(*packing)))
    return alreadyReported();
  LLVMContext context;
  Expected<std::unique_ptr<Module>> code = translate(*packing, any, sanitizer, context);
  if (!code)
    return code.takeError();
  if (Error error = generateParts(**code, any, sanitizer, cache, part))
    return error;
  append(std::move(part));

  Module record("record", context);
  Constants constants(record);
  addEntryPoints(model, addModelRecord(model, levels, constants), constants);
  addNote(noteJson(model, levels), constants);
  Expected<Bytes> object = generate(record, any, sanitizer, /*assembly=*/false);
  if (!object)
    return object.takeError();
  objects.push_back(std::move(*object));
  return Error::success();
}

/// Gives each parameter that has a value its place in the library.
DataObject placeValues(Model &model, ParameterValues values) {
  constexpr uint64_t alignment = 64;
  DataObject data;
  struct Piece {
    uint64_t offset;
    int64_t elements;
    ParameterReader read;
  };
  std::vector<Piece> pieces;
  for (Model::Parameter &parameter : model.parameters)
    if (auto value = values.find(parameter.name); value != values.end()) {
      parameter.embeddedOffset = data.bytes;
      pieces.push_back({data.bytes, parameter.type.getNumElements(), value->second});
      data.bytes = alignTo(data.bytes + parameter.type.getNumElements() * sizeof(float), alignment);
    }
  data.content = [pieces = std::move(pieces), bytes = data.bytes](raw_ostream &stream) {
    uint64_t start = stream.tell();
    std::vector<float> chunk(1 << 16);
    for (const Piece &piece : pieces) {
      stream.write_zeros(start + piece.offset - stream.tell());
      for (int64_t first = 0; first < piece.elements; first += chunk.size()) {
        MutableArrayRef<float> part = MutableArrayRef(chunk).take_front(std::min<int64_t>(chunk.size(), piece.elements - first));
        piece.read(first, part);
        stream.write(reinterpret_cast<const char *>(part.data()), part.size() * sizeof(float));
      }
    }
    stream.write_zeros(start + bytes - stream.tell());
  };
  return data;
}

template <typename Printable> std::string print(Printable &value) {
  std::string text;
  raw_string_ostream stream(text);
  value.print(stream, nullptr);
  return text;
}

} // namespace

Expected<std::string> writeStage(mlir::ModuleOp module, const Options &options) {
  if (options.emit <= Stage::Tiled) {
    Expected<std::vector<Level>> levels = parseLevels(options.cpu);
    if (!levels)
      return levels.takeError();
    if (failed(runPipeline(module, Stage::Cnn, options.emit, levels->front())))
      return alreadyReported();
    std::string text;
    raw_string_ostream stream(text);
    module.print(stream);
    return text + "\n";
  }
  initializeCodegen();
  Artifact artifact(module, options);
  if (Error error = artifact.plan())
    return std::move(error);
  LLVMContext context;
  const Level &level = artifact.levels.front();
  Expected<std::unique_ptr<Module>> code = artifact.lower(level, context);
  if (!code)
    return code.takeError();
  if (options.emit == Stage::Header)
    return writeHeader(artifact.model);
  if (options.emit == Stage::Llvm)
    return print(**code);
  Expected<Bytes> assembly = generate(**code, level, artifact.sanitizer, /*assembly=*/true);
  return assembly ? Expected<std::string>(std::string(assembly->data(), assembly->size())) : assembly.takeError();
}

Error buildLibrary(mlir::ModuleOp module, ParameterValues values, const Options &options) {
  initializeCodegen();
  Artifact artifact(module, options);
  if (Error error = artifact.plan())
    return error;
  Expected<ObjectCache> cache = ObjectCache::open(options.cacheDir);
  if (!cache)
    return cache.takeError();
  for (const Level &level : artifact.levels)
    if (Error error = artifact.compile(level, *cache))
      return error;
  DataObject data = placeValues(artifact.model, std::move(values));
  if (Error error = artifact.compileRecord(*cache))
    return error;
  cache->prune();
  if (Error error = linkLibrary(artifact.objects, data, {options.output, artifact.model.prefix, artifact.sanitizer}))
    return error;
  SmallString<128> header(options.output);
  sys::path::replace_extension(header, ".h");
  return writeFile(header, writeHeader(artifact.model));
}

} // namespace cnnc
