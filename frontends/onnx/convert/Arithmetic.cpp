//===- Arithmetic.cpp - sums, products, and what broadcasts ---------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

namespace {
enum class Operation { Add, Sub, Mul, Div };

/// True if every size of `shape`, aligned at the end, is 1 or that of `whole`.
bool broadcastsTo(ArrayRef<int64_t> shape, ArrayRef<int64_t> whole) {
  if (shape.size() > whole.size())
    return false;
  whole = whole.take_back(shape.size());
  for (size_t i = 0; i < shape.size(); ++i)
    if (shape[i] != 1 && shape[i] != whole[i])
      return false;
  return true;
}

/// True if all sizes but the last are 1: channels, where they come last.
bool isRow(ArrayRef<int64_t> shape) {
  return !shape.empty() && llvm::all_of(shape.drop_back(), [](int64_t size) { return size == 1; });
}

/// Each of the real numbers through `function`; the name stays.
template <typename Function> Tensor mapped(const Tensor &tensor, Function function) {
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i)
    scalars.push_back({0, 0, function(tensor.at(i).real)});
  Tensor result(ElementType::F32, tensor.shape(), scalars);
  result.name = tensor.name;
  return result;
}

class Binary {
public:
  Binary(Call &call, Operation operation) : call(call), operation(operation) {}

  /// Operands `left` and `right`; null after an error.
  mlir::Value apply(const Value &left, const Value &right);

private:
  mlir::Value withScalar(mlir::Value value, double scalar, bool scalarFirst);
  mlir::Value withChannels(mlir::Value value, const Tensor &channels);
  mlir::Value plain(mlir::Value left, mlir::Value right);
  mlir::Value asRuntime(const Value &value);

  Call &call;
  Operation operation;
};

mlir::Value Binary::withScalar(mlir::Value value, double scalar, bool scalarFirst) {
  double scale = 1, offset = 0;
  switch (operation) {
  case Operation::Add:
    offset = scalar;
    break;
  case Operation::Sub:
    scale = scalarFirst ? -1 : 1;
    offset = scalarFirst ? scalar : -scalar;
    break;
  case Operation::Mul:
    scale = scalar;
    break;
  case Operation::Div:
    scale = scalarFirst ? scalar : 1 / scalar;
    value = scalarFirst ? call.emit<cnn::ReciprocalOp>(shapeOf(value), value) : value;
    break;
  }
  if (!value)
    return value;
  return call.emit<cnn::AffineOp>(shapeOf(value), value, llvm::APFloat(scale), llvm::APFloat(offset));
}

/// `value` [N, C, …] and one constant per channel, which is the second operand
/// of Sub and Div.
mlir::Value Binary::withChannels(mlir::Value value, const Tensor &channels) {
  Conversion &conversion = call.conversion;
  auto read = [&](const Tensor &tensor) { return conversion.parameter(tensor, cnn::ParameterKind::Weight, call.node.str()); };
  if (operation == Operation::Add || operation == Operation::Sub) {
    mlir::Value bias = read(operation == Operation::Add ? channels : mapped(channels, [](double x) { return -x; }));
    return bias ? call.emit<cnn::BiasOp>(shapeOf(value), value, bias) : mlir::Value();
  }
  Tensor none = Tensor::splat(ElementType::F32, channels.shape(), {});
  none.name = channels.name + ".shift";
  mlir::Value scale = read(operation == Operation::Mul ? channels : mapped(channels, [](double x) { return 1 / x; }));
  mlir::Value shift = scale ? read(none) : mlir::Value();
  return shift ? call.emit<cnn::ScaleShiftOp>(shapeOf(value), value, scale, shift) : mlir::Value();
}

mlir::Value Binary::plain(mlir::Value left, mlir::Value right) {
  ArrayRef<int64_t> shape = shapeOf(left);
  switch (operation) {
  case Operation::Add:
    return call.emit<cnn::AddOp>(shape, left, right);
  case Operation::Sub:
    return call.emit<cnn::SubOp>(shape, left, right);
  case Operation::Mul:
    return call.emit<cnn::MulOp>(shape, left, right);
  case Operation::Div:
    return call.emit<cnn::DivOp>(shape, left, right);
  }
  return {};
}

