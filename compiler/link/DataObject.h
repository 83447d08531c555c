//===- DataObject.h - weights in a library -----------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_LINK_DATAOBJECT_H
#define CNNC_COMPILER_LINK_DATAOBJECT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cnnc {

/// Constants that go into a library without passing through LLVM or the linker:
/// hundreds of megabytes of weights, written once, as they are read. The linker
/// gets an object that only takes their place.
struct DataObject {
  /// The hidden symbol at their start.
  static constexpr char symbol[] = "cnnc_embedded";

  uint64_t bytes = 0; ///< 0: there are none
  /// Writes that many bytes.
  std::function<void(llvm::raw_ostream &)> content;

  /// Writes a relocatable ELF file for x86-64 with a section of constants of
  /// that size, aligned to 64 bytes, and no content (SHT_NOBITS).
  void writePlaceholder(llvm::raw_ostream &stream) const;

  /// Writes a shared library or a relocatable object in which the placeholder
  /// has been linked, with the content in its place. Changes the headers in
  /// `linked`.
  void writeInto(llvm::MutableArrayRef<char> linked, llvm::raw_ostream &stream) const;
};

} // namespace cnnc

#endif // CNNC_COMPILER_LINK_DATAOBJECT_H
