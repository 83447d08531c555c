//===- Interfaces.td - what passes need to know of an op -------*- tablegen -*-===//
//
// A pass never asks for the name of an op. It asks through these.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_DIALECTS_CNN_INTERFACES_TD
#define CNNC_DIALECTS_CNN_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Cnn_DifferentiableInterface : OpInterface<"DifferentiableInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let description = [{
    The vector-Jacobian product of an op. `passes/grad` attaches the
    implementations. An operand that needs no gradient is not asked for one.
  }];
  let methods = [
    InterfaceMethod<[{
      Builds the gradient of the loss by each operand for which
      `needsGradient` is set, from the gradients by each result (null where a
      result does not reach the loss; at least one is not null). Writes one
      value per operand into `operandGradients`; null means zero.
    }], "::llvm::LogicalResult", "buildGradient", (ins
      "::mlir::OpBuilder &":$builder,
      "::mlir::ValueRange":$resultGradients,
      "const ::llvm::BitVector &":$needsGradient,
      "::llvm::SmallVectorImpl<::mlir::Value> &":$operandGradients)>
  ];
}

def Cnn_ModalInterface : OpInterface<"ModalInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let description = [{
    An op that computes one thing in inference and another in training (batch
    norm, dropout). The front ends emit it mode-neutral; splitting the module
    into `@infer` and `@train` replaces it in each.
  }];
  let methods = [
    InterfaceMethod<"Replaces the op by what it is in inference",
      "::llvm::LogicalResult", "lowerToInference", (ins "::mlir::RewriterBase &":$rewriter)>,
    InterfaceMethod<"Replaces the op by what it is in training",
      "::llvm::LogicalResult", "lowerToTraining", (ins "::mlir::RewriterBase &":$rewriter)>
  ];
}

def Cnn_UpdateRuleInterface : OpInterface<"UpdateRuleInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let description = [{
    An optimizer's update of one parameter. Operands are, in this order: the
    parameter, its gradient, the slots, the hyper-parameters; results: the
    parameter, the slots. `cnn.optimizer "sgd"` finds the op `cnn.sgd` by name.
  }];
  let methods = [
    StaticInterfaceMethod<"State kept per parameter, in operand order; zero at the start",
      "::llvm::ArrayRef<::llvm::StringLiteral>", "getSlotNames">,
    StaticInterfaceMethod<"Run-time scalars, in operand order; lr first",
      "::llvm::ArrayRef<::llvm::StringLiteral>", "getHyperNames">,
    StaticInterfaceMethod<"PyTorch's value of each of them, in the same order; that of \"step\" is not used",
      "::llvm::ArrayRef<double>", "getHyperDefaults">
  ];
}

def Cnn_LinearInterface : OpInterface<"LinearInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let description = [{
    A layer that is linear in its kernel. Channel k of the result depends on
    `kernel[k, …]` alone, so that a factor on the one is a factor on the other.
  }];
  let methods = [
    InterfaceMethod<"The operand that is the kernel", "::mlir::OpOperand &", "getKernelMutable">
  ];
}

def Cnn_CostInterface : OpInterface<"CostInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let methods = [
    InterfaceMethod<[{
      Floating-point operations per example, a multiply-add counted as two.
    }], "int64_t", "getFlopsPerExample">
  ];
}

def Cnn_ReachInterface : OpInterface<"ReachInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let description = [{
    An op that reads zeros beyond the edges of an operand: its producer leaves
    a halo of that size.
  }];
  let methods = [
    InterfaceMethod<"How far an operand is read beyond its edges: {top, left, bottom, right}, none negative",
      "std::array<int64_t, 4>", "getReach", (ins "unsigned":$operand)>
  ];
}

/// How an op may take part in a kernel.
/// * Elementwise: each result element depends on the operands' elements at
///   the same place (a channel vector counts at its channel). Fuses anywhere.
/// * Reshape: the same elements in the same order. Takes blocks and rows, and
///   leads a kernel; elementwise consumers fuse behind it.
/// * Window: a result element depends on a bounded, static set of places of
///   its operands (pooling, padding, slicing, concatenation). May lead a
///   kernel; elementwise consumers fuse behind it.
/// * Contraction: convolution, dense and their gradients. Leads a kernel;
///   elementwise consumers fuse behind it.
/// * Reduction: needs several stages or scalar results. A kernel of its own.
/// * General: works on row-major tensors of any rank. Leads a kernel; elementwise
///   consumers fuse behind it.
def Cnn_FusionInterface : OpInterface<"FusionInterface"> {
  let cppNamespace = "::cnnc::cnn";
  let methods = [
    InterfaceMethod<"", "::cnnc::cnn::FusionKind", "getFusionKind">,
    InterfaceMethod<"True for an op that reads an element of its operand at several places of the result",
      "bool", "repeatsElements", (ins), "", "return false;">,
    InterfaceMethod<"True for an op that reads kernels of layers, which lie packed",
      "bool", "readsKernels", (ins), "", "return $_op.getFusionKind() == ::cnnc::cnn::FusionKind::Contraction;">
  ];
}

#endif // CNNC_DIALECTS_CNN_INTERFACES_TD
