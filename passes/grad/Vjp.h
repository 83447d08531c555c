//===- Vjp.h - what the gradient of an op is written with --------*- C++ -*-===//
//
// A gradient is a function of the op and a Vjp: it asks which operands need
// one, builds it from the gradients of the results, and sets it.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_PASSES_GRAD_VJP_H
#define CNNC_PASSES_GRAD_VJP_H

#include "dialects/cnn/Cnn.h"

namespace cnnc {

/// A vector-Jacobian product under construction.
class Vjp {
public:
  Vjp(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ValueRange resultGradients, const llvm::BitVector &needsGradient,
      llvm::SmallVectorImpl<mlir::Value> &operandGradients)
      : builder(builder), op(op), resultGradients(resultGradients), needsGradient(needsGradient),
        operandGradients(operandGradients) {}

  /// The gradient by a result; null if only others reach the loss.
  mlir::Value resultGradient(unsigned i = 0) const { return resultGradients[i]; }
  bool needs(unsigned operand) const { return needsGradient[operand]; }
  void set(unsigned operand, mlir::Value gradient) { operandGradients[operand] = gradient; }

  /// Builds an op at the place of the forward op; its first result.
  template <typename OpTy, typename... Args> mlir::Value create(Args &&...args) {
    return OpTy::create(builder, op->getLoc(), std::forward<Args>(args)...)->getResult(0);
  }
  /// A constant tensor of one value per channel.
  mlir::Value constant(mlir::RankedTensorType type, llvm::ArrayRef<double> values);
  mlir::OpBuilder &getBuilder() { return builder; }

  // Elementwise ops, of the type of their first operand.
  /// An op of operands alone: `apply<cnn::MulOp>(x, y)`.
  template <typename OpTy, typename... Operands> mlir::Value apply(mlir::Value x, Operands... more) {
    return create<OpTy>(x.getType(), x, more...);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y);
  /// `scale · x + offset` by constants.
  mlir::Value affine(mlir::Value x, double scale, double offset);
  /// `x · scale[c]`
  mlir::Value scaleChannels(mlir::Value x, mlir::Value scale);

private:
  mlir::OpBuilder &builder;
  mlir::Operation *op;
  mlir::ValueRange resultGradients;
  const llvm::BitVector &needsGradient;
  llvm::SmallVectorImpl<mlir::Value> &operandGradients;
};

/// Gives `OpTy` the gradient `function(op, vjp)`, which returns nothing or a
/// LogicalResult.
template <typename OpTy, auto function>
struct Gradient : cnn::DifferentiableInterface::ExternalModel<Gradient<OpTy, function>, OpTy> {
  llvm::LogicalResult buildGradient(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange resultGradients,
                                    const llvm::BitVector &needsGradient,
                                    llvm::SmallVectorImpl<mlir::Value> &operandGradients) const {
    Vjp vjp(builder, op, resultGradients, needsGradient, operandGradients);
    if constexpr (std::is_void_v<decltype(function(llvm::cast<OpTy>(op), vjp))>) {
      function(llvm::cast<OpTy>(op), vjp);
      return llvm::success();
    } else {
      return function(llvm::cast<OpTy>(op), vjp);
    }
  }
};
template <typename OpTy, auto function> void attachGradient(mlir::MLIRContext *context) {
  OpTy::template attachInterface<Gradient<OpTy, function>>(*context);
}

/// One function per family of ops, each in the file of its name.
void attachActivationGradients(mlir::MLIRContext *);
void attachArithmeticGradients(mlir::MLIRContext *);
void attachConvGradients(mlir::MLIRContext *);
void attachElementwiseGradients(mlir::MLIRContext *);
void attachFunctionGradients(mlir::MLIRContext *);
void attachImageNormGradients(mlir::MLIRContext *);
void attachGeneralGradients(mlir::MLIRContext *);
void attachIndexGradients(mlir::MLIRContext *);
void attachLossGradients(mlir::MLIRContext *);
void attachNormGradients(mlir::MLIRContext *);
void attachPoolGradients(mlir::MLIRContext *);
void attachRearrangeGradients(mlir::MLIRContext *);
void attachResampleGradients(mlir::MLIRContext *);
void attachShapeGradients(mlir::MLIRContext *);

} // namespace cnnc

#endif // CNNC_PASSES_GRAD_VJP_H