/// A constant loses leading dimensions of size 1, which broadcasting adds.
mlir::Value Binary::asRuntime(const Value &value) {
  if (value.kind == Value::Kind::Runtime)
    return value.runtime;
  ArrayRef<int64_t> shape = value.constant.shape(), kept = shape.drop_while([](int64_t size) { return size == 1; });
  Tensor constant = kept.empty() ? value.constant : value.constant.reshaped(kept);
  return call.parameter(constant);
}

mlir::Value Binary::apply(const Value &left, const Value &right) {
  bool leftRuns = left.kind == Value::Kind::Runtime, rightRuns = right.kind == Value::Kind::Runtime;
  auto shapeOfValue = [](const Value &value) {
    return value.kind == Value::Kind::Runtime ? shapeOf(value.runtime) : value.constant.shape();
  };
  ArrayRef<int64_t> leftShape = shapeOfValue(left), rightShape = shapeOfValue(right);
  // A factor of 1 / 3 is no third of an integer.
  bool isExact = operation != Operation::Div || isReal(call.type(0));
  if (std::optional<double> scalar = scalarOf(right); leftRuns && scalar && isExact && broadcastsTo(rightShape, leftShape))
    return withScalar(left.runtime, *scalar, /*scalarFirst=*/false);
  if (std::optional<double> scalar = scalarOf(left); rightRuns && scalar && isExact && broadcastsTo(leftShape, rightShape))
    return withScalar(right.runtime, *scalar, /*scalarFirst=*/true);
  // What is trained stays the parameter that it is in the file: not its negative or its reciprocal.
  bool inverts = call.conversion.trains && (operation == Operation::Sub || operation == Operation::Div);
  bool images = leftRuns ? leftShape.size() == 2 || leftShape.size() == 4 : rightShape.size() == 2 || rightShape.size() == 4;
  if (std::optional<Tensor> channels = perChannel(right, leftShape); leftRuns && channels && images && !inverts)
    return withChannels(left.runtime, *channels);
  bool commutes = operation == Operation::Add || operation == Operation::Mul;
  if (std::optional<Tensor> channels = perChannel(left, rightShape); rightRuns && channels && commutes && images)
    return withChannels(right.runtime, *channels);
  std::optional<Shape> whole = broadcast(leftShape, rightShape);
  if (!whole) {
    call.refuse("broadcasts " + text(leftShape) + " and " + text(rightShape), "sizes, aligned at the last, are equal or 1");
    return {};
  }
  Value addend = right;
  if (operation == Operation::Sub && !rightRuns && isReal(right.constant.type()) && isRow(rightShape)) {
    addend.constant = mapped(right.constant, [](double x) { return -x; });
    operation = Operation::Add;
  }
  mlir::Value a = asRuntime(left), b = a ? asRuntime(addend) : a;
  a = b ? repeat(call, a, *whole) : b;
  b = a ? repeat(call, b, *whole) : a;
  return b ? plain(a, b) : b;
}

template <Operation operation> void convertBinary(Call &call) {
  if (!call.ready(2))
    return;
  mlir::Value value = Binary(call, operation).apply(call.operand(0), call.operand(1));
  // Integers are divided towards zero.
  bool truncates = operation == Operation::Div && !isReal(call.type(0));
  call.set(0, value && truncates ? truncate(call, value) : value);
}

/// Any number of operands.
template <bool isMean> void convertSum(Call &call) {
  if (!call.ready())
    return;
  Value sum = call.operand(0);
  for (size_t i = 1; i < call.operands(); ++i) {
    sum = Value::atRuntime(Binary(call, Operation::Add).apply(sum, call.operand(i)), call.type(0));
    if (!sum.runtime)
      return;
  }
  mlir::Value value = sum.kind == Value::Kind::Runtime ? sum.runtime : call.runtime(0);
  if (value && isMean && call.operands() > 1)
    value = call.emit<cnn::AffineOp>(shapeOf(value), value, llvm::APFloat(1.0 / static_cast<double>(call.operands())),
                                     llvm::APFloat(0.0));
  call.set(0, value);
}
} // namespace

void onnx::addArithmetic(Table &table) {
  table["Add"] = convertBinary<Operation::Add>;
  table["Sub"] = convertBinary<Operation::Sub>;
  table["Mul"] = convertBinary<Operation::Mul>;
  table["Div"] = convertBinary<Operation::Div>;
  table["Sum"] = convertSum</*isMean=*/false>;
  table["Mean"] = convertSum</*isMean=*/true>;
}
