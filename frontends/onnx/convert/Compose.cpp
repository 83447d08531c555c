//===- Compose.cpp - operators that are several ops -----------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "llvm/ADT/Sequence.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

bool Compose::align(mlir::Value &a, mlir::Value &b) {
  if (!a || !b)
    return false;
  std::optional<Shape> whole = broadcast(shapeOf(a), shapeOf(b));
  if (!whole) {
    call.refuse("broadcasts " + text(shapeOf(a)) + " and " + text(shapeOf(b)), "sizes, aligned at the last, are equal or 1");
    return false;
  }
  a = repeat(a, *whole);
  b = repeat(b, *whole);
  return a && b;
}

mlir::Value Compose::affine(mlir::Value x, double scale, double offset) {
  return scale == 1 && offset == 0 ? x : map<cnn::AffineOp>(x, llvm::APFloat(scale), llvm::APFloat(offset));
}

mlir::Value Compose::where(mlir::Value condition, mlir::Value x, mlir::Value otherwise) {
  if (!align(condition, x) || !align(x, otherwise) || !align(condition, x))
    return {};
  return call.emit<cnn::WhereOp>(shapeOf(x), condition, x, otherwise);
}

Shape Compose::reduced(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  Shape kept(shape);
  for (int64_t axis : axes)
    kept[axis] = 1;
  return kept;
}

mlir::Value Compose::mean(mlir::Value x, ArrayRef<int64_t> axes) {
  double count = 1;
  for (int64_t axis : x ? axes : ArrayRef<int64_t>())
    count *= static_cast<double>(shapeOf(x)[axis]);
  return affine(sum(x, axes), 1 / count);
}

mlir::Value Compose::transpose(mlir::Value x, ArrayRef<int64_t> permutation) {
  if (!x || llvm::equal(permutation, llvm::seq<int64_t>(permutation.size())))
    return x;
  Shape result;
  for (int64_t from : permutation)
    result.push_back(shapeOf(x)[from]);
  if (shapeOf(x)[0] == dynamic && permutation[0] != 0) {
    call.refuse("transposes " + text(shapeOf(x)) + " by " + text(permutation), "the batch stays the first dimension");
    return {};
  }
  return call.emit<cnn::TransposeOp>(result, x, permutation);
}

mlir::Value Compose::toEnd(mlir::Value x, size_t axis) {
  if (!x)
    return x;
  Shape order = llvm::to_vector<8>(llvm::seq<int64_t>(shapeOf(x).size()));
  std::rotate(order.begin() + axis, order.begin() + axis + 1, order.end());
  return transpose(x, order);
}

mlir::Value Compose::fromEnd(mlir::Value x, size_t axis) {
  if (!x)
    return x;
  Shape order = llvm::to_vector<8>(llvm::seq<int64_t>(shapeOf(x).size()));
  std::rotate(order.begin() + axis, order.end() - 1, order.end());
  return transpose(x, order);
}

mlir::Value Compose::slice(mlir::Value x, size_t axis, int64_t first, int64_t last) {
  if (!x || (first == 0 && last == shapeOf(x)[axis]))
    return x;
  Shape shape(shapeOf(x));
  if (axis == 0) { // a slice leaves the first dimension alone: another goes before it
    Shape inner(shape);
    inner.insert(inner.begin(), 1);
    shape[0] = last - first;
    return reshape(slice(reshape(x, inner), 1, first, last), shape);
  }
  Shape start(shape.size() - 1, 0), stop(shape.begin() + 1, shape.end()), step(shape.size() - 1, 1);
  start[axis - 1] = first;
  stop[axis - 1] = last;
  shape[axis] = last - first;
  return call.emit<cnn::SliceOp>(shape, x, ArrayRef<int64_t>(start), ArrayRef<int64_t>(stop), ArrayRef<int64_t>(step));
}

mlir::Value Compose::concat(ArrayRef<mlir::Value> values, size_t axis) {
  if (llvm::is_contained(values, mlir::Value()))
    return {};
  Shape shape(shapeOf(values.front()));
  shape[axis] = 0;
  for (mlir::Value value : values)
    shape[axis] += shapeOf(value)[axis];
  return values.size() == 1 ? values.front()
                            : call.emit<cnn::ConcatOp>(shape, mlir::ValueRange(values), static_cast<uint64_t>(axis));
}

