//===- Artifact.cpp - levels, record, link, header ------------------------===//

#include "compiler/Artifact.h"
#include "compiler/Model.h"
#include "compiler/Pipeline.h"
#include "compiler/codegen/Parts.h"
#include "compiler/codegen/Record.h"
#include "compiler/header/Header.h"
#include "compiler/link/Link.h"
#include "passes/lower/Lower.h"
#include "passes/lower/Packing.h"
#include "mlir/Pass/PassManager.h"
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
  /// The record, the entry points and the packing, for any x86-64.
  Expected<Bytes> record();

  mlir::ModuleOp module;
  const Options &options;
  std::vector<Level> levels;
  Sanitizer sanitizer = Sanitizer::None;
  Model model;

private:
  Expected<std::string> prefix() const;
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
  sanitizer = options.sanitize == "thread" ? Sanitizer::Thread : options.sanitize == "address" ? Sanitizer::Address : Sanitizer::None;
  if (failed(runPipeline(module, Stage::Cnn, Stage::Grad, levels[0])))
    return alreadyReported();
  FailureOr<Model> described = describeModel(module, *name);
  if (failed(described))
    return alreadyReported();
  model = std::move(*described);
  if (model.isBatchExact && options.batch && options.batch != model.batch)
    return createStringError("--batch is " + Twine(options.batch) + ", and the model takes batches of exactly " + Twine(model.batch) +
                             ": leave it out, or export the model with another batch");
  if (!model.isBatchExact)
    model.batch = options.batch;
  return failed(runPipeline(module, Stage::Grad, Stage::Plan, levels[0])) ? alreadyReported() : Error::success();
}

Expected<std::unique_ptr<Module>> Artifact::lower(const Level &level, LLVMContext &context) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  if (failed(runPipeline(*copy, Stage::Plan, Stage::Tiled, level)) || failed(planMemory(*copy)))
    return alreadyReported();
  describeMemory(*copy, model);
  if (failed(lowerToLLVM(*copy)))
    return alreadyReported();
  return translate(*copy, level, sanitizer, context);
}

Expected<Bytes> Artifact::record() {
  Level any;
  any.cpu = "x86-64";
  any.tune = "generic";
  mlir::OwningOpRef<mlir::ModuleOp> packing = mlir::ModuleOp::create(module.getLoc());
  for (const Model::Parameter &parameter : model.parameters)
    if (needsPacking(parameter.type))
      addPackingFunctions(*packing, parameter.type);
  mlir::PassManager passes(module.getContext());
  buildToLLVMPipeline(passes);
  if (failed(passes.run(*packing)))
    return alreadyReported();
  LLVMContext context;
  Expected<std::unique_ptr<Module>> translated = translate(*packing, any, sanitizer, context);
  if (!translated)
    return translated.takeError();
  Constants constants(**translated);
  addEntryPoints(model, addModelRecord(model, levels, constants), constants);
  addNote(noteJson(model, levels), constants);
  return generate(**translated, any, sanitizer, /*assembly=*/false);
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
  std::vector<Bytes> objects;
  for (const Level &level : artifact.levels) {
    LLVMContext context;
    Expected<std::unique_ptr<Module>> code = artifact.lower(level, context);
    if (!code)
      return code.takeError();
    Expected<std::vector<Bytes>> parts = generateParts(**code, level, artifact.sanitizer, *cache);
    if (!parts)
      return parts.takeError();
    std::move(parts->begin(), parts->end(), std::back_inserter(objects));
  }
  DataObject data = placeValues(artifact.model, std::move(values));
  Expected<Bytes> record = artifact.record();
  if (!record)
    return record.takeError();
  objects.push_back(std::move(*record));
  if (Error error = linkLibrary(objects, std::move(data), {options.output, artifact.model.prefix, artifact.sanitizer}))
    return error;
  SmallString<128> header(options.output);
  sys::path::replace_extension(header, ".h");
  return writeFile(header, writeHeader(artifact.model));
}

} // namespace cnnc
