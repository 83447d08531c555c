//===- Quantize.cpp - numbers of few bits, exactly ------------------------===//
//
// Whole numbers are computed in float, which is exact for products of bytes
// whose sums stay below 2^24.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {

/// The least and the largest number of a type.
std::optional<std::pair<double, double>> rangeOf(ElementType type) {
  switch (type) {
  case ElementType::U8:
    return std::pair(0.0, 255.0);
  case ElementType::I8:
    return std::pair(-128.0, 127.0);
  case ElementType::U16:
    return std::pair(0.0, 65535.0);
  case ElementType::I16:
    return std::pair(-32768.0, 32767.0);
  default:
    return std::nullopt;
  }
}

class Quantizer {
public:
  explicit Quantizer(Call &call) : call(call), compose(call) {}

  mlir::Value aligned(size_t i, llvm::ArrayRef<int64_t> shape, int64_t axis, int64_t block);
  mlir::Value saturated(mlir::Value x, ElementType type);
  mlir::Value distance(size_t i, size_t zero, bool isRow = false);

  Call &call;
  Compose compose;
};

} // namespace

/// Operand `i`, one number, one for each place of `axis`, or one for each block of them, so that it broadcasts to `shape`.
mlir::Value Quantizer::aligned(size_t i, llvm::ArrayRef<int64_t> shape, int64_t given, int64_t block) {
  call.useWhole(i);
  mlir::Value value = compose.number(i);
  if (!value)
    return value;
  Shape own(shapeOf(value));
  if (!llvm::is_contained(own, dynamic) && elementsOf(own) == 1)
    return compose.reshape(value, Shape(shape.size(), 1));
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (!axis)
    return {};
  if (own.size() == 1 && own[0] == shape[*axis]) {
    Shape wide(shape.size(), 1);
    wide[*axis] = own[0];
    return compose.reshape(value, wide);
  }
  bool fits = own.size() == shape.size() && block > 0 && block < (1 << 24) && shape[*axis] != dynamic &&
              own[*axis] == (shape[*axis] + block - 1) / block;
  for (size_t d = 0; fits && d < own.size(); ++d)
    fits = d == *axis || own[d] == shape[d] || own[d] == 1;
  if (!fits) {
    call.refuse("has scales or zero points " + text(own) + " for " + text(shape),
                "there is one, one for each place of the axis, or one for each block");
    return {};
  }
  Shape blocks(own), wide(own);
  blocks.insert(blocks.begin() + *axis + 1, 1);
  Shape repeated(blocks);
  repeated[*axis + 1] = block;
  wide[*axis] *= block;
  return compose.slice(compose.reshape(compose.repeat(compose.reshape(value, blocks), repeated), wide), *axis, 0, shape[*axis]);
}

mlir::Value Quantizer::saturated(mlir::Value x, ElementType type) {
  mlir::OpBuilder &builder = call.conversion.builder;
  auto range = rangeOf(type);
  return compose.map<cnn::ClipOp>(x, builder.getF64FloatAttr(range->first), builder.getF64FloatAttr(range->second));
}

/// Operand `i` less its zero point, which may be left out; a list holds one for each column, or for each row.
mlir::Value Quantizer::distance(size_t i, size_t zero, bool isRow) {
  mlir::Value x = compose.number(i), point = x && call.has(zero) ? compose.number(zero) : mlir::Value();
  if (!x || !call.has(zero) || !point)
    return call.failed() ? mlir::Value() : x;
  Shape shape(shapeOf(point));
  if (!llvm::is_contained(shape, dynamic) && elementsOf(shape) == 1)
    shape = {1};
  else if (isRow && shape.size() == 1)
    shape.push_back(1);
  return compose.sub(x, compose.reshape(point, shape));
}

/// True for the types that results are rounded and saturated to; else an error.
static bool isQuantized(Call &call, ElementType type) {
  if (!rangeOf(type))
    call.refuse("makes numbers of " + nameOf(type), "they have 8 or 16 bits");
  return !call.failed();
}

