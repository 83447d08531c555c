#include "runtime/tool/data/ByteStream.h"

#include "runtime/tool/Error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cnnc {

static constexpr uint64_t chunk = 1u << 20;

ByteStream::ByteStream(const fs::path &path) : path(path.string()) {
  InputFile regular(path); // refuses what is not a regular file
  file = gzopen(path.c_str(), "rb");
  if (file == nullptr)
    fail("cannot read '{}': {}; free some memory", this->path, std::strerror(errno));
  gzbuffer(file, 1u << 17);
}

ByteStream::~ByteStream() { gzclose(file); }

size_t ByteStream::readSome(void *to, size_t count) {
  int got = gzread(file, to, static_cast<unsigned>(count));
  int code = Z_OK;
  const char *reason = gzerror(file, &code);
  if (got < 0 || code == Z_DATA_ERROR || code == Z_BUF_ERROR)
    fail("'{}' is damaged: {}; get it again", path, code == Z_BUF_ERROR ? "the compressed data is cut off" : reason);
  position += static_cast<uint64_t>(got);
  return static_cast<size_t>(got);
}

Bytes ByteStream::read(uint64_t count) {
  Bytes bytes;
  while (bytes.size() < count) {
    size_t before = bytes.size(), wanted = std::min(chunk, count - before);
    bytes.resize(before + wanted);
    size_t got = readSome(bytes.data() + before, wanted);
    if (got < wanted)
      fail("'{}' is cut off: its header claims at least {} bytes, it has {}; get it again", path, position - before - got + count,
           position);
  }
  return bytes;
}

void ByteStream::expectEnd() {
  char more;
  uint64_t claimed = position;
  if (readSome(&more, 1) != 0)
    fail("'{}' is longer than the {} bytes its header claims; get it again", path, claimed);
}

} // namespace cnnc
