//===- DslSubject.cpp - the language, changed at random -------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/dsl/Frontend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "test/fuzz/Subject.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;
using namespace cnnc::fuzz;

Outcome fuzz::compile(llvm::StringRef bytes) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<cnn::CnnDialect, mlir::func::FuncDialect>();
  DiagnosticSink sink;
  Outcome outcome;
  outcome.compiled = static_cast<bool>(compileDslText(bytes, "fuzz.dsl", {}, context, sink));
  llvm::raw_string_ostream stream(outcome.errors);
  if (sink.hasErrors()) // else there are remarks at most
    sink.print(stream);
  return outcome;
}

/// Words that are likely to reach far into the compiler.
static constexpr const char *words[] = {"0",
                                        "-1",
                                        "1",
                                        "2147483647",
                                        "2147483648",
                                        "9223372036854775807",
                                        "1e308",
                                        "100000",
                                        "@a",
                                        "|>",
                                        "{",
                                        "}",
                                        "(",
                                        ")",
                                        "[",
                                        "]",
                                        "\"",
                                        "\"{i}\"",
                                        "..",
                                        "for i in 0..1000 {",
                                        "if true {",
                                        "else {",
                                        "model",
                                        "block",
                                        "train t {",
                                        "import \"fuzz.dsl\"",
                                        "return",
                                        "x",
                                        "h = h + h\n",
                                        "f32[N, 3]",
                                        "%",
                                        " epochs",
                                        "#",
                                        "##",
                                        "\xC3\xA9",
                                        "\xFF",
                                        ",",
                                        ":",
                                        "="};

/// A byte, a range that goes, comes twice or comes from `other`, a word that comes or replaces a number.
std::string fuzz::mutate(const std::string &bytes, const std::string &other, Random &random) {
  std::string text = bytes;
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
