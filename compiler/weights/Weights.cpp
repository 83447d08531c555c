//===- Weights.cpp - the values that a model starts from ------------------===//
//
// The runtime's core draws and loads them, as it does in a library: a record
// with the library's parameters, and without code, is all that it needs.
//
//===----------------------------------------------------------------------===//

#include "compiler/weights/Weights.h"
#include "compiler/Pipeline.h"
#include "compiler/codegen/Level.h"
#include "dialects/cnn/Cnn.h"
#include "runtime/core/core.h"
#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"
#include <memory>

using namespace llvm;

namespace cnnc {
namespace {

Error alreadyReported() { return createStringError(""); }

/// The record of a library whose packed parameters are canonical.
struct Record {
  cnnc_model model{};
  cnnc_code code{};
  std::string name;
  std::vector<std::string> names;
  std::vector<std::vector<float>> embedded;
  std::vector<cnnc_parameter_info> parameters;
};

/// Weights made from a record.
class Store {
public:
  static Expected<std::shared_ptr<Store>> create(std::unique_ptr<Record> record, uint64_t seed);
  ~Store() { cnnc_core_weights_destroy(weights); }

  Error load(StringRef path);

  std::unique_ptr<Record> record;
  cnnc_weights *weights = nullptr;
};

Expected<std::shared_ptr<Store>> Store::create(std::unique_ptr<Record> record, uint64_t seed) {
  auto store = std::make_shared<Store>();
  store->record = std::move(record);
  store->weights = cnnc_core_weights_create(&store->record->model, seed, nullptr);
  if (!store->weights)
    return createStringError("the weights take " + Twine(store->record->model.parameter_bytes) +
                             " bytes, for which there is no memory: free some");
  return store;
}

/// What damaged a file that has hashes, as `cnnrt` writes them; empty where nothing did. Where the file cannot be read at
/// all, loading says why.
std::string damageOf(StringRef bytes) {
  char text[CNNC_TEXT_BYTES] = "";
  cnnc_safetensors file;
  if (cnnc_safetensors_read(bytes.data(), bytes.size(), &file, text) != cnnc_ok)
    return "";
  auto hash = [](const void *data, size_t size) -> uint64_t {
    return xxHash64(StringRef(static_cast<const char *>(data), size));
  };
  bool isWhole = !cnnc_safetensors_has_hashes(&file) || cnnc_safetensors_check_hashes(&file, hash, text) == cnnc_ok;
  cnnc_safetensors_free(&file);
  return isWhole ? "" : text;
}

Error Store::load(StringRef path) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError("cannot read the weights '" + path + "': " + file.getError().message() +
                             ": name a .safetensors file");
  if (std::string damage = damageOf((*file)->getBuffer()); !damage.empty())
    return createStringError("the weights '" + path + "' are damaged: " + damage + ": copy the file again");
  if (cnnc_core_weights_load(weights, (*file)->getBufferStart(), (*file)->getBufferSize()) == cnnc_ok)
    return Error::success();
  return createStringError("cannot load the weights '" + path + "': " + cnnc_core_weights_error(weights));
}

/// Whoever reads a parameter goes from its start to its end: it is fetched once.
ParameterReader readerOf(std::shared_ptr<Store> store, uint32_t index) {
  return [store, index, values = std::vector<float>()](int64_t first, MutableArrayRef<float> out) mutable {
    const cnnc_parameter_info &info = store->record->parameters[index];
    if (values.empty()) {
      values.resize(info.elements);
      cnnc_core_weights_get(store->weights, info.name, values.data(), values.size());
    }
    copy(ArrayRef(values).slice(first, out.size()), out.begin());
    if (first + out.size() == info.elements)
      values = {};
  };
}

/// What weights start from depends on a parameter's place among all of the
/// library, also those that passes add; the latter have no elements here.
Expected<std::unique_ptr<Record>> recordOf(mlir::ModuleOp module, const ParameterValues &given) {
  mlir::OwningOpRef<mlir::ModuleOp> complete = module.clone();
  if (failed(runPipeline(*complete, Stage::Cnn, Stage::Grad, Level())))
    return alreadyReported();
  auto record = std::make_unique<Record>();
  auto name = module->getAttrOfType<mlir::StringAttr>("cnn.name");
  record->name = name ? name.str() : "model";
  auto range = complete->getOps<cnn::ParameterOp>();
  std::vector<cnn::ParameterOp> ops(range.begin(), range.end());
  record->names.reserve(ops.size());
  uint64_t bytes = 0;
  for (cnn::ParameterOp op : ops) {
    cnnc_parameter_info info{};
    info.name = record->names.emplace_back(op.getSymName().str()).c_str();
    info.kind = cnnc_derived;
    bool hasValues = op.getKind() == cnn::ParameterKind::Weight || op.getKind() == cnn::ParameterKind::Buffer;
    if (hasValues && !given.contains(op.getSymName())) {
      info.kind = static_cast<uint32_t>(op.getKind());
      info.rank = op.getTensorType().getRank();
      copy(op.getTensorType().getShape(), info.dims);
      info.elements = info.packed_elements = op.getTensorType().getNumElements();
      info.packed_offset = bytes;
      bytes += alignTo(info.elements * sizeof(float), 64);
      if (cnn::InitAttr init = op.getInitAttr()) {
        info.init = static_cast<uint32_t>(init.getDistribution());
        info.init_a = init.getA().getValueAsDouble();
        info.init_b = init.getB().getValueAsDouble();
      }
      if (mlir::ElementsAttr value = op.getValueAttr()) {
        auto &floats = record->embedded.emplace_back();
        for (const APFloat &element : value.getValues<APFloat>())
          floats.push_back(static_cast<float>(element.convertToDouble()));
        info.embedded = floats.data();
      }
    }
    record->parameters.push_back(info);
  }
  cnnc_model &model = record->model;
  model.name = record->name.c_str();
  model.parameter_count = record->parameters.size();
  model.parameters = record->parameters.data();
  model.parameter_bytes = bytes;
  model.code_count = 1;
  model.codes = &record->code;
  return record;
}

Expected<ParameterValues> complete(mlir::ModuleOp module, ParameterValues given, uint64_t seed, StringRef path) {
  Expected<std::unique_ptr<Record>> record = recordOf(module, given);
  if (!record)
    return record.takeError();
  Expected<std::shared_ptr<Store>> store = Store::create(std::move(*record), seed);
  if (!store)
    return store.takeError();
  if (!path.empty())
    if (Error error = (*store)->load(path))
      return std::move(error);
  for (auto [i, info] : enumerate((*store)->record->parameters))
    if (info.kind != cnnc_derived)
      given[info.name] = readerOf(*store, i);
  return given;
}

} // namespace

Expected<ParameterValues> loadWeights(mlir::ModuleOp module, StringRef path) { return complete(module, {}, 0, path); }

Expected<ParameterValues> initialWeights(mlir::ModuleOp module, ParameterValues given, uint64_t seed) {
  return complete(module, std::move(given), seed, "");
}

} // namespace cnnc
