//===- File.h - ONNX files, with weights as they are read --------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPORT_FILE_H
#define CNNC_COMPILER_EXPORT_FILE_H

#include "frontends/ParameterValues.h"
#include "frontends/onnx/onnx.pb.h"
#include "llvm/Support/Error.h"

namespace cnnc::exporting {

/// An initializer whose elements are f32 and come from a reader.
struct Weight {
  ::onnx::TensorProto header; ///< name, type and sizes
  uint64_t bytes = 0;
  ParameterReader read;
};

/// The most bytes of a file: protocol buffers have no larger message.
inline constexpr uint64_t mostBytes = (uint64_t(1) << 31) - 1;

/// Writes the model, whose graph gets the weights as further initializers. They
/// lie in the file, or with `external` in one beside it called like the model
/// and `.data`, where each begins at a multiple of 64 bytes; without it a model
/// of more than `mostBytes` is written so too.
llvm::Error writeModel(::onnx::ModelProto &model, std::vector<Weight> weights, llvm::StringRef path, bool external);

} // namespace cnnc::exporting

#endif // CNNC_COMPILER_EXPORT_FILE_H
