//===- DataObject.h - bytes as an object file --------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_LINK_DATAOBJECT_H
#define CNNC_COMPILER_LINK_DATAOBJECT_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cnnc {

/// Constants that go into a library without passing through LLVM: hundreds of
/// megabytes of weights, written as they are read.
struct DataObject {
  /// The hidden symbol at their start.
  static constexpr char symbol[] = "cnnc_embedded";

  uint64_t bytes = 0; ///< 0: there are none
  /// Writes that many bytes.
  std::function<void(llvm::raw_ostream &)> content;

  /// Writes a relocatable ELF file for x86-64 with the content in a section of
  /// constants, aligned to 64 bytes.
  void write(llvm::raw_ostream &stream) const;
};

} // namespace cnnc

#endif // CNNC_COMPILER_LINK_DATAOBJECT_H
