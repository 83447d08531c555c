//===- Passes.td - the passes, in pipeline order ---------------*- tablegen -*-===//
//
// The table of contents of passes/. docs/architecture.md says what a module
// looks like between the stages; each pass says what it requires and leaves.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_PASSES_PASSES_TD
#define CNNC_PASSES_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// graph: what is computed, per mode
//===----------------------------------------------------------------------===//

def SimplifyPass : Pass<"cnnc-simplify", "::mlir::ModuleOp"> {
  let summary = "Removes ops that do nothing and merges those that are one";
  let description = [{
    Rewrites without changing a value beyond rounding: pads and slices of
    nothing, reshapes of reshapes, transposes of transposes, affine maps of affine
    maps, dropout with ratio 0, concatenations of one, pads of zeros in front of
    convolutions, sums over places, and one number for each channel where it is
    added or multiplied.
  }];
  let statistics = [Statistic<"rewrites", "rewrites", "functions changed">];
}

def AbsorbTransposesPass : Pass<"cnnc-absorb-transposes", "::mlir::ModuleOp"> {
  let summary = "Brings channel-last regions into the order of the convolutions between them";
  let description = [{
    A region is what is connected by ops that any order of dimensions suits:
    elementwise ops, concatenation, pads, slices, reductions, broadcasts
    (PermutableInterface). If its tensors in another order need fewer elements
    to be moved at its borders, counting what transposes there move, it gets
    that order.
  }];
  let statistics = [
    Statistic<"permuted", "permuted", "regions brought into another order">,
    Statistic<"absorbed", "absorbed", "transposes that are gone">
  ];
}

def SplitPass : Pass<"cnnc-split", "::mlir::ModuleOp"> {
  let summary = "Makes @infer and @train out of @forward and @loss";
  let description = [{
    `@infer` is `@forward` in inference mode. `@train` exists where `@loss`
    does: it takes the inputs, then the targets, runs `@forward` in training
    mode, then the loss, which it returns; cross entropy over the logarithm of
    a softmax reads the softmax's input instead. Ops that differ between the modes
    say so by ModalInterface. `@forward` and `@loss` are gone afterwards.
  }];
}

//===----------------------------------------------------------------------===//
// grad: derivatives and updates
//===----------------------------------------------------------------------===//

def DifferentiatePass : Pass<"cnnc-differentiate", "::mlir::ModuleOp"> {
  let summary = "Completes @train with the gradients of parameters and inputs";
  let description = [{
    Requires the `@train` of cnnc-split. Phase "loss" is what is there; phase
    "backward" ends in one `cnn.add_gradient` per trainable parameter that the
    loss depends on; phase "input_gradient" computes what the inputs'
    gradients need beyond that. `@train` returns the loss, then the gradient
    of each input that holds floating-point numbers. Gradients come from
    DifferentiableInterface; an op without one on the way to a trainable
    parameter or an input is an error.
  }];
}

