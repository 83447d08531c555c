//===- Messages.cpp - tensors and attributes of the file ------------------===//

#include "frontends/onnx/Messages.h"
#include "frontends/CheckedShape.h"
#include "llvm/ADT/StringExtras.h"

using namespace cnnc::onnx;
using llvm::StringRef;
using ::onnx::AttributeProto;
using ::onnx::TensorProto;

/// The elements of the typed fields, one after the other as in raw_data.
static std::shared_ptr<const std::string> packTyped(const TensorProto &message, unsigned width) {
  auto bytes = std::make_shared<std::string>();
  // A field may be that of a narrower type than the tensor's: then there are too few bytes.
  auto append = [&](auto value) {
    bytes->append(reinterpret_cast<const char *>(&value), std::min<unsigned>(width, sizeof(value)));
  };
  for (float value : message.float_data())
    append(value);
  for (double value : message.double_data())
    append(value);
  for (int32_t value : message.int32_data())
    append(value);
  for (int64_t value : message.int64_data())
    append(value);
  for (uint64_t value : message.uint64_data())
    append(value);
  return bytes;
}

std::optional<StringRef> MessageReader::externalBytes(const TensorProto &message, uint64_t bytes, File &from, std::string &why) {
  StringRef location;
  uint64_t offset = 0, length = bytes;
  for (const auto &entry : message.external_data()) {
    uint64_t *number = entry.key() == "offset" ? &offset : entry.key() == "length" ? &length : nullptr;
    if (entry.key() == "location")
      location = entry.value();
    if (number && StringRef(entry.value()).getAsInteger(10, *number)) {
      why = "has external data whose " + entry.key() + " is '" + entry.value() + "', which is no number";
      return std::nullopt;
    }
  }
  std::string reason;
  from = external.open(location, reason);
  if (!from) {
    why = "has external data at '" + location.str() + "', which " + reason;
    return std::nullopt;
  }
  if (length != bytes) {
    why = "has " + std::to_string(length) + " bytes of external data, but its shape needs " + std::to_string(bytes);
    return std::nullopt;
  }
  if (offset > from->getBufferSize() || length > from->getBufferSize() - offset) {
    why = "has external data from byte " + std::to_string(offset) + " to " + std::to_string(offset + length) + ", but '" +
          location.str() + "' has " + std::to_string(from->getBufferSize()) + " bytes";
    return std::nullopt;
  }
  return from->getBuffer().substr(offset, length);
}

std::optional<Tensor> MessageReader::tensor(const TensorProto &message, std::string &why) {
  auto type = static_cast<ElementType>(message.data_type());
  unsigned width = widthOf(type);
  if (!width) {
    why = "has elements of " + nameOf(type) + ", a type that is not supported";
    return std::nullopt;
  }
  Shape shape(message.dims().begin(), message.dims().end());
  // Tensors without elements are legal, and only the product of a shape matters here.
  Shape positive = shape;
  std::replace(positive.begin(), positive.end(), int64_t(0), int64_t(1));
  std::string problem;
  if (!CheckedShape::get(positive, problem) || llvm::is_contained(shape, mlir::ShapedType::kDynamic)) {
    why = "does not fit: " + (problem.empty() ? "a tensor of unknown size" : problem);
    return std::nullopt;
  }
  uint64_t bytes = static_cast<uint64_t>(elementsOf(shape)) * width;
  StringRef content;
  std::shared_ptr<const void> owner;
  if (message.data_location() == TensorProto::EXTERNAL) {
    File from;
    std::optional<StringRef> found = externalBytes(message, bytes, from, why);
    if (!found)
      return std::nullopt;
    content = *found;
    owner = from;
  } else if (message.has_segment()) {
    content = file->getBuffer().slice(message.segment().begin(), message.segment().end());
    owner = file;
  } else {
    auto typed = message.has_raw_data() ? std::make_shared<const std::string>(message.raw_data()) : packTyped(message, width);
    content = *typed;
    owner = typed;
  }
  if (content.size() != bytes) {
    why = "has " + std::to_string(content.size()) + " bytes of elements, but its shape needs " + std::to_string(bytes);
    return std::nullopt;
  }
  Tensor tensor(type, shape, content.data(), owner);
  tensor.name = message.name();
  return tensor;
}

std::optional<Attribute> MessageReader::attribute(const AttributeProto &message, std::string &why) {
  Attribute result;
  result.name = message.name();
  auto type = message.type();
  // The oldest files leave the type to the field that is set.
  if (type == AttributeProto::UNDEFINED)
    type = message.has_f()          ? AttributeProto::FLOAT
           : message.has_i()        ? AttributeProto::INT
           : message.has_s()        ? AttributeProto::STRING
           : message.has_t()        ? AttributeProto::TENSOR
           : message.floats_size()  ? AttributeProto::FLOATS
           : message.ints_size()    ? AttributeProto::INTS
           : message.strings_size() ? AttributeProto::STRINGS
                                    : AttributeProto::UNDEFINED;
  switch (type) {
  case AttributeProto::INT:
    result.kind = Attribute::Kind::Integer;
    result.integers = {message.i()};
    break;
  case AttributeProto::FLOAT:
    result.kind = Attribute::Kind::Real;
    result.reals = {message.f()};
    break;
  case AttributeProto::STRING:
    result.kind = Attribute::Kind::Text;
    result.texts = {message.s()};
    break;
  case AttributeProto::INTS:
    result.kind = Attribute::Kind::Integers;
    result.integers.assign(message.ints().begin(), message.ints().end());
    break;
  case AttributeProto::FLOATS:
    result.kind = Attribute::Kind::Reals;
    result.reals.assign(message.floats().begin(), message.floats().end());
    break;
  case AttributeProto::STRINGS:
    result.kind = Attribute::Kind::Texts;
    result.texts.assign(message.strings().begin(), message.strings().end());
    break;
  case AttributeProto::TENSOR: {
    result.kind = Attribute::Kind::Tensor;
    std::optional<onnx::Tensor> tensor = this->tensor(message.t(), why);
    if (!tensor)
      return std::nullopt;
    result.tensor = *tensor;
    break;
  }
  default:
    break;
  }
  return result;
}
