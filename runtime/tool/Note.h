/// \file The note section of a compiled library, decoded; runtime/include/cnnc/note.md defines it.
#ifndef RUNTIME_TOOL_NOTE_H
#define RUNTIME_TOOL_NOTE_H

#include "runtime/tool/Json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cnnc {

struct NoteTensor {
  std::string name, dtype, doc;
  std::vector<uint64_t> shape; ///< without the batch
  bool isWhole = false;        ///< there is none
};

struct NoteParameter {
  std::string name, kind;
  std::vector<uint64_t> shape;
  bool trainable = false;
};

struct NoteCpu {
  std::string cpu;
  uint64_t features = 0; ///< CNNC_CPU_* bits
};

struct NoteMemory {
  uint64_t fixed = 0, perExample = 0; ///< bytes
};

struct Note {
  uint64_t abi = 0;
  std::string name, prefix, doc, source, graphHash;
  std::vector<NoteTensor> inputs, targets, outputs;
  std::vector<NoteParameter> parameters;
  std::vector<NoteCpu> cpus;
  NoteMemory infer, train;
  bool trains = false;
  uint64_t batch = 0, parameterBytes = 0;
  bool isBatchExact = false;
  uint64_t inferFlops = 0, trainFlops = 0; ///< per example; 0: not stated
  Json hypers, recipe;
  Json json; ///< the whole object
};

/// Decodes the note of the library called `path`; an Error if a newer compiler wrote it or it is malformed.
Note parseNote(const std::string &text, const std::string &path);

/// The number of scalars of a shape.
uint64_t elementsOf(const std::vector<uint64_t> &shape);

} // namespace cnnc

#endif
