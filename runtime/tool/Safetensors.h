/// \file The header of a safetensors file: what `cnnrt` adds to and checks in the files that the library writes.
#ifndef RUNTIME_TOOL_SAFETENSORS_H
#define RUNTIME_TOOL_SAFETENSORS_H

#include "runtime/tool/File.h"

#include <map>
#include <span>
#include <string>

namespace cnnc {

using Metadata = std::map<std::string, std::string>;

/// `file` with `added` in its metadata, and hashes: `xxh64/<tensor>` of each tensor's bytes, `xxh64` of the rest of the metadata.
Bytes withMetadata(std::span<const std::byte> file, const Metadata &added);

/// The metadata of a file; an Error naming `what` for a malformed header.
Metadata readMetadata(std::span<const std::byte> file, const std::string &what);

/// The metadata after every hash was checked; an Error says which tensor is damaged.
Metadata verifyHashes(std::span<const std::byte> file, const std::string &what);

} // namespace cnnc

#endif
