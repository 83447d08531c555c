/// \file Whole-file reading with a limit, and writing that leaves either the old file or the new one.
#ifndef RUNTIME_TOOL_FILE_H
#define RUNTIME_TOOL_FILE_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

/// A regular file opened for reading at any offset. Every read is checked against the file's size.
class InputFile {
public:
  explicit InputFile(const fs::path &path);
  ~InputFile();
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;

  uint64_t size() const { return bytes; }
  const fs::path &path() const { return name; }
  /// Reads exactly `count` bytes at `offset`; an Error if the file ends before.
  void read(uint64_t offset, void *to, uint64_t count) const;
  Bytes read(uint64_t offset, uint64_t count) const;

private:
  fs::path name;
  int descriptor;
  uint64_t bytes = 0;
};

/// The bytes of a regular file of at most `limit` bytes.
Bytes readFile(const fs::path &path, uint64_t limit);
/// The same as text.
std::string readText(const fs::path &path, uint64_t limit);

/// Replaces `path` at once: temporary file in the same folder, write, fsync, rename, fsync the folder. On an error the old file
/// stays and the temporary is gone.
void writeFile(const fs::path &path, std::span<const std::byte> contents);
void writeFile(const fs::path &path, std::string_view contents);

/// Whether `name` is a temporary file that an interrupted writeFile left behind.
bool isTemporary(const fs::path &name);

} // namespace cnnc

#endif
