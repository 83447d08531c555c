//===- Pipeline.cpp - the pipeline on one page ----------------------------===//

#include "compiler/Pipeline.h"
#include "compiler/codegen/Level.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"
#include "passes/lower/Lower.h"

using namespace cnnc;

static constexpr llvm::StringLiteral names[] = {"cnn", "grad", "plan", "tiled", "llvm", "asm", "header"};

llvm::ArrayRef<llvm::StringLiteral> cnnc::stageNames() { return names; }

std::optional<Stage> cnnc::stageOf(llvm::StringRef name) {
  for (size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name)
      return static_cast<Stage>(i);
  return std::nullopt;
}

/// One function per stage adds the passes that lead to it from the stage before.
static void addGrad(mlir::PassManager &passes, const Level &) {
  passes.addPass(createSimplifyPass());
  passes.addPass(createAbsorbTransposesPass());
  passes.addPass(createSimplifyPass());
  passes.addPass(createSplitPass());
  passes.addPass(createFoldBatchnormPass());
  passes.addPass(createDifferentiatePass());
  passes.addPass(createBuildUpdatePass());
  passes.addPass(mlir::createCSEPass());
  passes.addPass(createRecomputePass());
  passes.addPass(createFoldBatchnormPass());
}
static void addPlan(mlir::PassManager &passes, const Level &) { passes.addPass(createFusePass()); }
static void addTiled(mlir::PassManager &passes, const Level &level) {
  passes.addPass(createTilePass({level.registerLanes, level.registers}));
}

llvm::LogicalResult cnnc::runPipeline(mlir::ModuleOp module, Stage from, Stage to, const Level &level) {
  static constexpr std::pair<Stage, void (*)(mlir::PassManager &, const Level &)> stages[] = {
      {Stage::Grad, addGrad}, {Stage::Plan, addPlan}, {Stage::Tiled, addTiled}};
  mlir::PassManager passes(module.getContext());
  for (auto [stage, add] : stages)
    if (from < stage && stage <= to)
      add(passes, level);
  return passes.run(module);
}

llvm::LogicalResult cnnc::planMemory(mlir::ModuleOp module) {
  mlir::PassManager passes(module.getContext());
  passes.addPass(createPlanMemoryPass());
  return passes.run(module);
}

llvm::LogicalResult cnnc::nameKernels(mlir::ModuleOp module) {
  mlir::PassManager passes(module.getContext());
  passes.addPass(createNameKernelsPass());
  return passes.run(module);
}

llvm::LogicalResult cnnc::lowerToLLVM(mlir::ModuleOp module) {
  mlir::PassManager passes(module.getContext());
  // Upstream's conversions are many: what they leave is verified once.
  passes.enableVerifier(false);
  passes.addPass(createLowerPass());
  buildToLLVMPipeline(passes);
  return llvm::failure(failed(passes.run(module)) || failed(mlir::verify(module)));
}