/// The nearest whole number of x / scale, halves to even, and the zero point more.
static void convertQuantize(Call &call) {
  int64_t axis = call.integer("axis", 1), block = call.integer("block_size", 0);
  auto wanted = static_cast<ElementType>(call.integer("output_dtype", 0));
  if (!call.ready(2))
    return;
  ElementType type = call.has(2) ? call.type(2) : wanted == ElementType::Undefined ? ElementType::U8 : wanted;
  if (!isQuantized(call, type))
    return;
  Quantizer quantizer(call);
  Compose &compose = quantizer.compose;
  mlir::Value x = compose.number(0), scale = x ? quantizer.aligned(1, shapeOf(x), axis, block) : x,
              whole = compose.map<cnn::RoundOp>(compose.div(x, scale));
  if (whole && call.has(2))
    whole = compose.add(whole, quantizer.aligned(2, shapeOf(x), axis, block));
  call.set(0, quantizer.saturated(whole, type), type);
}

static void convertDequantize(Call &call) {
  int64_t axis = call.integer("axis", 1), block = call.integer("block_size", 0);
  if (!call.ready(2))
    return;
  Quantizer quantizer(call);
  Compose &compose = quantizer.compose;
  mlir::Value x = compose.number(0);
  Shape shape = x ? Shape(shapeOf(x)) : Shape();
  if (x && call.has(2))
    x = compose.sub(x, quantizer.aligned(2, shape, axis, block));
  call.set(0, x ? compose.mul(x, quantizer.aligned(1, shape, axis, block)) : x, ElementType::F32);
}

/// The scale and the zero point that bytes need for all elements and for 0.
static void convertDynamicQuantize(Call &call) {
  mlir::Value x = call.ready() ? call.runtime(0) : mlir::Value();
  if (!x)
    return;
  Shape shape(shapeOf(x));
  if (llvm::is_contained(shape, dynamic))
    return call.refuse("takes the extremes of all examples of " + text(shape), "give the batch a size with --shape");
  Quantizer quantizer(call);
  Compose &compose = quantizer.compose;
  mlir::OpBuilder &builder = call.conversion.builder;
  Shape axes = llvm::to_vector<8>(llvm::seq<int64_t>(shape.size()));
  auto zero = builder.getF64FloatAttr(0);
  mlir::Value least = compose.map<cnn::ClipOp>(compose.reduce<cnn::ReduceMinOp>(x, axes), mlir::FloatAttr(), zero);
  mlir::Value most = compose.map<cnn::ClipOp>(compose.reduce<cnn::ReduceMaxOp>(x, axes), zero, mlir::FloatAttr());
  mlir::Value scale = compose.div(compose.sub(most, least), compose.splat(Shape(shape.size(), 1), 255));
  mlir::Value point =
      quantizer.saturated(compose.map<cnn::RoundOp>(compose.affine(compose.div(least, scale), -1)), ElementType::U8);
  call.set(0, quantizer.saturated(compose.add(compose.map<cnn::RoundOp>(compose.div(x, scale)), point), ElementType::U8),
           ElementType::U8);
  call.set(1, compose.reshape(scale, {}), ElementType::F32);
  call.set(2, compose.reshape(point, {}), ElementType::U8);
}

/// Zero points of the rows of the left matrix, and of the columns of the right one.
static void convertMatMulInteger(Call &call) {
  if (!call.ready(2))
    return;
  Quantizer quantizer(call);
  mlir::Value a = quantizer.distance(0, 2, /*isRow=*/true), b = a ? quantizer.distance(1, 3) : a;
  call.set(0, quantizer.compose.matmul(a, b), ElementType::I32);
}

