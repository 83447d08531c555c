/// \file A file read front to back, gzip or plain, that never trusts a claimed size.
#ifndef RUNTIME_TOOL_DATA_BYTESTREAM_H
#define RUNTIME_TOOL_DATA_BYTESTREAM_H

#include "runtime/tool/File.h"

#include <zlib.h>

namespace cnnc {

class ByteStream {
public:
  explicit ByteStream(const fs::path &path);
  ~ByteStream();
  ByteStream(const ByteStream &) = delete;
  ByteStream &operator=(const ByteStream &) = delete;

  const std::string &name() const { return path; }
  /// Exactly `count` bytes; an Error if the file ends before. Memory grows with what is there, not with what is claimed.
  Bytes read(uint64_t count);
  /// An Error if anything follows.
  void expectEnd();

private:
  size_t readSome(void *to, size_t count);

  std::string path;
  gzFile file;
  uint64_t position = 0;
};

} // namespace cnnc

#endif
