//===- Registration.cpp - dialects and passes of the tools ----------------===//

#include "compiler/Registration.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/plan/Plan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"
#include "passes/grad/Gradients.h"
#include "passes/graph/Permutable.h"
#include "passes/lower/Lower.h"
#include "passes/tile/Emitters.h"

void cnnc::registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<cnn::CnnDialect, plan::PlanDialect, mlir::arith::ArithDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect,
                  mlir::math::MathDialect, mlir::memref::MemRefDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
  registerPermutables(registry);
  registerGradients(registry);
  tile::registerEmitters(registry);
}

void cnnc::registerPasses() {
  registerCnncPasses();
  mlir::PassPipelineRegistration<>("cnnc-to-llvm", "Turns the functions of cnnc-lower into the LLVM dialect",
                                   buildToLLVMPipeline);
  mlir::registerTransformsPasses();
}
