#include "runtime/tool/Safetensors.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Json.h"

#include <xxhash.h>

#include <cstring>

namespace cnnc {

namespace {

constexpr uint64_t maxHeader = 100'000'000;
constexpr const char *metadataKey = "__metadata__";
constexpr const char *restKey = "xxh64";

struct Parsed {
  Json header;
  std::span<const std::byte> data;
};

Parsed parse(std::span<const std::byte> file, const std::string &what) {
  uint64_t length = 0;
  if (file.size() < sizeof length)
    fail("'{}' is not a safetensors file: {} bytes are too few", what, file.size());
  std::memcpy(&length, file.data(), sizeof length);
  if (length > maxHeader || length > file.size() - sizeof length)
    fail("'{}' is cut off or not a safetensors file: it claims a header of {} bytes, the file has {}", what, length, file.size());
  std::string_view text(reinterpret_cast<const char *>(file.data()) + sizeof length, length);
  Parsed parsed = {parseJson(text, fmt::format("the header of '{}'", what)), file.subspan(sizeof length + length)};
  if (!parsed.header.is_object())
    fail("the header of '{}' is not a JSON object", what);
  return parsed;
}

std::string hashOf(const void *bytes, size_t size) { return fmt::format("{:016x}", XXH64(bytes, size, 0)); }

std::string hashOfRest(const Metadata &metadata) {
  std::string text;
  for (const auto &[key, value] : metadata)
    if (key != restKey)
      text.append(key).append(1, '\0').append(value).append(1, '\0');
  return hashOf(text.data(), text.size());
}

std::string hashOfTensor(const Parsed &parsed, const std::string &name, const Json &tensor, const std::string &what) {
  const Json offsets = tensor.is_object() ? tensor.value("data_offsets", Json()) : Json();
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
    fail("'{}' has a malformed entry for tensor '{}'", what, name);
  uint64_t begin = offsets[0], end = offsets[1];
  if (begin > end || end > parsed.data.size())
    fail("'{}' is cut off: tensor '{}' ends at byte {} of the data, there are {}", what, name, end, parsed.data.size());
  return hashOf(parsed.data.data() + begin, end - begin);
}

Metadata metadataOf(const Parsed &parsed, const std::string &what) {
  Metadata metadata;
  const Json entries = parsed.header.value(metadataKey, Json::object());
  for (const auto &[key, value] : entries.items()) {
    if (!value.is_string())
      fail("'{}' has metadata '{}' that is not text", what, key);
    metadata[key] = value;
  }
  return metadata;
}

} // namespace

Bytes withMetadata(std::span<const std::byte> file, const Metadata &added) {
  const std::string what = "the library's weights";
  Parsed parsed = parse(file, what);
  Metadata metadata = metadataOf(parsed, what);
  for (const auto &[key, value] : added)
    metadata[key] = value;
  for (const auto &[name, tensor] : parsed.header.items())
    if (name != metadataKey)
      metadata["xxh64/" + name] = hashOfTensor(parsed, name, tensor, what);
  metadata[restKey] = hashOfRest(metadata);
  parsed.header[metadataKey] = metadata;
  std::string header = parsed.header.dump();
  header.append((8 - header.size() % 8) % 8, ' ');
  uint64_t length = header.size();
  Bytes result(sizeof length + length + parsed.data.size());
  std::memcpy(result.data(), &length, sizeof length);
  std::memcpy(result.data() + sizeof length, header.data(), length);
  if (!parsed.data.empty())
    std::memcpy(result.data() + sizeof length + length, parsed.data.data(), parsed.data.size());
  return result;
}

Metadata readMetadata(std::span<const std::byte> file, const std::string &what) { return metadataOf(parse(file, what), what); }

Metadata verifyHashes(std::span<const std::byte> file, const std::string &what) {
  Parsed parsed = parse(file, what);
  Metadata metadata = metadataOf(parsed, what);
  if (metadata[restKey] != hashOfRest(metadata))
    fail("'{}' is damaged: its metadata do not match their hash", what);
  for (const auto &[name, tensor] : parsed.header.items())
    if (name != metadataKey && metadata["xxh64/" + name] != hashOfTensor(parsed, name, tensor, what))
      fail("'{}' is damaged: tensor '{}' does not match its hash", what, name);
  return metadata;
}

} // namespace cnnc
