//===- Parser.h - from tokens to a tree --------------------------*- C++ -*-===//
//
// file       := (import | function | train)*
// import     := 'import' STRING
// function   := ('block' | 'model') NAME '(' [parameter (',' parameter)*] ')' ['->' results] body
// parameter  := NAME [':' type] ['=' expr]
// results    := [NAME ':'] type | '(' [NAME ':'] type (',' [NAME ':'] type)* ')'
// type       := NAME ['[' expr (',' expr)* ']'] | '[' NAME ']'
// train      := 'train' NAME '{' ((NAME | 'model') '=' expr)* '}'
// body       := '{' statement* '}'
// statement  := NAME (',' NAME)* '=' expr | 'return' expr (',' expr)* | expr
//             | 'for' (NAME | '(' NAME ',' NAME ')') 'in' expr body
// expr       := or ('|>' NAME [arguments] ['@' label])*
// or         := and ('or' and)*            and   := not ('and' not)*
// not        := 'not' not | compare        compare := range [('==' | '!=' | '<' | '<=' | '>' | '>=') range]
// range      := sum ['..' sum]             sum   := product (('+' | '-') product)*
// product    := unary (('*' | '/' | '%') unary)*
// unary      := '-' unary | postfix
// postfix    := primary ('.' NAME | '[' exprs ']')*
// primary    := NUMBER [UNIT | '%'] | STRING | 'true' | 'false' | '[' [exprs] ']' | '(' expr ')'
//             | NAME [arguments ['@' label]] | 'if' or body 'else' (body | if)
// arguments  := '(' [[NAME ':'] expr (',' [NAME ':'] expr)*] ')'
// label      := NAME | STRING
//
// '(' and '[' after a name stand on its line; '%' right after a number is a
// unit. One token of look-ahead decides everything.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_PARSER_H
#define CNNC_FRONTENDS_DSL_PARSER_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Lexer.h"
#include "llvm/Support/Allocator.h"

namespace cnnc::dsl {

/// The items of one file.
struct File {
  std::vector<Import> imports;
  std::vector<const Function *> functions;
  std::vector<const Train *> trains;
};

/// A parser of one file, or of the expression inside a string's braces.
/// Errors go to the sink; parsing goes on at the next statement.
class Parser {
public:
  /// Brackets, bodies and operators in one another.
  static constexpr unsigned maxNesting = 64;
  /// Levels of a tree: operators in a row count too.
  static constexpr unsigned maxDepth = 200;

  Parser(llvm::StringRef text, llvm::BumpPtrAllocator &arena, DiagnosticSink &sink, unsigned nesting = 0);

  File parseFile();
  /// All of the text as one expression; null after an error.
  const Expr *parseOnlyExpression();

private:
  // Tokens.
  const Token &peek() const { return tokens[position]; }
  Token take();
  bool accept(llvm::StringRef word);
  /// Takes `word`, or reports "expected `word` `why`" and returns false.
  bool expect(llvm::StringRef word, llvm::StringRef why);
  bool expectName(llvm::StringRef what, Token &name);
  Diagnostic &unexpected(const llvm::Twine &expected);
  bool atItem() const;
  void skipToItem();
  void skipToStatement(size_t start);

  // Items and statements (Parser.cpp).
  void parseImport(File &file);
  const Function *parseFunction(bool isModel);
  bool parseParameters(std::vector<Parameter> &parameters);
  bool parseResults(std::vector<Result> &results);
  const TypeExpr *parseType();
  const Train *parseTrain();
  bool parseBody(Body &body);
  const Stmt *parseStatement();
  const Stmt *parseFor();

  // Expressions (ParseExpr.cpp).
  const Expr *parseExpr();
  const Expr *parseBinary(unsigned level);
  const Expr *parseUnary();
  const Expr *parsePostfix();
  const Expr *parsePrimary();
  const Expr *parseNumber();
  const StringExpr *parseString(const Token &token);
  const Expr *parseIf();

  // Calls (ParseCall.cpp).
  const CallExpr *parseCall(const Token &name, bool needsArguments);
  bool parseArguments(std::vector<CallExpr::Argument> &arguments);
  bool parseList(llvm::StringRef close, std::vector<const Expr *> &elements);
  const StringExpr *parseLabel();

  template <typename T> T *make(llvm::SMLoc start) {
    T *node = new (arena.Allocate<T>()) T();
    node->range = {start, previousEnd};
    return node;
  }
  template <typename T> llvm::ArrayRef<T> copy(const std::vector<T> &items) {
    T *data = arena.Allocate<T>(items.size());
    std::uninitialized_copy(items.begin(), items.end(), data);
    return {data, items.size()};
  }
  /// Sets the depth of `expr` above `children`; null and an error if too deep.
  const Expr *finish(Expr *expr, llvm::ArrayRef<const Expr *> children);
  /// Sets the depth of a statement above `values` and `body`.
  const Stmt *finish(Stmt *statement, llvm::ArrayRef<const Expr *> values, Body body = {});
  bool tooDeep();

  std::vector<Token> tokens;
  size_t position = 0;
  llvm::SMLoc previousEnd;
  unsigned nesting;
  llvm::BumpPtrAllocator &arena;
  DiagnosticSink &sink;
};

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_PARSER_H
