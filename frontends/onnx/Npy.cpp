//===- Npy.cpp - a tensor from a file of NumPy's --------------------------===//

#include "frontends/onnx/Npy.h"
#include "frontends/CheckedShape.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"

using namespace cnnc::onnx;
using llvm::StringRef;

/// What follows `'key':` in the header.
static StringRef valueOf(StringRef header, StringRef key) {
  size_t at = header.find(("'" + key + "'").str());
  return at == StringRef::npos ? "" : header.substr(at + key.size() + 2).ltrim(" :");
}

std::optional<Tensor> cnnc::onnx::readNpy(File file, std::string &why) {
  StringRef bytes = file->getBuffer();
  why = "is no .npy file";
  if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 12)
    return std::nullopt;
  bool isLong = bytes[6] != 1;
  size_t length = isLong ? llvm::support::endian::read32le(bytes.data() + 8) : llvm::support::endian::read16le(bytes.data() + 8);
  bytes = bytes.drop_front(isLong ? 12 : 10);
  if (length > bytes.size())
    return std::nullopt;
  StringRef header = bytes.take_front(length), content = bytes.drop_front(length);
  StringRef descr = valueOf(header, "descr").ltrim('\'').take_until([](char c) { return c == '\''; });
  auto type = llvm::StringSwitch<ElementType>(descr)
                  .Case("<f4", ElementType::F32)
                  .Case("<f8", ElementType::F64)
                  .Case("<f2", ElementType::F16)
                  .Case("<u8", ElementType::U64)
                  .Case("<u4", ElementType::U32)
                  .Case("<u2", ElementType::U16)
                  .Case("<i2", ElementType::I16)
                  .Case("<i8", ElementType::I64)
                  .Case("<i4", ElementType::I32)
                  .Case("|u1", ElementType::U8)
                  .Case("|i1", ElementType::I8)
                  .Case("|b1", ElementType::Bool)
                  .Default(ElementType::Undefined);
  if (!widthOf(type) || !valueOf(header, "fortran_order").starts_with("False")) {
    why = "has elements of '" + descr.str() + "' or is in Fortran's order";
    return std::nullopt;
  }
  Shape shape, positive;
  llvm::SmallVector<StringRef> sizes;
  valueOf(header, "shape").ltrim('(').take_until([](char c) { return c == ')'; }).split(sizes, ',');
  for (StringRef text : sizes)
    if (int64_t size; !text.trim().empty()) {
      if (text.trim().getAsInteger(10, size) || size < 0)
        return std::nullopt;
      shape.push_back(size);
      positive.push_back(std::max<int64_t>(size, 1));
    }
  if (!CheckedShape::get(positive, why))
    return std::nullopt;
  if (content.size() != static_cast<uint64_t>(elementsOf(shape)) * widthOf(type)) {
    why = "is cut short";
    return std::nullopt;
  }
  return Tensor(type, shape, content.data(), file);
}
