//===- Record.cpp - cnnc_model as constants -------------------------------===//
//
// The order of the fields is that of runtime/include/cnnc/abi.h.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Record.h"
#include "passes/lower/Packing.h"
#include "runtime/include/cnnc/abi.h"

using namespace llvm;

namespace cnnc {
namespace {

Constant *dims(ArrayRef<int64_t> sizes, Constants &c) {
  SmallVector<uint32_t> all(sizes.begin(), sizes.end());
  all.resize(CNNC_MAX_RANK);
  return ConstantDataArray::get(c.context, all);
}

Constant *tensors(ArrayRef<Model::Tensor> all, StringRef name, Constants &c) {
  SmallVector<Constant *> records;
  for (const Model::Tensor &t : all)
    records.push_back(
        c.record({c.string(t.name), c.string(t.doc), c.u32(t.isLabels ? cnnc_i32 : cnnc_f32), c.u32(t.dims.size()),
                  dims(t.dims, c), c.u64(t.elements), c.u32(t.classes), c.i32(t.ignored), c.u32(t.isWhole), c.u32(0)}));
  return c.array(records, name);
}

Constant *embedded(const Model::Parameter &parameter, Constants &c) {
  if (parameter.embeddedOffset)
    return c.placeInData(*parameter.embeddedOffset);
  if (!parameter.embedded)
    return c.null();
  SmallVector<float> values;
  for (const APFloat &value : parameter.embedded.getValues<APFloat>()) {
    APFloat single = value;
    bool loses;
    single.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &loses);
    values.push_back(single.convertToFloat());
  }
  return c.global(ConstantDataArray::get(c.context, values), "weights");
}

Constant *parameters(const Model &model, Constants &c) {
  auto *pointer = PointerType::get(c.context, 0);
  auto *packType = FunctionType::get(Type::getVoidTy(c.context), {pointer, pointer}, false);
  SmallVector<Constant *> records;
  for (const Model::Parameter &p : model.parameters) {
    bool packs = needsPacking(p.type);
    auto distribution = p.init ? p.init.getDistribution() : cnn::Distribution::Constant;
    records.push_back(
        c.record({c.string(p.name), c.string(p.doc), c.u32(static_cast<uint32_t>(p.kind)), c.u32(p.trainable),
                  c.u32(p.type.getRank()), dims(p.type.getShape(), c), c.u64(p.type.getNumElements()), c.u64(p.packedOffset),
                  c.u64(p.packedElements), c.u32(static_cast<uint32_t>(distribution)),
                  c.f32(p.init ? p.init.getA().getValueAsDouble() : 0), c.f32(p.init ? p.init.getB().getValueAsDouble() : 0),
                  embedded(p, c), packs ? c.function(packFunctionName(p.type), packType) : c.null(),
                  packs ? c.function(unpackFunctionName(p.type), packType) : c.null()}));
  }
  return c.array(records, "parameters");
}

Constant *codes(const Model &model, ArrayRef<Level> levels, Constants &c) {
  auto *program = FunctionType::get(Type::getInt32Ty(c.context), {PointerType::get(c.context, 0)}, false);
  SmallVector<Constant *> records;
  for (const Level &level : levels) {
    auto find = [&](StringRef name, bool exists) {
      return exists ? c.function((name + level.suffix()).str(), program) : c.null();
    };
    bool trains = model.hasTraining;
    records.push_back(
        c.record({c.string(level.name), c.u64(level.features), find("prepare", model.hasPrepare), find("infer", true),
                  find("loss", trains), find("backward", trains), find("input_gradient", trains), find("update", trains)}));
  }
  return c.array(records, "codes");
}

} // namespace

static_assert(static_cast<int>(cnn::ParameterKind::Weight) == cnnc_weight &&
              static_cast<int>(cnn::ParameterKind::Buffer) == cnnc_buffer &&
              static_cast<int>(cnn::ParameterKind::Slot) == cnnc_slot &&
              static_cast<int>(cnn::ParameterKind::Derived) == cnnc_derived);
static_assert(static_cast<int>(cnn::Distribution::Constant) == cnnc_init_constant &&
              static_cast<int>(cnn::Distribution::Normal) == cnnc_init_normal &&
              static_cast<int>(cnn::Distribution::Uniform) == cnnc_init_uniform);

Constant *addModelRecord(const Model &model, ArrayRef<Level> levels, Constants &c) {
  SmallVector<Constant *> hypers;
  for (const Model::Hyper &hyper : model.hypers)
    hypers.push_back(c.record({c.string(hyper.name), c.f32(hyper.value)}));
  auto memory = [&](const Model::Memory &m) { return c.record({c.u64(m.fixed), c.u64(m.perExample)}); };
  Constant *record = c.record({c.u32(sizeof(cnnc_model)),
                               c.u32(CNNC_ABI_VERSION),
                               c.string(model.name),
                               c.string(model.prefix),
                               c.string(model.doc),
                               c.string(model.source),
                               c.string(model.graphHash),
                               c.string(model.recipe),
                               c.u32(model.inputs.size()),
                               c.u32(model.targets.size()),
                               c.u32(model.outputs.size()),
                               c.u32(model.parameters.size()),
                               c.u32(model.hypers.size()),
                               c.u32(levels.size()),
                               c.u32(model.batch),
                               c.u32(model.isBatchExact),
                               tensors(model.inputs, "inputs", c),
                               tensors(model.targets, "targets", c),
                               tensors(model.outputs, "outputs", c),
                               parameters(model, c),
                               c.array(hypers, "hypers"),
                               codes(model, levels, c),
                               c.u64(model.parameterBytes),
                               c.u64(model.gradientBytes),
                               memory(model.inferMemory),
                               memory(model.trainMemory)});
  return c.global(record, "model");
}

} // namespace cnnc
