//===- Lower.cpp - kernels and programs to the LLVM dialect ---------------===//

#include "passes/lower/Lower.h"
#include "dialects/cnn/Cnn.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_LOWERPASS
#define GEN_PASS_DEF_VERIFYLOWEREDPASS
#include "passes/Passes.h.inc"

// memref.fold-memref-alias-ops is left out on purpose: it miscompiles reads
// through memref.expand_shape.
void buildToLLVMPipeline(OpPassManager &passes) {
  // Function by function, on as many threads as the context has.
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createLoopInvariantCodeMotionPass());
  functions.addPass(createConvertVectorToSCFPass(VectorTransferToSCFOptions().enableFullUnroll()));
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createLowerAffinePass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createLoopInvariantCodeMotionPass());
  functions.addPass(createSCFToControlFlowPass());
  ConvertVectorToLLVMPassOptions vectors;
  vectors.vectorContractLowering = vector::VectorContractLowering::OuterProduct;
  functions.addPass(createConvertVectorToLLVMPass(vectors));
  functions.addPass(createConvertMathToLLVMPass());
  functions.addPass(createArithToLLVMConversionPass());
  functions.addPass(createConvertIndexToLLVMPass());
  functions.addPass(createUBToLLVMConversionPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.nest<LLVM::LLVMFuncOp>().addPass(createReconcileUnrealizedCastsPass());
  passes.addPass(createVerifyLoweredPass());
}

LogicalResult verifyLowered(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    if (op == module || isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()))
      return WalkResult::advance();
    op->emitOpError("is left after lowering: its emitter wrote something that has no translation to LLVM");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

namespace {

struct LowerPass : impl::LowerPassBase<LowerPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(lowerPrograms(module)) || failed(lowerKernels(module)))
      return signalPassFailure();
    for (Operation &op : llvm::make_early_inc_range(module.getOps()))
      if (isa_and_nonnull<cnn::CnnDialect>(op.getDialect()))
        op.erase();
  }
};

struct VerifyLoweredPass : impl::VerifyLoweredPassBase<VerifyLoweredPass> {
  void runOnOperation() override {
    if (failed(verifyLowered(getOperation())))
      signalPassFailure();
  }
};

} // namespace
} // namespace cnnc
