//===- Skim.h - an ONNX file without its weights -----------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_SKIM_H
#define CNNC_FRONTENDS_ONNX_SKIM_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace cnnc::onnx {

/// Copies a serialized ModelProto, but for the elements of its tensors: each
/// TensorProto's raw_data (or packed float_data, double_data) becomes a
/// `segment` with their place in `file`. A segment of the file's own is
/// dropped. Nothing, and `why`, where the file is no protocol buffer or what is
/// left is larger than a limit.
std::optional<std::string> skim(llvm::StringRef file, std::string &why);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_SKIM_H