def BuildUpdatePass : Pass<"cnnc-build-update", "::mlir::ModuleOp"> {
  let summary = "Writes @update from the optimizer of the module";
  let description = [{
    Per trainable parameter `@update` reads the parameter, its gradient and its
    slots, applies the op that `cnn.optimizer` names, and writes the results.
    Slots become `cnn.parameter`s named `<slot>/<parameter>`; `cnn.optimizer`
    gets the defaults of the hyper-parameters that it does not mention. Where
    it says so, gradients are first clipped by their common norm or by value.
  }];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def RecomputePass : Pass<"cnnc-recompute", "::mlir::ModuleOp"> {
  let summary = "Computes cheap values of @train again instead of keeping them";
  let description = [{
    Requires the phases of cnnc-differentiate. A value of phase "loss" that is
    used behind it has to be kept until then, unless it is elementwise and its
    operands are kept anyway: such a value is computed again in front of its
    first use there. Merging equal ops would undo it: that has to come before.
  }];
  let statistics = [Statistic<"recomputed", "recomputed", "values computed again in the backward pass">];
}

//===----------------------------------------------------------------------===//
// graph, once more: what inference can know ahead
//===----------------------------------------------------------------------===//

def FoldBatchnormPass : Pass<"cnnc-fold-batchnorm", "::mlir::ModuleOp"> {
  let summary = "Folds the batch norms of @infer into parameters that @prepare computes";
  let description = [{
    Behind a layer that is linear in its kernel (LinearInterface), with or
    without a bias, and whose result goes nowhere else, a batch norm becomes a
    factor on the kernel and a bias. Elsewhere it becomes `cnn.scale_shift`. The new
    kernels, biases, scales and shifts are parameters of the kind `derived`,
    named after what they come from: `conv1.weight/folded`. `@prepare` writes
    them; it exists if there is a batch norm.
  }];
  let statistics = [
    Statistic<"folded", "folded", "batch norms that became part of a kernel and a bias">,
    Statistic<"rescaled", "rescaled", "batch norms that became a scale and a shift">
  ];
}

//===----------------------------------------------------------------------===//
// fuse: kernels, their layouts, the order of launches
//===----------------------------------------------------------------------===//

def FusePass : Pass<"cnnc-fuse", "::mlir::ModuleOp"> {
  let summary = "Cuts functions into kernels and programs";
  let description = [{
    Every function becomes a `plan.program`; its ops move into `plan.kernel`s.
    A kernel has a leader (contraction, window or reduction), behind which the
    elementwise ops on its result are fused, or consists of elementwise ops
    alone. Equal kernels are shared. Every value gets a layout.
  }];
  let dependentDialects = ["::cnnc::plan::PlanDialect"];
  let statistics = [
    Statistic<"kernels", "kernels", "distinct kernels">,
    Statistic<"launches", "launches", "launches in all programs">,
    Statistic<"fused", "fused", "elementwise ops fused behind a leader">
  ];
}

//===----------------------------------------------------------------------===//
// tile: loops and vectors
//===----------------------------------------------------------------------===//

def TilePass : Pass<"cnnc-tile", "::mlir::ModuleOp"> {
  let summary = "Turns the ops of every kernel into stages of loops and vectors";
  let description = [{
    Requires kernels of cnn ops; leaves kernels of `plan.stage`s on memrefs,
    with vectors of 16 lanes. The op that leads a kernel emits it
    (KernelEmitterInterface).
  }];
  let options = [
    Option<"registerLanes", "register-lanes", "int64_t", "8", "f32 lanes of a vector register">,
    Option<"registers", "registers", "int64_t", "16", "vector registers">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::cnnc::plan::PlanDialect"];
}

//===----------------------------------------------------------------------===//
// lower: memory and machine code's last form in MLIR
//===----------------------------------------------------------------------===//

def PlanMemoryPass : Pass<"cnnc-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Gives every argument of every launch an address";
  let description = [{
    Requires tiled kernels, since those know their scratch. Parameters get an
    offset in the packed block (`plan.offset`), trainable ones first. A result
    that the program yields lies in the caller's memory, one that is written
    to a parameter or added to a gradient lies there, all others in the arena,
    placed by their lifetimes. The module gets `plan.infer_memory` and
    `plan.train_memory` = [fixed, per example], `plan.parameter_bytes` and
    `plan.gradient_bytes`, all in bytes.
  }];
}

def NameKernelsPass : Pass<"cnnc-name-kernels", "::mlir::ModuleOp"> {
  let summary = "Names kernels after the hash of their content; equal ones become one";
  let description = [{
    `@conv_bias_1` becomes `@conv_bias.<hash>`, in whatever network it is: what
    was generated for a name can be used for it again.
  }];
}

def LowerPass : Pass<"cnnc-lower", "::mlir::ModuleOp"> {
  let summary = "Turns kernels and programs into functions";
  let description = [{
    Requires tiled kernels and planned memory. Leaves functions alone: two per
    stage, and the programs of runtime/include/cnnc/abi.h, `@train` as `@loss`,
    `@backward` and `@input_gradient`. Of a kernel with the attribute
    `plan.compiled` the functions that programs refer to are declared.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect", "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def VerifyLoweredPass : Pass<"cnnc-verify-lowered", "::mlir::ModuleOp"> {
  let summary = "Fails unless nothing but the LLVM dialect is left";
}

#endif // CNNC_PASSES_PASSES_TD
