/// \file The header of a safetensors file: what `cnnrt` adds to and checks in the files that the library writes.
#ifndef RUNTIME_TOOL_SAFETENSORS_H
#define RUNTIME_TOOL_SAFETENSORS_H

#include "runtime/tool/File.h"

#include <map>
#include <span>
#include <string>

namespace cnnc {

using Metadata = std::map<std::string, std::string>;

/// `file` with `added` in its metadata, and hashes (see the core's safetensors.h).
Bytes withMetadata(std::span<const std::byte> file, const Metadata &added);

/// The metadata of a file, after its hashes were checked where it has some; an Error naming `what` for a malformed header or
/// a hash that differs.
Metadata readMetadata(std::span<const std::byte> file, const std::string &what);

/// The metadata after every hash was checked; an Error says which tensor is damaged, or that there are none.
Metadata verifyHashes(std::span<const std::byte> file, const std::string &what);

} // namespace cnnc

#endif
