//===- Skim.cpp - an ONNX file without its weights ------------------------===//
//
// Weights stay where they are, in the mapped file: of the rest, which protobuf
// parses, there is little. The wire format is that of
// https://protobuf.dev/programming-guides/encoding.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/Skim.h"
#include <cstdint>

using llvm::StringRef;

namespace {

/// The messages on the way from a model to its tensors.
enum class Message { Model, Graph, Node, Attribute, Function, Sparse, Tensor, Other };

// Numbers of TensorProto's fields and types.
constexpr unsigned dataTypeField = 2, segmentField = 3, floatField = 4, rawField = 9, doubleField = 10;
constexpr uint64_t floatType = 1, doubleType = 11;

constexpr size_t maxRest = size_t(256) << 20;
constexpr unsigned maxDepth = 100;

Message messageAt(Message outer, unsigned field) {
  switch (outer) {
  case Message::Model:
    return field == 7 ? Message::Graph : field == 25 ? Message::Function : Message::Other;
  case Message::Graph:
    return field == 1 ? Message::Node : field == 5 ? Message::Tensor : field == 15 ? Message::Sparse : Message::Other;
  case Message::Function:
    return field == 7 ? Message::Node : field == 11 ? Message::Attribute : Message::Other;
  case Message::Node:
    return field == 5 ? Message::Attribute : Message::Other;
  case Message::Attribute:
    return field == 5 || field == 10    ? Message::Tensor
           : field == 6 || field == 11  ? Message::Graph
           : field == 22 || field == 23 ? Message::Sparse
                                        : Message::Other;
  case Message::Sparse:
    return field == 1 || field == 2 ? Message::Tensor : Message::Other;
  default:
    return Message::Other;
  }
}

struct Field {
  unsigned number = 0, wire = 0;
  uint64_t value = 0;     // of a varint
  StringRef whole, bytes; // with the tag; the content of a length-delimited field
};

void appendVarint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

class Skimmer {
public:
  Skimmer(StringRef file, std::string &why) : file(file), why(why) {}

  bool copy(StringRef body, Message message, unsigned depth, std::string &out);

private:
  bool refuse(const char *text) {
    why = text;
    return false;
  }
  bool next(StringRef &rest, Field &field);
  bool copyTensor(StringRef body, std::string &out);

  StringRef file;
  std::string &why;
};

std::optional<uint64_t> takeVarint(StringRef &rest) {
  uint64_t value = 0;
  for (unsigned i = 0; i < 10 && i < rest.size(); ++i) {
    auto byte = static_cast<uint8_t>(rest[i]);
    value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      rest = rest.drop_front(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

bool Skimmer::next(StringRef &rest, Field &field) {
  const char *start = rest.data();
  std::optional<uint64_t> tag = takeVarint(rest);
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > (1u << 29))
    return refuse("the file is damaged or no ONNX file");
  field.number = *tag >> 3;
  field.wire = *tag & 7;
  field.bytes = {};
  std::optional<uint64_t> length;
  switch (field.wire) {
  case 0:
    length = takeVarint(rest);
    field.value = length.value_or(0);
    if (!length)
      return refuse("the file is damaged or no ONNX file");
    length = 0;
    break;
  case 1:
    length = 8;
    break;
  case 2:
    length = takeVarint(rest);
    break;
  case 5:
    length = 4;
    break;
  default:
    break;
  }
  if (!length)
    return refuse("the file is damaged or no ONNX file");
  if (*length > rest.size())
    return refuse("the file is cut short");
  field.bytes = rest.take_front(*length);
  rest = rest.drop_front(*length);
  field.whole = StringRef(start, rest.data() - start);
  return true;
}

bool Skimmer::copyTensor(StringRef body, std::string &out) {
  uint64_t type = 0;
  unsigned pieces[16] = {};
  Field field;
  for (StringRef rest = body; !rest.empty();) {
    if (!next(rest, field))
      return false;
    if (field.number == dataTypeField)
      type = field.value;
    if (field.number < 16)
      ++pieces[field.number];
  }
  // Elements in several pieces are put together by protobuf.
  unsigned cut = pieces[rawField] == 1                            ? rawField
                 : type == floatType && pieces[floatField] == 1   ? floatField
                 : type == doubleType && pieces[doubleField] == 1 ? doubleField
                                                                  : 0;
  for (StringRef rest = body; !rest.empty();) {
    next(rest, field);
    if (field.number == segmentField)
      continue;
    if (field.number != cut || field.wire != 2) {
      out += field.whole;
      continue;
    }
    std::string place;
    place += '\x08';
    appendVarint(place, field.bytes.data() - file.data());
    place += '\x10';
    appendVarint(place, field.bytes.data() - file.data() + field.bytes.size());
    out += static_cast<char>(segmentField << 3 | 2);
    appendVarint(out, place.size());
    out += place;
  }
  return true;
}

bool Skimmer::copy(StringRef body, Message message, unsigned depth, std::string &out) {
  if (depth > maxDepth)
    return refuse("the file is nested more than 100 deep");
  if (message == Message::Tensor)
    return copyTensor(body, out);
  Field field;
  for (StringRef rest = body; !rest.empty();) {
    if (!next(rest, field))
      return false;
    Message inner = messageAt(message, field.number);
    if (inner == Message::Other || field.wire != 2) {
      out += field.whole;
    } else {
      std::string content;
      if (!copy(field.bytes, inner, depth + 1, content))
        return false;
      appendVarint(out, uint64_t(field.number) << 3 | 2);
      appendVarint(out, content.size());
      out += content;
    }
    if (out.size() > maxRest)
      return refuse("the file has more than 256 MB beside the elements of its tensors");
  }
  return true;
}

} // namespace

std::optional<std::string> cnnc::onnx::skim(StringRef file, std::string &why) {
  std::string out;
  if (!Skimmer(file, why).copy(file, Message::Model, 0, out))
    return std::nullopt;
  return out;
}
