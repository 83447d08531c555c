//===- Jit.h - stages of tiled kernels as functions --------------*- C++ -*-===//

#ifndef CNNC_TEST_KERNELS_JIT_H
#define CNNC_TEST_KERNELS_JIT_H

#include "dialects/plan/Plan.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/BuiltinOps.h"

namespace cnnc::test {

/// One stage of a compiled kernel.
struct Stage {
  int64_t tasksPerExample, tasksFixed;
  void (*function)(void **); ///< pointers to: the kernel's arguments' descriptors, task, n, seed, step
};
/// A compiled kernel; arguments as after tiling.
struct CompiledKernel {
  llvm::SmallVector<mlir::MemRefType> arguments;
  llvm::SmallVector<Stage> stages;
};

/// Compiles every tiled kernel of `module`, in order, and consumes it. Null on
/// failure, with a diagnostic. With a `cpu` (LLVM's name) the code is optimized
/// for it, as what ships is, and `ExecutionEngine::dumpToObjectFile` works.
std::unique_ptr<mlir::ExecutionEngine> compile(mlir::ModuleOp module, llvm::SmallVectorImpl<CompiledKernel> &kernels,
                                               llvm::StringRef cpu = "");

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_JIT_H
