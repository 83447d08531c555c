//===- Codegen.cpp - translation, optimization, object files --------------===//

#include "compiler/codegen/Codegen.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "passes/lower/Lower.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"

using namespace llvm;

namespace cnnc {
namespace {

constexpr char triple[] = "x86_64-unknown-linux-gnu";

Expected<std::unique_ptr<TargetMachine>> createMachine(const Level &level) {
  std::string error;
  Triple target(triple);
  const Target *backend = TargetRegistry::lookupTarget(target, error);
  if (!backend)
    return createStringError("LLVM cannot compile for " + Twine(triple) + ": " + error);
  TargetOptions options;
  options.FunctionSections = true;
  options.DataSections = true;
  return std::unique_ptr<TargetMachine>(
      backend->createTargetMachine(target, level.cpu, "", options, Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
}

void optimize(Module &module, TargetMachine &machine, Sanitizer sanitizer) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  // Emitters write vectors and unroll where it pays; LLVM would look again for the same in vain, for a third of the time.
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.LoopInterleaving = tuning.SLPVectorization = tuning.LoopUnrolling = false;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  if (sanitizer != Sanitizer::None)
    builder.registerOptimizerLastEPCallback([&](ModulePassManager &passes, OptimizationLevel, ThinOrFullLTOPhase) {
      if (sanitizer == Sanitizer::Thread) {
        passes.addPass(ModuleThreadSanitizerPass());
        passes.addPass(createModuleToFunctionPassAdaptor(ThreadSanitizerPass()));
      } else {
        // Without tables of globals by section: those do not survive a relocatable link.
        passes.addPass(AddressSanitizerPass(AddressSanitizerOptions(), /*UseGlobalGC=*/false));
      }
    });
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3).run(module, modules);
}

} // namespace

void initializeCodegen() {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
}

Expected<std::unique_ptr<Module>> translate(mlir::ModuleOp module, const Level &level, Sanitizer sanitizer,
                                            LLVMContext &context) {
  mlir::registerBuiltinDialectTranslation(*module->getContext());
  mlir::registerLLVMDialectTranslation(*module->getContext());
  std::unique_ptr<Module> result = mlir::translateModuleToLLVMIR(module, context, "cnnc" + level.suffix());
  if (!result)
    return createStringError("internal error: the lowered module has no translation to LLVM IR");
  result->setTargetTriple(Triple(triple));
  Expected<std::unique_ptr<TargetMachine>> machine = createMachine(level);
  if (!machine)
    return machine.takeError();
  result->setDataLayout((*machine)->createDataLayout());
  // Levels share a library; cutting it into parts makes internal symbols hidden ones.
  for (GlobalVariable &variable : result->globals())
    variable.setName(variable.getName() + level.suffix());
  for (Function &function : *result) {
    if (function.isDeclaration() && unitOfFunction(function.getName()).empty())
      continue;
    function.setName(function.getName() + level.suffix());
    if (!function.hasLocalLinkage())
      function.setVisibility(GlobalValue::HiddenVisibility);
    function.addFnAttr("target-cpu", level.cpu);
    function.addFnAttr("tune-cpu", level.tune);
    // LLVM prefers 256 bits on some processors with AVX-512; the tiles want 512.
    if (level.registerLanes == 16) {
      function.addFnAttr("prefer-vector-width", "512");
      function.addFnAttr("min-legal-vector-width", "512");
    }
    function.addFnAttr("frame-pointer", "none");
    function.addFnAttr(Attribute::NoUnwind);
    if (sanitizer == Sanitizer::Thread)
      function.addFnAttr(Attribute::SanitizeThread);
    if (sanitizer == Sanitizer::Address)
      function.addFnAttr(Attribute::SanitizeAddress);
  }
  return result;
}

Expected<Bytes> generate(Module &module, const Level &level, Sanitizer sanitizer, bool assembly) {
  Expected<std::unique_ptr<TargetMachine>> machine = createMachine(level);
  if (!machine)
    return machine.takeError();
  module.setTargetTriple(Triple(triple));
  module.setDataLayout((*machine)->createDataLayout());
  optimize(module, **machine, sanitizer);
  Bytes bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr,
                                      assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile))
    return createStringError("internal error: LLVM writes no object files for " + Twine(triple));
  passes.run(module);
  return bytes;
}

} // namespace cnnc
