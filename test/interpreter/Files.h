//===- Files.h - tensors in .npy and .safetensors files ----------*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_FILES_H
#define CNNC_TEST_INTERPRETER_FILES_H

#include "test/interpreter/Evaluation.h"
#include "llvm/Support/Error.h"

namespace cnnc::interpreter {

/// Reads a .npy file of f4, f8, i4, i8 or u1 in C order.
llvm::Expected<Tensor> readNpy(llvm::StringRef path);

/// Writes a .npy file of f8 in C order.
llvm::Error writeNpy(llvm::StringRef path, const Tensor &tensor);

/// Reads the parameters that a .safetensors file holds, which must be of the
/// shapes that `parameters` has; names that it does not have are passed over.
llvm::Error readWeights(llvm::StringRef path, llvm::StringMap<Tensor> &parameters);

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_FILES_H
