//===- ObjectCache.cpp - object code that was generated before ------------===//
//
// A file is the BLAKE3 hash of an object and the object. Its name, which starts
// as llvm::pruneCache expects, ends in the hash of everything that went in.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/ObjectCache.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace cnnc {
namespace {

constexpr size_t hashBytes = 32;

std::string hashOf(ArrayRef<StringRef> texts) {
  BLAKE3 hasher;
  for (StringRef text : texts) {
    uint64_t size = text.size();
    hasher.update(StringRef(reinterpret_cast<const char *>(&size), sizeof size));
    hasher.update(text);
  }
  auto hash = hasher.final<hashBytes>();
  return std::string(hash.begin(), hash.end());
}

} // namespace

Expected<ObjectCache> ObjectCache::open(StringRef folder) {
  ObjectCache cache;
  if (folder.empty())
    return cache;
  std::error_code code = sys::fs::create_directories(folder);
  if (!code && !sys::fs::is_directory(folder))
    code = std::make_error_code(std::errc::not_a_directory);
  if (code)
    return createStringError("cannot use '" + folder + "' as a cache: " + code.message() +
                             ": choose another folder with --cache-dir");
  auto program = MemoryBuffer::getFile("/proc/self/exe", /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!program)
    return createStringError("internal error: cannot read /proc/self/exe: " + program.getError().message());
  cache.folder = folder.str();
  cache.compiler = hashOf((*program)->getBuffer());
  return cache;
}

std::string ObjectCache::key(StringRef source, StringRef options) const {
  return toHex(hashOf({compiler, options, source}), /*LowerCase=*/true);
}

std::string ObjectCache::path(StringRef key) const {
  SmallString<128> path(folder);
  sys::path::append(path, "llvmcache-" + key);
  return path.str().str();
}

std::optional<Bytes> ObjectCache::find(StringRef key) const {
  if (!isOpen())
    return std::nullopt;
  auto file = MemoryBuffer::getFile(path(key), /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!file || (*file)->getBufferSize() < hashBytes)
    return std::nullopt;
  StringRef content = (*file)->getBuffer(), object = content.drop_front(hashBytes);
  if (hashOf(object) != content.take_front(hashBytes))
    return std::nullopt;
  return Bytes(object.begin(), object.end());
}

void ObjectCache::store(StringRef key, StringRef object) const {
  if (!isOpen())
    return;
  int descriptor;
  SmallString<128> temporary;
  if (sys::fs::createUniqueFile(path(key) + ".%%%%%%.tmp", descriptor, temporary))
    return;
  raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  stream << hashOf(object) << object;
  stream.close();
  bool complete = !stream.has_error();
  stream.clear_error();
  if (!complete || sys::fs::rename(temporary, path(key)))
    sys::fs::remove(temporary);
}

void ObjectCache::prune() const {
  if (!isOpen())
    return;
  CachePruningPolicy policy;
  policy.MaxSizeBytes = maxBytes;
  pruneCache(folder, policy);
}

} // namespace cnnc
