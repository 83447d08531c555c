//===- Messages.h - tensors and attributes of the file -----------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_MESSAGES_H
#define CNNC_FRONTENDS_ONNX_MESSAGES_H

#include "frontends/onnx/Files.h"
#include "frontends/onnx/Graph.h"
#include "frontends/onnx/onnx.pb.h"
#include <optional>

namespace cnnc::onnx {

/// Turns messages of a skimmed file (Skim.h) into our tensors and attributes.
/// Where something is wrong, nothing comes back and `why` says what, in words
/// that go on after "initializer 'w' ".
class MessageReader {
public:
  MessageReader(File file, llvm::StringRef folder) : file(std::move(file)), external(folder) {}

  std::optional<Tensor> tensor(const ::onnx::TensorProto &message, std::string &why);
  std::optional<Attribute> attribute(const ::onnx::AttributeProto &message, std::string &why);

private:
  std::optional<llvm::StringRef> externalBytes(const ::onnx::TensorProto &message, uint64_t bytes, File &from, std::string &why);

  File file;
  ExternalFiles external;
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_MESSAGES_H