mlir::Value Compose::matmul(mlir::Value a, mlir::Value b) {
  if (!a || !b)
    return {};
  auto leading = [](mlir::Value value) { return shapeOf(value).drop_back(2); };
  auto matrix = [](mlir::Value value) { return shapeOf(value).take_back(2); };
  bool areMatrices = shapeOf(a).size() >= 2 && shapeOf(b).size() >= 2;
  std::optional<Shape> whole = areMatrices ? broadcast(leading(a), leading(b)) : std::nullopt;
  if (!whole || matrix(a)[1] != matrix(b)[0] || llvm::is_contained(matrix(a), dynamic) ||
      llvm::is_contained(matrix(b), dynamic)) {
    call.refuse("multiplies " + text(shapeOf(a)) + " by " + text(shapeOf(b)),
                "matrices [M, K] and [K, J], and the batch is a leading dimension");
    return {};
  }
  auto repeated = [&](mlir::Value value) {
    Shape shape(*whole);
    llvm::append_range(shape, matrix(value));
    return repeat(value, shape);
  };
  a = repeated(a);
  if (shapeOf(b).size() > 2)
    b = repeated(b);
  Shape result(*whole);
  if (!a || !b)
    return {};
  result.append({matrix(a)[0], matrix(b)[1]});
  return call.emit<cnn::MatmulOp>(result, a, b, mlir::UnitAttr(), mlir::UnitAttr());
}

//===----------------------------------------------------------------------===//
// Operands and constants
//===----------------------------------------------------------------------===//

mlir::Value Compose::number(size_t i) {
  return call.isConstant(i) && !isReal(call.operand(i).constant.type()) ? constant(call.operand(i).constant) : call.runtime(i);
}

mlir::Value Compose::indices(ArrayRef<int64_t> shape, ArrayRef<int32_t> numbers) {
  mlir::OpBuilder &builder = call.conversion.builder;
  if (shape.size() == 1)
    return cnn::ConstantOp::create(builder, call.location(), builder.getI32TensorAttr(numbers));
  // A list is part of the code; all else lies with the parameters, as floats.
  constexpr int32_t exact = 1 << 24;
  std::vector<double> values(numbers.begin(), numbers.end());
  if (llvm::any_of(numbers, [](int32_t number) { return number > exact || number < -exact; })) {
    call.refuse("has an index beyond 2^24", "indices lie within the dimension");
    return {};
  }
  return constant(shape, values);
}

mlir::Value Compose::indices(size_t i) {
  if (!call.isConstant(i))
    return call.runtime(i);
  const Tensor &tensor = call.operand(i).constant;
  constexpr int64_t most = int64_t(1) << 20;
  if (tensor.isSymbolic() || tensor.elements() > most || tensor.elements() == 0) {
    call.refuse("has " + llvm::Twine(tensor.elements()) + " constant indices, or such that depend on the batch",
                "at most " + llvm::Twine(most) + ", and at least one");
    return {};
  }
  llvm::SmallVector<int32_t> numbers;
  for (int64_t j = 0; j < tensor.elements(); ++j) {
    Scalar scalar = tensor.at(j);
    int64_t number = isReal(tensor.type()) ? static_cast<int64_t>(std::clamp(scalar.real, -0x1p31, 0x1p31 - 1)) : scalar.integer;
    numbers.push_back(static_cast<int32_t>(std::clamp<int64_t>(number, INT32_MIN, INT32_MAX)));
  }
  return indices(tensor.shape(), numbers);
}

mlir::Value Compose::constant(ArrayRef<int64_t> shape, ArrayRef<double> values) {
  std::vector<Scalar> scalars;
  scalars.reserve(values.size());
  for (double value : values)
    scalars.push_back({0, 0, value});
  return constant(Tensor(ElementType::F32, shape, scalars));
}

mlir::Value Compose::splat(ArrayRef<int64_t> shape, double value) {
  return constant(Tensor::splat(ElementType::F32, shape, {0, 0, value}));
}
