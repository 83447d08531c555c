//===- MutateMain.cpp - changes files at random ---------------------------===//
//
// <program> <count> <seed> <file for the input at work> <file>...
//
// Compiles `count` changed files; each is a function of the seed and its
// number. None may crash, take a second, need a GiB, or be refused without an
// error. What was at work when one does is in the file.
//
//===----------------------------------------------------------------------===//

#include "test/fuzz/Subject.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <ctime>
#include <sys/resource.h>

using namespace cnnc::fuzz;

int main(int argc, char **argv) {
  unsigned count = 0;
  uint64_t seed = 0;
  if (argc < 5 || llvm::StringRef(argv[1]).getAsInteger(10, count) || llvm::StringRef(argv[2]).getAsInteger(10, seed)) {
    llvm::errs() << "usage: " << argv[0] << " <count> <seed> <file for the input at work> <file>...\n";
    return 2;
  }
  rlimit limit{1u << 30, 1u << 30};
  setrlimit(RLIMIT_DATA, &limit);
  std::vector<std::string> files;
  for (int i = 4; i < argc; ++i) {
    auto buffer = llvm::MemoryBuffer::getFile(argv[i]);
    if (!buffer) {
      llvm::errs() << "cannot read " << argv[i] << '\n';
      return 2;
    }
    files.push_back((*buffer)->getBuffer().str());
  }
  double longest = 0;
  unsigned compiled = 0;
  for (unsigned i = 0; i < count; ++i) {
    Random random(seed << 32 | i); // seeds that follow each other have no input in common
    const std::string &file = files[pick(random, files.size())], &other = files[pick(random, files.size())];
    std::string bytes = mutate(file, other, random);
    // A file that is truncated and written again waits for the disk; a new one does not.
    llvm::sys::fs::remove(argv[3]);
    std::error_code error;
    llvm::raw_fd_ostream(argv[3], error) << bytes;
    std::clock_t start = std::clock(); // of the processor: the machine may be busy
    Outcome outcome = compile(bytes);
    double time = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    longest = std::max(longest, time);
    compiled += outcome.compiled;
    if (std::string fault = time > 1 ? "took more than a second" : outcome.fault(); !fault.empty()) {
      llvm::outs() << "input " << i << ' ' << fault << '\n';
      return 1;
    }
  }
  llvm::outs() << count << " inputs, " << compiled << " compiled, the slowest in " << llvm::format("%.3f", longest) << " s\n";
  return compiled == 0 || compiled == count; // either would mean that nothing was tested
}
