//===- Lexer.h - from bytes to tokens ----------------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_LEXER_H
#define CNNC_FRONTENDS_DSL_LEXER_H

#include "frontends/Diagnostics.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

namespace cnnc::dsl {

enum class TokenKind { End, Name, Keyword, Integer, Float, String, Punctuation };

/// A word of the language: a slice of its buffer.
struct Token {
  TokenKind kind;
  llvm::StringRef text; // a string's with its quotes; the second may be missing after an error
  bool firstOnLine;     // where a statement may start again after an error
  llvm::StringRef doc;  // the `##` lines that end right before it, raw

  /// Whether this is the keyword or punctuation `word`.
  bool is(llvm::StringRef word) const { return (kind == TokenKind::Keyword || kind == TokenKind::Punctuation) && text == word; }
  llvm::SMRange range() const { return {llvm::SMLoc::getFromPointer(text.begin()), llvm::SMLoc::getFromPointer(text.end())}; }
};

/// The tokens of `text`, which lies in a buffer of the sink's sources and is
/// UTF-8, up to and with one of kind End. What is not a token is reported and
/// left out.
std::vector<Token> lex(llvm::StringRef text, DiagnosticSink &sink);

/// The words of raw `##` lines, without the marks.
std::string docText(llvm::StringRef raw);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_LEXER_H
