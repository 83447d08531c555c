//===- MutateDsl.cpp - changes files of the language at random ------------===//
//
// mutate-dsl <count> <seed> <file for the input at work> <file.dsl>...
//
// Compiles `count` changed files; each is a function of the seed and its
// number. None may crash, take a second, need a GiB, or be refused without an
// error. What was at work when one does is in the file.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/dsl/Frontend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <random>
#include <sys/resource.h>

using Random = std::mt19937_64;

static size_t pick(Random &random, size_t below) { return below ? random() % below : 0; }

/// Words that are likely to reach far into the compiler.
static constexpr const char *words[] = {"0",   "-1",  "1",      "2147483647", "2147483648", "9223372036854775807", "1e308", "100000", "@a",
                                        "|>",  "{",   "}",      "(",          ")",          "[",                   "]",     "\"",     "\"{i}\"",
                                        "..",  "for i in 0..1000 {", "if true {", "else {", "model", "block", "train t {", "import \"fuzz.dsl\"",
                                        "return", "x", "h = h + h\n", "f32[N, 3]", "%", " epochs", "#", "##", "\xC3\xA9", "\xFF", ",", ":", "="};

/// Changes `text` a few times: a byte, a range that goes, comes twice or comes from `other`, a word that comes or replaces a number.
static std::string mutate(std::string text, const std::string &other, Random &random) {
  for (size_t changes = 1 + pick(random, 6); changes > 0; --changes) {
    size_t at = pick(random, text.size() + 1), length = std::min(pick(random, 40), text.size() - at);
    switch (pick(random, 7)) {
    case 0:
      if (at < text.size())
        text[at] = static_cast<char>(random());
      break;
    case 1:
      text.erase(at, length);
      break;
    case 2:
      text.insert(at, text.substr(at, length));
      break;
    case 3: {
      size_t from = pick(random, other.size() + 1);
      text.insert(at, other.substr(from, pick(random, 200)));
      break;
    }
    case 4:
      text.insert(at, words[pick(random, std::size(words))]);
      break;
    case 5: {
      size_t digits = text.find_first_of("0123456789", at);
      if (digits == std::string::npos)
        break;
      size_t end = text.find_first_not_of("0123456789", digits);
      text.replace(digits, (end == std::string::npos ? text.size() : end) - digits, words[pick(random, 8)]);
      break;
    }
    case 6:
      text.resize(at);
      break;
    }
  }
  return text;
}

int main(int argc, char **argv) {
  unsigned count = 0;
  uint64_t seed = 0;
  if (argc < 5 || llvm::StringRef(argv[1]).getAsInteger(10, count) || llvm::StringRef(argv[2]).getAsInteger(10, seed)) {
    llvm::errs() << "usage: mutate-dsl <count> <seed> <file> <file.dsl>...\n";
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
    Random random(seed + i);
    std::string text = mutate(files[pick(random, files.size())], files[pick(random, files.size())], random);
    std::error_code error;
    llvm::raw_fd_ostream(argv[3], error) << text;
    auto start = std::chrono::steady_clock::now();
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    context.loadDialect<cnnc::cnn::CnnDialect, mlir::func::FuncDialect>();
    cnnc::DiagnosticSink sink;
    bool good = static_cast<bool>(cnnc::compileDslText(text, "fuzz.dsl", {}, context, sink));
    sink.print(llvm::nulls());
    std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    longest = std::max(longest, time.count());
    compiled += good;
    if (good == sink.hasErrors() || time.count() > 1) {
      llvm::outs() << "input " << i << (good == sink.hasErrors() ? " was refused without an error" : " took more than a second") << '\n';
      return 1;
    }
  }
  llvm::outs() << count << " inputs, " << compiled << " compiled, the slowest in " << llvm::format("%.3f", longest) << " s\n";
  return compiled == 0 || compiled == count; // either would mean that nothing was tested
}