/// a, its scale and zero point, b with the same, and those of the result.
static void convertQLinearMatMul(Call &call) {
  if (!call.ready(8))
    return;
  ElementType type = call.type(7);
  if (!isQuantized(call, type))
    return;
  Quantizer quantizer(call);
  Compose &compose = quantizer.compose;
  for (size_t i : {1, 2, 4, 5, 6, 7})
    if (Shape shape = call.shape(i); llvm::is_contained(shape, dynamic) || elementsOf(shape) != 1)
      return call.refuse("has scales or zero points " + text(shape), "there is one of each matrix");
  auto one = [&](size_t i) { return compose.reshape(compose.number(i), {1}); };
  mlir::Value product = compose.matmul(quantizer.distance(0, 2), quantizer.distance(3, 5));
  mlir::Value scaled = compose.mul(product, compose.div(compose.mul(one(1), one(4)), one(6)));
  call.set(0, quantizer.saturated(compose.add(compose.map<cnn::RoundOp>(scaled), one(7)), type), type);
}

/// The convolution of operands `x` and `w` less their zero points, which is exact; null after an error.
static mlir::Value convolve(Quantizer &quantizer, size_t x, size_t xZero, size_t w, size_t wZero) {
  Call &call = quantizer.call;
  mlir::Value input = quantizer.distance(x, xZero);
  const Tensor *weight = input ? call.constant(w, "a weight") : nullptr,
               *zero = weight && call.has(wZero) ? call.constant(wZero, "zero points") : nullptr;
  if (!weight || call.failed())
    return {};
  int64_t kernels = weight->rank() ? weight->shape()[0] : 0, points = zero ? zero->elements() : 1;
  if (kernels < 1 || weight->elements() == 0 || (points != 1 && points != kernels) || isReal(weight->type())) {
    call.refuse("has a weight " + text(weight->shape()) + " of " + nameOf(weight->type()) + " and " + llvm::Twine(points) +
                    " zero points",
                "there is one, or one for each kernel");
    return {};
  }
  std::vector<double> numbers;
  for (int64_t i = 0; i < weight->elements(); ++i)
    numbers.push_back(static_cast<double>(weight->at(i).integer -
                                          (zero ? zero->at(points == 1 ? 0 : i / (weight->elements() / kernels)).integer : 0)));
  Tensor whole(ElementType::F32, weight->shape(), std::move(numbers));
  whole.name = weight->name;
  Node node = call.node;
  node.op = "Conv", node.inputs = {call.node.outputs[0] + "#x", call.node.outputs[0] + "#w"};
  call.conversion.named[node.inputs[0]] = Value::atRuntime(input, ElementType::F32);
  call.conversion.named[node.inputs[1]] = Value::ofConstant(whole);
  Call conv(call.conversion, node);
  findConverter("", "Conv")(conv);
  return conv.results[0].runtime;
}

static void convertConvInteger(Call &call) {
  Quantizer quantizer(call);
  if (call.ready(2))
    call.set(0, convolve(quantizer, 0, 2, 1, 3), ElementType::I32);
}

/// x, w and y with their scales and zero points, then a bias of whole numbers.
static void convertQLinearConv(Call &call) {
  if (!call.ready(8))
    return;
  ElementType type = call.type(7);
  if (!isQuantized(call, type))
    return;
  Quantizer quantizer(call);
  Compose &compose = quantizer.compose;
  mlir::Value sums = convolve(quantizer, 0, 2, 3, 5);
  Shape shape = sums ? Shape(shapeOf(sums)) : Shape();
  if (sums && call.has(8))
    sums = compose.add(sums, quantizer.aligned(8, shape, 1, 0));
  if (!sums)
    return;
  mlir::Value factor = compose.div(compose.mul(quantizer.aligned(1, shape, 1, 0), quantizer.aligned(4, shape, 1, 0)),
                                   quantizer.aligned(6, shape, 1, 0));
  call.set(0,
           quantizer.saturated(
               compose.add(compose.map<cnn::RoundOp>(compose.mul(sums, factor)), quantizer.aligned(7, shape, 1, 0)), type),
           type);
}

void onnx::addQuantized(Table &table) {
  table["ConvInteger"] = convertConvInteger;
  table["QLinearConv"] = convertQLinearConv;
  table["QuantizeLinear"] = convertQuantize;
  table["DequantizeLinear"] = convertDequantize;
  table["DynamicQuantizeLinear"] = convertDynamicQuantize;
  table["MatMulInteger"] = convertMatMulInteger;
  table["QLinearMatMul"] = convertQLinearMatMul;
}
