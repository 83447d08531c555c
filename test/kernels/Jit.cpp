//===- Jit.cpp - stages of tiled kernels as functions ---------------------===//

#include "test/kernels/Jit.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;

namespace cnnc::test {

/// The stage as a function of the kernel's arguments and its own.
static void outline(OpBuilder &b, plan::KernelOp kernel, plan::StageOp stage, StringRef name) {
  Block &outer = kernel.getBody().front(), &inner = stage.getBody().front();
  SmallVector<Type> types(outer.getArgumentTypes());
  llvm::append_range(types, inner.getArgumentTypes());
  auto function = func::FuncOp::create(b, stage.getLoc(), name, b.getFunctionType(types, {}));
  function->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(), b.getUnitAttr());
  Block &body = *function.addEntryBlock();
  IRMapping mapping;
  mapping.map(outer.getArguments(), body.getArguments().take_front(outer.getNumArguments()));
  mapping.map(inner.getArguments(), body.getArguments().drop_front(outer.getNumArguments()));
  OpBuilder into = OpBuilder::atBlockEnd(&body);
  for (Operation &op : inner.without_terminator())
    into.clone(op, mapping);
  func::ReturnOp::create(into, stage.getLoc());
}

static LogicalResult lower(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createLoopInvariantCodeMotionPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  return passes.run(module);
}

std::unique_ptr<ExecutionEngine> compile(ModuleOp module, SmallVectorImpl<CompiledKernel> &kernels, StringRef cpu) {
  module.getContext()->loadDialect<func::FuncDialect>();
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<plan::KernelOp> tiled(module.getOps<plan::KernelOp>());
  auto nameOf = [](unsigned kernel, unsigned stage) { return ("kernel" + Twine(kernel) + "_" + Twine(stage)).str(); };
  for (auto [i, kernel] : llvm::enumerate(tiled)) {
    CompiledKernel &compiled = kernels.emplace_back();
    for (Type type : kernel.getBody().front().getArgumentTypes())
      compiled.arguments.push_back(cast<MemRefType>(type));
    for (plan::StageOp stage : kernel.getBody().getOps<plan::StageOp>()) {
      outline(b, kernel, stage, nameOf(i, compiled.stages.size()));
      compiled.stages.push_back({int64_t(stage.getTasksPerExample()), int64_t(stage.getTasksFixed()), nullptr});
    }
  }
  for (plan::KernelOp kernel : tiled)
    kernel.erase();
  if (failed(lower(module)))
    return nullptr;

  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  ExecutionEngineOptions options;
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::unique_function<llvm::Error(llvm::Module *)> optimize;
  if (!cpu.empty()) {
    auto target =
        llvm::orc::JITTargetMachineBuilder(llvm::Triple(llvm::sys::getProcessTriple())).setCPU(cpu.str()).createTargetMachine();
    if (!target) {
      module.emitError("has no target: ") << llvm::toString(target.takeError());
      return nullptr;
    }
    machine = std::move(*target);
    optimize = makeOptimizingTransformer(3, 0, machine.get());
    options.transformer = optimize;
    options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::Aggressive;
    options.enableObjectDump = true;
  }
  auto engine = ExecutionEngine::create(module, options, std::move(machine));
  if (!engine) {
    module.emitError("does not compile: ") << llvm::toString(engine.takeError());
    return nullptr;
  }
  for (auto [i, kernel] : llvm::enumerate(kernels))
    for (auto [j, stage] : llvm::enumerate(kernel.stages)) {
      auto function = (*engine)->lookupPacked("_mlir_ciface_" + nameOf(i, j));
      if (!function) {
        module.emitError("has no stage: ") << llvm::toString(function.takeError());
        return nullptr;
      }
      stage.function = *function;
    }
  return std::move(*engine);
}

} // namespace cnnc::test
