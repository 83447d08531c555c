//===- NameKernels.cpp - a kernel's name says its content -----------------===//

#include "dialects/plan/Plan.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Threading.h"
#include "passes/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace mlir;

namespace cnnc {
#define GEN_PASS_DEF_NAMEKERNELSPASS
#include "passes/Passes.h.inc"

namespace {

/// Without the number that tells kernels of one kind apart.
StringRef kindOf(StringRef kernel) {
  auto [kind, number] = kernel.rsplit('_');
  return !number.empty() && llvm::all_of(number, llvm::isDigit) ? kind : kernel;
}

/// The kind and 128 bits of the hash of everything but the name, in hexadecimal digits.
std::string nameOf(plan::KernelOp kernel) {
  StringRef kind = kindOf(kernel.getSymName());
  kernel.setSymName(kind);
  std::string text;
  llvm::raw_string_ostream stream(text);
  // Nothing that the text refers to may stand outside.
  AsmState state(kernel, OpPrintingFlags().useLocalScope().assumeVerified());
  kernel->print(stream, state);
  auto hash = llvm::BLAKE3::hash<16>(llvm::arrayRefFromStringRef(text));
  return (kind + "." + llvm::toHex(hash, /*LowerCase=*/true)).str();
}

struct NameKernelsPass : impl::NameKernelsPassBase<NameKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<plan::KernelOp> kernels(module.getOps<plan::KernelOp>());
    llvm::StringMap<size_t> numbers;
    for (auto [i, kernel] : llvm::enumerate(kernels))
      numbers[kernel.getSymName()] = i;
    SmallVector<std::string> names(kernels.size());
    parallelFor(&getContext(), 0, kernels.size(), [&](size_t i) { names[i] = nameOf(kernels[i]); });
    for (auto program : module.getOps<plan::ProgramOp>())
      for (auto launch : program.getOps<plan::LaunchOp>())
        launch.setKernel(names[numbers.lookup(launch.getKernel())]);
    llvm::StringMap<bool> known;
    for (auto [kernel, name] : llvm::zip_equal(kernels, names)) {
      kernel.setSymName(name);
      if (!known.try_emplace(name).second)
        kernel.erase();
    }
  }
};

} // namespace
} // namespace cnnc
