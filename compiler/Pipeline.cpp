//===- Pipeline.cpp - the pipeline on one page ----------------------------===//

#include "compiler/Pipeline.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace cnnc;

static constexpr llvm::StringLiteral names[] = {"cnn", "grad", "plan", "tiled"};

llvm::ArrayRef<llvm::StringLiteral> cnnc::stageNames() { return names; }

std::optional<Stage> cnnc::stageOf(llvm::StringRef name) {
  for (size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name)
      return static_cast<Stage>(i);
  return std::nullopt;
}

/// One function per stage adds the passes that lead to it from the stage before.
static void addGrad(mlir::PassManager &passes) {
  passes.addPass(createSimplifyPass());
  passes.addPass(createSplitPass());
  passes.addPass(createDifferentiatePass());
  passes.addPass(createBuildUpdatePass());
  passes.addPass(mlir::createCSEPass());
}
static void addPlan(mlir::PassManager &passes) { passes.addPass(createFusePass()); }
static void addTiled(mlir::PassManager &passes) { passes.addPass(createTilePass()); }

llvm::LogicalResult cnnc::runPipeline(mlir::ModuleOp module, const Options &options) {
  static constexpr std::pair<Stage, void (*)(mlir::PassManager &)> stages[] = {
      {Stage::Grad, addGrad}, {Stage::Plan, addPlan}, {Stage::Tiled, addTiled}};
  mlir::PassManager passes(module.getContext());
  for (auto [stage, add] : stages)
    if (stage <= options.emit)
      add(passes);
  return passes.run(module);
}
