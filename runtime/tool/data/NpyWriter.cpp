#include "runtime/tool/data/Npy.h"

#include "runtime/tool/Error.h"

#include <fmt/ranges.h>
#include <zip.h>

#include <cstring>

namespace cnnc {

Bytes npyBytes(const NpyArray &array) {
  bool isInteger = !array.integers.empty();
  size_t count = isInteger ? array.integers.size() : array.values.size();
  const void *values = isInteger ? static_cast<const void *>(array.integers.data()) : array.values.data();
  std::string header = fmt::format("{{'descr': '<{}4', 'fortran_order': False, 'shape': ({}{}), }}", isInteger ? 'i' : 'f',
                                   fmt::join(array.shape, ", "), array.shape.size() == 1 ? "," : "");
  // Magic, version, length and header together fill a multiple of 64 bytes and end in a newline.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  Bytes bytes(10 + header.size() + count * sizeof(float));
  std::memcpy(bytes.data(), "\x93NUMPY\x01\x00", 8);
  bytes[8] = static_cast<std::byte>(header.size() & 255);
  bytes[9] = static_cast<std::byte>(header.size() >> 8);
  std::memcpy(bytes.data() + 10, header.data(), header.size());
  if (count != 0)
    std::memcpy(bytes.data() + 10 + header.size(), values, count * sizeof(float));
  return bytes;
}

void writeNpz(const fs::path &path, std::span<const std::pair<std::string, NpyArray>> arrays) {
  std::vector<Bytes> contents;
  for (const auto &[name, array] : arrays)
    contents.push_back(npyBytes(array));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t *archive = buffer == nullptr ? nullptr : zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
  if (archive == nullptr)
    fail("cannot make '{}': {}", path.string(), zip_error_strerror(&error));
  zip_source_keep(buffer); // the archive's reference goes with zip_close
  for (size_t i = 0; i < contents.size(); ++i) {
    zip_source_t *source = zip_source_buffer(archive, contents[i].data(), contents[i].size(), 0);
    zip_int64_t index = zip_file_add(archive, (arrays[i].first + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0 || zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0)
      fail("cannot add '{}' to '{}': {}", arrays[i].first, path.string(), zip_strerror(archive));
  }
  if (zip_close(archive) != 0)
    fail("cannot make '{}': {}", path.string(), zip_strerror(archive));
  zip_stat_t status;
  Bytes bytes;
  if (zip_source_open(buffer) != 0 || zip_source_stat(buffer, &status) != 0)
    fail("cannot make '{}': {}", path.string(), zip_error_strerror(zip_source_error(buffer)));
  bytes.resize(status.size);
  zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  zip_source_free(buffer);
  writeFile(path, bytes);
}

} // namespace cnnc
