#include "runtime/tool/File.h"

#include "runtime/tool/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cnnc {

InputFile::InputFile(const fs::path &path) : name(path), descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor < 0)
    fail("cannot read '{}': {}; check the path and its permissions", path.string(), std::strerror(errno));
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    fail("cannot read '{}': not a regular file; give the path of one", path.string());
  }
  bytes = static_cast<uint64_t>(status.st_size);
}

InputFile::~InputFile() { close(descriptor); }

void InputFile::read(uint64_t offset, void *to, uint64_t count) const {
  if (offset > bytes || count > bytes - offset)
    fail("'{}' is cut off: {} bytes expected at offset {}, the file has {}; get or write it again", name.string(), count, offset,
         bytes);
  auto *out = static_cast<char *>(to);
  while (count > 0) {
    ssize_t got = pread(descriptor, out, count, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      fail("cannot read '{}': {}; try again when nothing writes to it", name.string(),
           got < 0 ? std::strerror(errno) : "the file became shorter");
    out += got;
    offset += static_cast<uint64_t>(got);
    count -= static_cast<uint64_t>(got);
  }
}

Bytes InputFile::read(uint64_t offset, uint64_t count) const {
  if (offset > bytes || count > bytes - offset)
    fail("'{}' is cut off: {} bytes expected at offset {}, the file has {}; get or write it again", name.string(), count, offset,
         bytes);
  Bytes result(count);
  read(offset, result.data(), count);
  return result;
}

Bytes readFile(const fs::path &path, uint64_t limit) {
  InputFile file(path);
  if (file.size() > limit)
    fail("'{}' has {} bytes, more than the {} that are read", path.string(), file.size(), limit);
  return file.read(0, file.size());
}

std::string readText(const fs::path &path, uint64_t limit) {
  Bytes bytes = readFile(path, limit);
  return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

namespace {

/// Unlinks the temporary file unless it was renamed.
struct Temporary {
  std::string path;
  int descriptor;
  bool kept = false;

  explicit Temporary(const fs::path &target)
      : path(target.string() + ".tmpXXXXXX"), descriptor(mkostemp(path.data(), O_CLOEXEC)) {}
  ~Temporary() {
    if (descriptor >= 0)
      close(descriptor);
    if (descriptor >= 0 && !kept)
      unlink(path.c_str());
  }
};

void syncFolder(const fs::path &folder) {
  int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    fail("cannot open folder '{}': {}", folder.string(), std::strerror(errno));
  bool synced = fsync(descriptor) == 0;
  int reason = errno;
  close(descriptor);
  // Some file systems cannot sync a folder and say so with EINVAL; there the rename is all there is.
  if (!synced && reason != EINVAL)
    fail("cannot sync folder '{}': {}", folder.string(), std::strerror(reason));
}

} // namespace

void writeFile(const fs::path &path, std::span<const std::byte> contents) {
  auto failWriting = [&](int reason) {
    fail("cannot write '{}': {}; free some space or choose another folder", path.string(), std::strerror(reason));
  };
  Temporary temporary(path);
  if (temporary.descriptor < 0)
    failWriting(errno);
  const std::byte *from = contents.data();
  for (size_t left = contents.size(); left > 0;) {
    ssize_t written = write(temporary.descriptor, from, left);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      failWriting(errno);
    from += written;
    left -= static_cast<size_t>(written);
  }
  if (fchmod(temporary.descriptor, 0644) != 0 || fsync(temporary.descriptor) != 0)
    failWriting(errno);
  if (rename(temporary.path.c_str(), path.c_str()) != 0)
    failWriting(errno);
  temporary.kept = true;
  fs::path folder = path.parent_path();
  syncFolder(folder.empty() ? fs::path(".") : folder);
}

void writeFile(const fs::path &path, std::string_view contents) { writeFile(path, std::as_bytes(std::span(contents))); }

bool isTemporary(const fs::path &name) {
  std::string text = name.filename().string();
  size_t at = text.rfind(".tmp");
  return at != std::string::npos && text.size() == at + 10;
}

} // namespace cnnc
