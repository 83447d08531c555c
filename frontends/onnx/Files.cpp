//===- Files.cpp - the bytes of a model and of its weights ----------------===//

#include "frontends/onnx/Files.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace cnnc::onnx;
using llvm::StringRef;

namespace {
/// An open file or folder.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
  Descriptor(const Descriptor &) = delete;
  void operator=(Descriptor &&other) { std::swap(number, other.number); }

  int number;
};
} // namespace

static File map(int descriptor, StringRef path, std::string &why) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    why = "is no regular file";
    return nullptr;
  }
  auto buffer = llvm::MemoryBuffer::getOpenFile(descriptor, path, status.st_size, /*RequiresNullTerminator=*/false);
  if (buffer)
    return File(std::move(*buffer));
  why = buffer.getError().message();
  return nullptr;
}

File cnnc::onnx::openFile(StringRef path, std::string &why) {
  Descriptor descriptor(::open(path.str().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.number >= 0)
    return map(descriptor.number, path, why);
  why = std::strerror(errno);
  return nullptr;
}

File ExternalFiles::open(StringRef location, std::string &why) {
  if (auto known = files.find(location); known != files.end())
    return known->second;
  if (location.empty() || location.contains('\0') || location.starts_with("/")) {
    why = "is not a path below the model's folder";
    return nullptr;
  }
  llvm::SmallVector<StringRef> parts;
  location.split(parts, '/', -1, /*KeepEmpty=*/false);
  llvm::erase(parts, ".");
  if (llvm::is_contained(parts, "..")) {
    why = "leads out of the model's folder";
    return nullptr;
  }
  // Folder by folder, and no link on the way: nothing can be swapped between a check and its use.
  Descriptor at(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (auto [i, part] : llvm::enumerate(parts)) {
    bool last = i + 1 == parts.size();
    Descriptor next(
        ::openat(at.number, part.str().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (last ? O_NONBLOCK : O_DIRECTORY)));
    if (next.number < 0) {
      why = errno == ELOOP ? "is a symbolic link" : std::string("cannot be opened: ") + std::strerror(errno);
      return nullptr;
    }
    at = std::move(next);
  }
  struct stat status;
  if (::fstat(at.number, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink != 1) {
    why = "has a second link";
    return nullptr;
  }
  File file = map(at.number, location, why);
  if (file)
    files[location] = file;
  return file;
}
