#include "runtime/tool/Safetensors.h"

#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"
#include "runtime/tool/Error.h"

#include <xxhash.h>

#include <cstring>
#include <vector>

namespace cnnc {

namespace {

constexpr const char *restKey = "xxh64";

/// A file read by the core's strict reader.
class Reader {
public:
  Reader(std::span<const std::byte> file, const std::string &what) {
    char text[CNNC_TEXT_BYTES];
    if (cnnc_safetensors_read(file.data(), file.size(), &contents, text) != cnnc_ok)
      fail("cannot use '{}' as weights: {}", what, text);
  }
  ~Reader() { cnnc_safetensors_free(&contents); }
  Reader(const Reader &) = delete;
  Reader &operator=(const Reader &) = delete;

  std::span<const cnnc_safetensor> tensors() const { return {contents.tensors, contents.count}; }
  Metadata metadata() const {
    Metadata metadata;
    for (size_t i = 0; i < contents.metadata_count; ++i)
      metadata[contents.metadata[2 * i]] = contents.metadata[2 * i + 1];
    return metadata;
  }

private:
  cnnc_safetensors contents = {};
};

std::string hashOf(const void *bytes, size_t size) { return fmt::format("{:016x}", XXH64(bytes, size, 0)); }

std::string hashOf(const cnnc_safetensor &tensor) { return hashOf(tensor.data, tensor.end - tensor.begin); }

std::string keyOf(const cnnc_safetensor &tensor) { return std::string("xxh64/") + tensor.name; }

std::string hashOfRest(const Metadata &metadata) {
  std::string text;
  for (const auto &[key, value] : metadata)
    if (key != restKey)
      text.append(key).append(1, '\0').append(value).append(1, '\0');
  return hashOf(text.data(), text.size());
}

/// Writes the header into `room` bytes at `out`; returns its length.
uint64_t writeHeader(std::span<const cnnc_safetensor> tensors, const Metadata &metadata, std::byte *out, uint64_t room) {
  std::vector<const char *> pairs;
  for (const auto &[key, value] : metadata) {
    pairs.push_back(key.c_str());
    pairs.push_back(value.c_str());
  }
  cnnc_safetensors_writer writer;
  cnnc_safetensors_begin(&writer, out, room, pairs.data(), metadata.size());
  for (const cnnc_safetensor &tensor : tensors)
    cnnc_safetensors_tensor(&writer, "", tensor.name, tensor.dims, tensor.rank);
  return cnnc_safetensors_end(&writer);
}

} // namespace

Bytes withMetadata(std::span<const std::byte> file, const Metadata &added) {
  Reader reader(file, "what the library saved");
  Metadata metadata = reader.metadata();
  for (const auto &[key, value] : added)
    metadata[key] = value;
  uint64_t dataBytes = 0;
  for (const cnnc_safetensor &tensor : reader.tensors()) {
    metadata[keyOf(tensor)] = hashOf(tensor);
    dataBytes = tensor.end;
  }
  metadata[restKey] = hashOfRest(metadata);
  uint64_t headerBytes = writeHeader(reader.tensors(), metadata, nullptr, 0);
  Bytes result(headerBytes + dataBytes);
  writeHeader(reader.tensors(), metadata, result.data(), headerBytes);
  if (dataBytes != 0)
    std::memcpy(result.data() + headerBytes, file.data() + (file.size() - dataBytes), dataBytes);
  return result;
}

Metadata readMetadata(std::span<const std::byte> file, const std::string &what) { return Reader(file, what).metadata(); }

Metadata verifyHashes(std::span<const std::byte> file, const std::string &what) {
  Reader reader(file, what);
  Metadata metadata = reader.metadata();
  if (metadata[restKey] != hashOfRest(metadata))
    fail("'{}' is damaged: its metadata do not match their hash", what);
  for (const cnnc_safetensor &tensor : reader.tensors())
    if (metadata[keyOf(tensor)] != hashOf(tensor))
      fail("'{}' is damaged: tensor '{}' does not match its hash", what, tensor.name);
  return metadata;
}

} // namespace cnnc
