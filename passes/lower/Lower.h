//===- Lower.h - the parts of cnnc-lower -------------------------*- C++ -*-===//

#ifndef CNNC_PASSES_LOWER_LOWER_H
#define CNNC_PASSES_LOWER_LOWER_H

#include "dialects/plan/Plan.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace cnnc {

/// The record that a stage's tasks share: the header's 64-bit integers, then
/// one pointer per memref of the kernel (operands, results, scratch).
namespace stage_record {
inline constexpr int64_t n = 0, seed = 8, step = 16, pointers = 24; ///< offsets in bytes
} // namespace stage_record

/// The function that runs one task of a stage, (record: !llvm.ptr, task: i32).
std::string stageFunctionName(plan::KernelOp kernel, unsigned stage);

/// What a function is part of and what is compiled by itself: a kernel, or both
/// directions of a packing; empty for a program.
llvm::StringRef unitOfFunction(llvm::StringRef function);

/// On a kernel whose functions were generated before, and are only declared.
inline constexpr llvm::StringLiteral compiledAttrName = "plan.compiled";

/// The memory at a pointer as a memref. A dynamic first size is `n` (index).
mlir::Value pointerAsMemRef(mlir::OpBuilder &b, mlir::Location loc, mlir::Value pointer, mlir::MemRefType type, mlir::Value n);

/// Replaces every tiled kernel by functions, two per stage: the body, and
/// stageFunctionName, which unpacks the record and calls it.
mlir::LogicalResult lowerKernels(mlir::ModuleOp module);

/// Replaces every program by functions of the type cnnc_program
/// (runtime/include/cnnc/abi.h): @train by @loss, @backward, @input_gradient.
/// Requires addresses on all launches, and the kernels.
mlir::LogicalResult lowerPrograms(mlir::ModuleOp module);

/// What turns the result of cnnc-lower into the LLVM dialect.
void buildToLLVMPipeline(mlir::OpPassManager &passes);

/// Fails unless nothing but the LLVM dialect is left.
mlir::LogicalResult verifyLowered(mlir::ModuleOp module);

} // namespace cnnc

#endif // CNNC_PASSES_LOWER_LOWER_H
