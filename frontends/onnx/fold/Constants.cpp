//===- Constants.cpp - operators that make constants ----------------------===//

#include "frontends/onnx/fold/Tables.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;

static void foldConstant(Call &call) {
  for (const Attribute &attribute : call.node.attributes) {
    std::vector<Scalar> scalars;
    for (int64_t value : attribute.integers)
      scalars.push_back({0, value, 0});
    for (double value : attribute.reals)
      scalars.push_back({0, 0, value});
    auto count = static_cast<int64_t>(scalars.size());
    if (attribute.name == "value" && attribute.kind == Attribute::Kind::Tensor)
      return call.set(0, attribute.tensor);
    if (attribute.name == "value_int" && attribute.kind == Attribute::Kind::Integer)
      return call.set(0, Tensor(ElementType::I64, {}, scalars));
    if (attribute.name == "value_float" && attribute.kind == Attribute::Kind::Real)
      return call.set(0, Tensor(ElementType::F32, {}, scalars));
    if (attribute.name == "value_ints" && attribute.kind == Attribute::Kind::Integers)
      return call.set(0, Tensor(ElementType::I64, {count}, scalars));
    if (attribute.name == "value_floats" && attribute.kind == Attribute::Kind::Reals)
      return call.set(0, Tensor(ElementType::F32, {count}, scalars));
  }
  call.refuse("has no value, integer or number", "texts and sparse tensors are not supported");
}

/// No memory, however large.
static void foldConstantOfShape(Call &call) {
  Tensor value(ElementType::F32, {}, Scalar());
  if (const Attribute *given = call.node.attribute("value");
      given && given->kind == Attribute::Kind::Tensor && given->tensor.elements() == 1)
    value = given->tensor.reshaped({});
  if (!call.ready())
    return;
  // States that recurrent networks start with; integers are more likely to be part of a shape.
  const Tensor &sizes = call.operand(0).constant;
  if (std::optional<size_t> axis = isReal(value.type()) ? batchIn(sizes) : std::nullopt) {
    Shape repeats;
    for (int64_t i = 0; i < sizes.elements(); ++i)
      repeats.push_back(sizes.at(i).integer);
    return repeatForBatch(call, Tensor::splat(value.type(), Shape(repeats.size(), 1), value.at(0)), *axis, repeats);
  }
  std::optional<Shape> shape = call.constantIntegers(0, "a shape");
  if (shape && call.checkedElements(*shape))
    call.set(0, Tensor::splat(value.type(), *shape, value.at(0)));
}

static void foldRange(Call &call) {
  if (!call.ready(3))
    return;
  Scalar at[3];
  bool real = isReal(call.operand(0).constant.type());
  for (size_t i = 0; i < 3; ++i) {
    const Tensor &tensor = call.operand(i).constant;
    if (tensor.elements() != 1 || tensor.isSymbolic() || isReal(tensor.type()) != real) {
      call.refuse("has no three scalars of one type that are known", "export the model again, for one size of input");
      return;
    }
    at[i] = tensor.at(0);
  }
  double first = real ? at[0].real : static_cast<double>(at[0].integer),
         limit = real ? at[1].real : static_cast<double>(at[1].integer),
         step = real ? at[2].real : static_cast<double>(at[2].integer);
  double count = std::max(std::ceil((limit - first) / step), 0.0);
  if (!(step != 0) || !(count <= maxFolded)) {
    call.refuse("makes a range from " + text(first) + " to " + text(limit) + " by " + text(step),
                "ranges have at most 2^20 elements");
    return;
  }
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < static_cast<int64_t>(count); ++i)
    scalars.push_back(real ? Scalar{0, 0, at[0].real + i * at[2].real}
                           : Scalar{0, add(at[0].integer, times(i, at[2].integer)), 0});
  call.set(0, Tensor(call.operand(0).constant.type(), {static_cast<int64_t>(count)}, scalars));
}

static void foldShape(Call &call) {
  if (Converter convert = findConverter("", call.node.op))
    convert(call);
}

void onnx::addConstants(Table &table) {
  table["Constant"] = foldConstant;
  table["ConstantOfShape"] = foldConstantOfShape;
  table["Range"] = foldRange;
  table["Shape"] = table["Size"] = table["Identity"] = table["EyeLike"] = foldShape;
}
