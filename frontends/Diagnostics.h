//===- Diagnostics.h - what a user is told about an input --------*- C++ -*-===//
//
// Errors are collected, one per cause and place, and printed together:
//
//   bad.dsl:7:10: error: 'dense' needs a 2-d tensor [N, features], got f32[N, 16, 5, 5]
//       |> dense(120) @fc1
//          ^~~~~~~~~~
//     note: that tensor comes from 'maxpool' at line 5
//     help: insert '|> flatten' before this
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DIAGNOSTICS_H
#define CNNC_FRONTENDS_DIAGNOSTICS_H

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/SourceMgr.h"
#include <deque>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace cnnc {

/// One error: where, what, and the lines that explain it.
class Diagnostic {
public:
  /// Adds a line "note: …": where to look.
  Diagnostic &note(const llvm::Twine &text) {
    notes.push_back("note: " + text.str());
    return *this;
  }
  /// Adds a note on how the place was reached; it stands after the others.
  Diagnostic &context(const llvm::Twine &text) {
    contexts.push_back("note: " + text.str());
    return *this;
  }
  /// Adds a line "help: …": what to write instead.
  Diagnostic &help(const llvm::Twine &text) {
    helps.push_back("help: " + text.str());
    return *this;
  }

private:
  friend class DiagnosticSink;
  llvm::SMRange range; // invalid: the error is about `subject` as a whole
  std::string subject; // a file, or the program
  std::string message;
  std::vector<std::string> notes, contexts, helps;
};

/// Collects errors; the first at a place wins, so that a block instantiated
/// many times, or a mistake found twice, is reported once.
class DiagnosticSink {
public:
  /// The files that were read; diagnostics point into them.
  llvm::SourceMgr &sources() { return manager; }

  /// Reports `message` at `range`, which lies in a buffer of the sources.
  Diagnostic &error(llvm::SMRange range, const llvm::Twine &message);
  /// Reports `message` about a file, or about anything that has no place.
  Diagnostic &error(llvm::StringRef subject, const llvm::Twine &message);

  /// Says something about `subject` that is no error.
  void remark(llvm::StringRef subject, const llvm::Twine &message) {
    remarks.push_back(subject.str() + ": note: " + message.str());
  }

  /// Takes back the errors reported since `count()` was `before`: of an attempt that has another after it.
  void rewind(size_t before) {
    while (diagnostics.size() > before)
      diagnostics.pop_back();
  }
  size_t count() const { return diagnostics.size(); }
  /// The last error; there is one.
  Diagnostic &last() { return diagnostics.back(); }

  bool hasErrors() const { return !diagnostics.empty(); }
  /// True when there are so many errors that looking for more helps nobody.
  bool isFull() const { return diagnostics.size() >= limit; }

  /// "line 5" for a place in the buffer of `from`, "blocks.dsl:5" elsewhere.
  std::string where(llvm::SMLoc place, llvm::SMLoc from) const;
  /// "blocks.dsl:5:12".
  std::string position(llvm::SMLoc place) const;

  /// Prints the remarks, then all errors, sorted by place.
  void print(llvm::raw_ostream &os) const;

private:
  static constexpr size_t limit = 100;

  void printOne(llvm::raw_ostream &os, const Diagnostic &diagnostic) const;

  llvm::SourceMgr manager;
  std::deque<Diagnostic> diagnostics;
  std::vector<std::string> remarks;
  llvm::DenseSet<const char *> places;
  Diagnostic ignored;
};

/// "1 argument", "2 arguments".
std::string counted(size_t count, llvm::StringRef what);

/// "; did you mean 'stride'?" for the closest of `candidates` to `word`, or
/// nothing where none is close.
std::string didYouMean(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace cnnc

#endif // CNNC_FRONTENDS_DIAGNOSTICS_H
