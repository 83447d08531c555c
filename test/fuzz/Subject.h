//===- Subject.h - a front end that any bytes are given to -------*- C++ -*-===//
//
// One subject is linked with one main: MutateMain.cpp changes files at random,
// FuzzMain.cpp is a libFuzzer target.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_TEST_FUZZ_SUBJECT_H
#define CNNC_TEST_FUZZ_SUBJECT_H

#include "llvm/ADT/StringRef.h"
#include <random>
#include <string>

namespace cnnc::fuzz {

using Random = std::mt19937_64;

/// A number below `below`; 0 where that is 0.
inline size_t pick(Random &random, size_t below) { return below ? random() % below : 0; }

/// What became of an input: it compiled, or there are errors.
struct Outcome {
  bool compiled = false;
  std::string errors; ///< as they are printed

  /// What no input may lead to, or "".
  std::string fault() const {
    if (compiled == !errors.empty())
      return compiled ? "compiled with an error" : "was refused without an error";
    // The text of the input, which is shown too, is never last.
    return llvm::StringRef(errors).ends_with("help: report this with the file\n") ? "makes an invalid module: " + errors : "";
  }
};

/// Compiles to the dialect `cnn`, in a context of its own.
Outcome compile(llvm::StringRef bytes);

/// `bytes` with a few changes, some of them taken from `other`.
std::string mutate(const std::string &bytes, const std::string &other, Random &random);

} // namespace cnnc::fuzz

#endif // CNNC_TEST_FUZZ_SUBJECT_H
