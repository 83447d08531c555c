//===- Files.cpp - tensors in .npy and .safetensors files -----------------===//

#include "test/interpreter/Files.h"
#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc::interpreter;

template <typename... Args> static Error fail(const char *format, Args &&...args) {
  return createStringError(formatv(format, std::forward<Args>(args)...).str());
}

static Expected<std::unique_ptr<MemoryBuffer>> readFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("'{0}' cannot be read: {1}", path, buffer.getError().message());
  return std::move(*buffer);
}

//===----------------------------------------------------------------------===//
// .npy: "\x93NUMPY", version, header length, a Python dictionary, the data
//===----------------------------------------------------------------------===//

/// The text between `open` and `close` behind `key` in the header.
static StringRef field(StringRef header, StringRef key, StringRef open, StringRef close) {
  return header.split(key).second.split(open).second.split(close).first;
}

template <typename T> static void convert(const char *data, std::vector<double> &values) {
  for (double &value : values) {
    value = static_cast<double>(support::endian::read<T>(data, endianness::little));
    data += sizeof(T);
  }
}
static void convertF32(const char *data, std::vector<double> &values) {
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = bit_cast<float>(support::endian::read32le(data + 4 * i));
}
static void convertF64(const char *data, std::vector<double> &values) {
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = bit_cast<double>(support::endian::read64le(data + 8 * i));
}

Expected<Tensor> cnnc::interpreter::readNpy(StringRef path) {
  auto file = readFile(path);
  if (!file)
    return file.takeError();
  StringRef bytes = (*file)->getBuffer();
  if (bytes.size() < 10 || !bytes.starts_with("\x93NUMPY\x01"))
    return fail("'{0}' is no .npy file of version 1", path);
  size_t length = support::endian::read16le(bytes.data() + 8);
  StringRef header = bytes.substr(10, length), data = bytes.drop_front(std::min(bytes.size(), 10 + length));
  if (header.contains("'fortran_order': True"))
    return fail("'{0}' is in Fortran's order; save it in C order", path);

  SmallVector<StringRef> sizes;
  field(header, "'shape'", "(", ")").split(sizes, ',', -1, /*KeepEmpty=*/false);
  std::vector<int64_t> shape;
  for (StringRef size : sizes)
    if (int64_t value; !size.trim().getAsInteger(10, value) && value >= 0)
      shape.push_back(value);
  Tensor tensor(std::move(shape));

  StringRef type = field(header, "'descr': ", "'", "'").drop_front();
  auto reader = StringSwitch<void (*)(const char *, std::vector<double> &)>(type)
                    .Case("f4", convertF32)
                    .Case("f8", convertF64)
                    .Case("i4", convert<int32_t>)
                    .Case("i8", convert<int64_t>)
                    .Case("u1", convert<uint8_t>)
                    .Default(nullptr);
  if (!reader)
    return fail("'{0}' holds '{1}'; f4, f8, i4, i8 and u1 are read", path, type);
  size_t wanted = tensor.values.size() * (type.back() - '0');
  if (data.size() != wanted)
    return fail("'{0}' has {1} bytes of data, but its shape needs {2}", path, data.size(), wanted);
  reader(data.data(), tensor.values);
  return tensor;
}

Error cnnc::interpreter::writeNpy(StringRef path, const Tensor &tensor) {
  std::string shape;
  for (int64_t size : tensor.shape)
    shape += std::to_string(size) + ", ";
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';

  std::error_code code;
  raw_fd_ostream out(path, code);
  if (code)
    return fail("'{0}' cannot be written: {1}", path, code.message());
  uint16_t length = header.size();
  out << StringRef("\x93NUMPY\x01\x00", 8) << char(length & 255) << char(length >> 8) << header;
  for (double value : tensor.values) {
    char bytes[8];
    support::endian::write64le(bytes, bit_cast<uint64_t>(value));
    out.write(bytes, 8);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// .safetensors, by the runtime's reader
//===----------------------------------------------------------------------===//

Error cnnc::interpreter::readWeights(StringRef path, StringMap<Tensor> &parameters) {
  auto bytes = readFile(path);
  if (!bytes)
    return bytes.takeError();
  cnnc_safetensors file;
  char text[CNNC_TEXT_BYTES];
  if (cnnc_safetensors_read((*bytes)->getBufferStart(), (*bytes)->getBufferSize(), &file, text) != cnnc_ok)
    return fail("'{0}': {1}", path, text);
  scope_exit free([&] { cnnc_safetensors_free(&file); });
  for (const cnnc_safetensor &tensor : ArrayRef(file.tensors, file.count)) {
    auto parameter = parameters.find(tensor.name);
    if (parameter == parameters.end())
      continue;
    std::vector<int64_t> shape(tensor.dims, tensor.dims + tensor.rank);
    if (shape != parameter->second.shape || !cnnc_safetensor_is_float(&tensor))
      return fail("'{0}' has '{1}' of shape [{2:$[, ]}] and type {3}, but the model's has shape [{4:$[, ]}]", path, tensor.name,
                  make_range(shape.begin(), shape.end()), tensor.dtype,
                  make_range(parameter->second.shape.begin(), parameter->second.shape.end()));
    std::vector<float> values(tensor.elements);
    cnnc_safetensor_floats(&tensor, values.data());
    parameter->second.values.assign(values.begin(), values.end());
  }
  return Error::success();
}
