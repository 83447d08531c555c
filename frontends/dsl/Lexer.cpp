//===- Lexer.cpp - from bytes to tokens -----------------------------------===//

#include "frontends/dsl/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

static constexpr StringRef keywords[] = {"import", "block",  "model", "train", "for", "in", "if",
                                         "else",   "return", "true",  "false", "and", "or", "not"};
// The longer first.
static constexpr StringRef punctuation[] = {"|>", "->", "..", "==", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*",
                                            "/",  "%",  "(",  ")",  "{",  "}",  "[",  "]", ",", ":", ".", "@"};

namespace {
class Lexer {
public:
  Lexer(StringRef text, DiagnosticSink &sink) : rest(text), sink(sink) {}

  std::vector<Token> run() {
    while (!rest.empty() && !sink.isFull())
      next();
    add(TokenKind::End, 0);
    return std::move(tokens);
  }

private:
  void add(TokenKind kind, size_t length) {
    tokens.push_back({kind, rest.take_front(length), firstOnLine, doc});
    rest = rest.drop_front(length);
    firstOnLine = false;
    doc = {};
  }

  void next() {
    char c = rest[0];
    if (c == '\n') {
      rest = rest.drop_front();
      firstOnLine = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      rest = rest.drop_front();
    } else if (c == '#') {
      comment();
    } else if (c == '"') {
      string();
    } else if (llvm::isDigit(c)) {
      number();
    } else if (llvm::isAlpha(c) || c == '_') {
      StringRef word = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
      add(llvm::is_contained(keywords, word) ? TokenKind::Keyword : TokenKind::Name, word.size());
    } else if (const StringRef *mark = llvm::find_if(punctuation, [&](StringRef mark) { return rest.starts_with(mark); });
               mark != std::end(punctuation)) {
      add(TokenKind::Punctuation, mark->size());
    } else {
      unexpected();
    }
  }

  void comment() {
    StringRef line = rest.take_until([](char c) { return c == '\n'; });
    if (line.starts_with("##"))
      doc = doc.empty() ? line : StringRef(doc.begin(), line.end() - doc.begin());
    rest = rest.drop_front(line.size());
  }

  void string() {
    size_t end = 1;
    while (end < rest.size() && rest[end] != '"' && rest[end] != '\n')
      end += rest[end] == '\\' && end + 1 < rest.size() && rest[end + 1] != '\n' ? 2 : 1;
    if (end >= rest.size() || rest[end] != '"') {
      size_t length = std::min(end, rest.size());
      sink.error(rangeOf(length), "string does not end on its line").help("close it with '\"'");
      // It still is a string to the parser, which then finds no second mistake.
      add(TokenKind::String, length);
      return;
    }
    add(TokenKind::String, end + 1);
  }

  void number() {
    auto digits = [&](size_t from) { return rest.drop_front(from).take_while(llvm::isDigit).size(); };
    size_t length = digits(0);
    bool isFloat = false;
    // `0..3` is a range, `0.5` a number.
    if (length + 1 < rest.size() && rest[length] == '.' && llvm::isDigit(rest[length + 1])) {
      length += 1 + digits(length + 1);
      isFloat = true;
    }
    if (length < rest.size() && (rest[length] == 'e' || rest[length] == 'E')) {
      size_t sign = length + 1 < rest.size() && (rest[length + 1] == '-' || rest[length + 1] == '+');
      if (size_t exponent = digits(length + 1 + sign)) {
        length += 1 + sign + exponent;
        isFloat = true;
      }
    }
    add(isFloat ? TokenKind::Float : TokenKind::Integer, length);
  }

  /// Reports a run of bytes that start nothing, once.
  void unexpected() {
    size_t length = rest.take_while([](unsigned char c) { return c >= 0x80; }).size();
    length = std::max<size_t>(length, 1);
    sink.error(rangeOf(length), "unexpected character '" + rest.take_front(length) + "'");
    rest = rest.drop_front(length);
  }

  llvm::SMRange rangeOf(size_t length) const {
    return {llvm::SMLoc::getFromPointer(rest.begin()), llvm::SMLoc::getFromPointer(rest.begin() + length)};
  }

  StringRef rest;
  DiagnosticSink &sink;
  std::vector<Token> tokens;
  bool firstOnLine = true;
  StringRef doc;
};
} // namespace

std::vector<Token> dsl::lex(StringRef text, DiagnosticSink &sink) { return Lexer(text, sink).run(); }

std::string dsl::docText(StringRef raw) {
  std::string text;
  while (!raw.empty()) {
    auto [line, rest] = raw.split('\n');
    raw = rest;
    StringRef words = line.trim();
    if (!words.consume_front("##"))
      continue;
    text += (text.empty() ? "" : "\n") + words.trim().str();
  }
  return text;
}
