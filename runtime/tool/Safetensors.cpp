#include "runtime/tool/Safetensors.h"

#include "runtime/core/safetensors.h"
#include "runtime/core/text.h"
#include "runtime/tool/Error.h"

#include <xxhash.h>

#include <cstring>
#include <vector>

namespace cnnc {

namespace {

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

  bool hasHashes() const { return cnnc_safetensors_has_hashes(&contents); }
  void checkHashes(const std::string &what) const;
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

uint64_t hashOf(const void *bytes, size_t size) { return XXH64(bytes, size, 0); }

std::string hexadecimal(uint64_t hash) { return fmt::format("{:016x}", hash); }

void Reader::checkHashes(const std::string &what) const {
  char text[CNNC_TEXT_BYTES];
  if (cnnc_safetensors_check_hashes(&contents, hashOf, text) != cnnc_ok)
    fail("'{}' is damaged: {}", what, text);
}

/// Key, value, and so on, as the core takes them.
std::vector<const char *> pairsOf(const Metadata &metadata) {
  std::vector<const char *> pairs;
  for (const auto &[key, value] : metadata) {
    pairs.push_back(key.c_str());
    pairs.push_back(value.c_str());
  }
  return pairs;
}

/// Writes the header into `room` bytes at `out`; returns its length.
uint64_t writeHeader(std::span<const cnnc_safetensor> tensors, const Metadata &metadata, std::byte *out, uint64_t room) {
  std::vector<const char *> pairs = pairsOf(metadata);
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
    metadata[std::string("xxh64/") + tensor.name] = hexadecimal(hashOf(tensor.data, tensor.end - tensor.begin));
    dataBytes = tensor.end;
  }
  uint64_t rest = 0;
  char text[CNNC_TEXT_BYTES];
  if (cnnc_safetensors_hash_metadata(pairsOf(metadata).data(), metadata.size(), hashOf, &rest, text) != cnnc_ok)
    fail("{}", text);
  metadata["xxh64"] = hexadecimal(rest);
  uint64_t headerBytes = writeHeader(reader.tensors(), metadata, nullptr, 0);
  Bytes result(headerBytes + dataBytes);
  writeHeader(reader.tensors(), metadata, result.data(), headerBytes);
  if (dataBytes != 0)
    std::memcpy(result.data() + headerBytes, file.data() + (file.size() - dataBytes), dataBytes);
  return result;
}

Metadata readMetadata(std::span<const std::byte> file, const std::string &what) {
  Reader reader(file, what);
  if (reader.hasHashes())
    reader.checkHashes(what);
  return reader.metadata();
}

Metadata verifyHashes(std::span<const std::byte> file, const std::string &what) {
  Reader reader(file, what);
  reader.checkHashes(what);
  return reader.metadata();
}

} // namespace cnnc
