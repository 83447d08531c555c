//===- Compose.h - operators that are several ops ----------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERT_COMPOSE_H
#define CNNC_FRONTENDS_ONNX_CONVERT_COMPOSE_H

#include "frontends/onnx/convert/Broadcast.h"

namespace cnnc::onnx {

/// Elements of a constant that a converter computes; a file may ask for 2^40.
constexpr int64_t mostComputed = int64_t(1) << 24;

/// Writes op after op. A value may be null after an error that has been
/// reported; what is made of it is null too, so that only the end need be asked.
class Compose {
public:
  explicit Compose(Call &call) : call(call) {}

  using Axes = llvm::ArrayRef<int64_t>;

  /// An op of one operand, of its shape.
  template <typename Op, typename... Args> mlir::Value map(mlir::Value x, Args &&...args) {
    return x ? call.emit<Op>(shapeOf(x), x, std::forward<Args>(args)...) : x;
  }
  /// An op of two operands, which broadcast.
  template <typename Op> mlir::Value zip(mlir::Value a, mlir::Value b) {
    return align(a, b) ? call.emit<Op>(shapeOf(a), a, b) : mlir::Value();
  }
  mlir::Value add(mlir::Value a, mlir::Value b) { return zip<cnn::AddOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return zip<cnn::SubOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return zip<cnn::MulOp>(a, b); }
  mlir::Value div(mlir::Value a, mlir::Value b) { return zip<cnn::DivOp>(a, b); }
  /// `scale · x + offset`.
  mlir::Value affine(mlir::Value x, double scale, double offset = 0);
  /// `x` where `condition`, else `otherwise`; all three broadcast.
  mlir::Value where(mlir::Value condition, mlir::Value x, mlir::Value otherwise);

  /// A reduction whose dimensions stay with size 1.
  template <typename Op> mlir::Value reduce(mlir::Value x, Axes axes) {
    return x ? call.emit<Op>(reduced(shapeOf(x), axes), x, axes) : x;
  }
  mlir::Value sum(mlir::Value x, Axes axes) { return reduce<cnn::ReduceSumOp>(x, axes); }
  /// The mean over dimensions of known sizes.
  mlir::Value mean(mlir::Value x, Axes axes);

  mlir::Value reshape(mlir::Value x, Axes shape) { return call.reshape(x, shape); }
  mlir::Value repeat(mlir::Value x, Axes shape) { return x ? onnx::repeat(call, x, shape) : x; }
  mlir::Value transpose(mlir::Value x, Axes permutation);
  /// Dimension `axis` at the end, and back.
  mlir::Value toEnd(mlir::Value x, size_t axis);
  mlir::Value fromEnd(mlir::Value x, size_t axis);
  /// Elements first … last - 1 along a dimension of known size.
  mlir::Value slice(mlir::Value x, size_t axis, int64_t first, int64_t last);
  mlir::Value concat(llvm::ArrayRef<mlir::Value> values, size_t axis);
  /// Products of matrices in the last two dimensions; leading ones broadcast.
  mlir::Value matmul(mlir::Value a, mlir::Value b);

  /// Operand `i` as numbers; of a constant that is bool or integer too, which is not trained then.
  mlir::Value number(size_t i);
  /// Operand `i` as indices; null after an error.
  mlir::Value indices(size_t i);
  mlir::Value indices(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int32_t> numbers);
  /// A constant that is not trained.
  mlir::Value constant(const Tensor &tensor) {
    return call.conversion.parameter(tensor, cnn::ParameterKind::Buffer, call.node.str());
  }
  mlir::Value constant(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values);
  mlir::Value splat(llvm::ArrayRef<int64_t> shape, double value);

  Call &call;

private:
  static Shape reduced(Axes shape, Axes axes);
  /// Repeats both to one shape; false after an error.
  bool align(mlir::Value &a, mlir::Value &b);
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERT_COMPOSE_H
