//===- Codegen.h - the LLVM dialect becomes machine code ---------*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_CODEGEN_H
#define CNNC_COMPILER_CODEGEN_CODEGEN_H

#include "compiler/codegen/Level.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"

namespace cnnc {

enum class Sanitizer { None, Thread, Address };

using Bytes = llvm::SmallVector<char, 0>;

/// Makes the back end known; before any other function here.
void initializeCodegen();

/// Translates a module of the LLVM dialect. The functions of units (passes/lower/Lower.h)
/// and of programs get the level's suffix, its attributes and hidden visibility.
llvm::Expected<std::unique_ptr<llvm::Module>> translate(mlir::ModuleOp module, const Level &level, Sanitizer sanitizer,
                                                        llvm::LLVMContext &context);

/// Optimizes a module and writes an object file or, as text, assembly.
llvm::Expected<Bytes> generate(llvm::Module &module, const Level &level, Sanitizer sanitizer, bool assembly);

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_CODEGEN_H
