//===- Parser.cpp - items and statements ----------------------------------===//

#include "frontends/dsl/Parser.h"
#include "llvm/ADT/ScopeExit.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

Parser::Parser(StringRef text, llvm::BumpPtrAllocator &arena, DiagnosticSink &sink, unsigned nesting)
    : tokens(lex(text, sink)), nesting(nesting), arena(arena), sink(sink) {
  previousEnd = llvm::SMLoc::getFromPointer(text.begin());
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

Token Parser::take() {
  Token token = peek();
  if (token.kind != TokenKind::End)
    ++position;
  previousEnd = token.range().End;
  return token;
}

bool Parser::accept(StringRef word) {
  if (!peek().is(word))
    return false;
  take();
  return true;
}

Diagnostic &Parser::unexpected(const llvm::Twine &expected) {
  const Token &token = peek();
  if (token.kind == TokenKind::End)
    return sink.error(token.range(), "expected " + expected + ", found the end of the file");
  return sink.error(token.range(), "expected " + expected + ", found '" + token.text + "'");
}

bool Parser::expect(StringRef word, StringRef why) {
  if (accept(word))
    return true;
  unexpected("'" + word + "' " + why);
  return false;
}

bool Parser::expectName(StringRef what, Token &name) {
  if (peek().kind == TokenKind::Keyword) {
    unexpected(what).help("'" + peek().text + "' is a word of the language; choose another name");
    return false;
  }
  if (peek().kind != TokenKind::Name) {
    unexpected(what);
    return false;
  }
  name = take();
  return true;
}

bool Parser::atItem() const {
  const Token &token = peek();
  if (!token.firstOnLine || token.kind == TokenKind::End)
    return false;
  // `model = …` is an entry of a train block.
  if (token.is("block") || token.is("model") || token.is("train"))
    return !tokens[position + 1].is("=");
  return token.is("import");
}

void Parser::skipToItem() {
  while (peek().kind != TokenKind::End && !atItem())
    take();
}

/// Skips to where a line starts like a statement, or to the '}' of the body.
/// `start` is where the statement that failed began: something is always skipped.
void Parser::skipToStatement(size_t start) {
  unsigned open = 0;
  while (peek().kind != TokenKind::End && !atItem()) {
    const Token &token = peek();
    if (open == 0 && position != start &&
        (token.is("}") ||
         (token.firstOnLine && (token.kind == TokenKind::Name || token.is("model") || token.is("for") || token.is("return")))))
      return;
    if (token.is("{"))
      ++open;
    else if (token.is("}"))
      --open;
    take();
  }
}

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

File Parser::parseFile() {
  File file;
  while (peek().kind != TokenKind::End && !sink.isFull()) {
    if (peek().is("import")) {
      parseImport(file);
    } else if (peek().is("block") || peek().is("model")) {
      if (const Function *function = parseFunction(peek().is("model")))
        file.functions.push_back(function);
    } else if (peek().is("train")) {
      if (const Train *train = parseTrain())
        file.trains.push_back(train);
    } else {
      unexpected("'import', 'block', 'model' or 'train'");
      take();
      skipToItem();
    }
  }
  return file;
}

void Parser::parseImport(File &file) {
  llvm::SMLoc start = take().range().Start;
  if (peek().kind != TokenKind::String) {
    unexpected("a file name in quotes");
    return skipToItem();
  }
  Token path = take();
  file.imports.push_back({path.text.trim('"'), {start, previousEnd}});
}

const Function *Parser::parseFunction(bool isModel) {
  Token keyword = take(), name;
  std::vector<Parameter> parameters;
  std::vector<Result> results;
  Body body;
  bool good = expectName(isModel ? "the name of the model" : "the name of the block", name) &&
              expect("(", "and the parameters") && parseParameters(parameters) && (!accept("->") || parseResults(results)) &&
              parseBody(body);
  if (!good) {
    skipToItem();
    return nullptr;
  }
  return new (arena.Allocate<Function>())
      Function{isModel, name.text, name.range(), copy(parameters), copy(results), body, keyword.doc};
}

bool Parser::parseParameters(std::vector<Parameter> &parameters) {
  while (!accept(")")) {
    Parameter parameter;
    Token name;
    StringRef doc = peek().doc;
    if (!expectName("the name of a parameter", name))
      return false;
    parameter.name = name.text;
    parameter.range = name.range();
    parameter.doc = doc;
    if (accept(":") && !(parameter.type = parseType()))
      return false;
    if (accept("=") && !(parameter.defaultValue = parseExpr()))
      return false;
    parameters.push_back(parameter);
    if (!accept(",") && !peek().is(")"))
      return expect(")", "after the parameters");
  }
  return true;
}

bool Parser::parseResults(std::vector<Result> &results) {
  bool several = accept("(");
  do {
    StringRef name;
    // `name: type` and `type` start with the same token: the next one tells.
    if (peek().kind == TokenKind::Name && tokens[position + 1].is(":")) {
      name = take().text;
      take();
    }
    const TypeExpr *type = parseType();
    if (!type)
      return false;
    results.push_back({name, type});
  } while (several && accept(","));
  return !several || expect(")", "after the results");
}

const TypeExpr *Parser::parseType() {
  llvm::SMLoc start = peek().range().Start;
  bool isList = accept("[");
  Token name;
  if (!expectName("a type", name))
    return nullptr;
  std::vector<const Expr *> sizes;
  bool hasSizes = !isList && accept("[");
  if (hasSizes && !parseList("]", sizes))
    return nullptr;
  if (isList && !expect("]", "after the type of the elements"))
    return nullptr;
  TypeExpr *type = make<TypeExpr>(start);
  type->name = name.text;
  type->isList = isList;
  if (hasSizes)
    type->sizes = copy(sizes);
  return type;
}

const Train *Parser::parseTrain() {
  take();
  Token name;
  if (!expectName("the name of the training run", name) || !expect("{", "to open the block")) {
    skipToItem();
    return nullptr;
  }
  std::vector<TrainEntry> entries;
  while (!peek().is("}")) {
    Token key;
    if (peek().kind == TokenKind::End || atItem()) {
      unexpected("'}' to close '" + name.text + "'").note("opened at " + sink.where(name.range().Start, peek().range().Start));
      return nullptr;
    }
    const Expr *value = nullptr;
    size_t start = position;
    bool isKey = peek().is("model") || peek().kind == TokenKind::Name;
    if (isKey)
      key = take();
    else
      unexpected("a key");
    if (isKey && expect("=", "after the key") && (value = parseExpr()))
      entries.push_back({key.text, key.range(), value});
    else
      skipToStatement(start);
  }
  take();
  return new (arena.Allocate<Train>()) Train{name.text, name.range(), copy(entries)};
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

const Stmt *Parser::finish(Stmt *statement, llvm::ArrayRef<const Expr *> values, Body body) {
  for (const Expr *value : values)
    statement->depth = std::max(statement->depth, value->depth + 1);
  for (const Stmt *inner : body)
    statement->depth = std::max(statement->depth, inner->depth + 1);
  return statement;
}

bool Parser::tooDeep() {
  if (nesting < maxNesting)
    return false;
  sink.error(peek().range(), "nested more than " + llvm::Twine(maxNesting) + " levels deep")
      .help("give an inner part a name of its own");
  return true;
}

bool Parser::parseBody(Body &body) {
  llvm::SMLoc open = peek().range().Start;
  if (!expect("{", "to open the body") || tooDeep())
    return false;
  ++nesting;
  llvm::scope_exit leave([&] { --nesting; });
  std::vector<const Stmt *> statements;
  while (!peek().is("}")) {
    if (peek().kind == TokenKind::End || atItem()) {
      unexpected("'}' to close the body").note("opened at " + sink.where(open, peek().range().Start));
      return false;
    }
    size_t start = position;
    if (const Stmt *statement = parseStatement())
      statements.push_back(statement);
    else
      skipToStatement(start);
  }
  take();
  body = copy(statements);
  return true;
}

const Stmt *Parser::parseStatement() {
  llvm::SMLoc start = peek().range().Start;
  if (peek().is("for"))
    return parseFor();
  if (accept("return")) {
    std::vector<const Expr *> values;
    do {
      const Expr *value = parseExpr();
      if (!value)
        return nullptr;
      values.push_back(value);
    } while (accept(","));
    auto *statement = make<ReturnStmt>(start);
    statement->values = copy(values);
    return finish(statement, values);
  }
  const Expr *value = parseExpr();
  if (!value)
    return nullptr;
  if (!peek().is("=") && !peek().is(",")) {
    auto *statement = make<ValueStmt>(start);
    statement->value = value;
    return finish(statement, value);
  }
  // What looked like an expression is the name of a new value.
  auto *first = llvm::dyn_cast<NameExpr>(value);
  if (!first) {
    sink.error(value->range, "only a name can be given a value");
    return nullptr;
  }
  std::vector<Target> targets{{first->name, first->range}};
  while (accept(",")) {
    Token name;
    if (!expectName("a name", name))
      return nullptr;
    targets.push_back({name.text, name.range()});
  }
  if (!expect("=", "and a value") || !(value = parseExpr()))
    return nullptr;
  auto *statement = make<AssignStmt>(start);
  statement->targets = copy(targets);
  statement->value = value;
  return finish(statement, value);
}

const Stmt *Parser::parseFor() {
  llvm::SMLoc start = take().range().Start;
  bool pair = accept("(");
  Token first, second;
  if (!expectName("the name of the loop's variable", first))
    return nullptr;
  std::vector<Target> variables{{first.text, first.range()}};
  if (pair) {
    if (!expect(",", "and a name for the count") || !expectName("a name for the count", second) ||
        !expect(")", "after the variables"))
      return nullptr;
    variables.push_back({second.text, second.range()});
  }
  Body body;
  const Expr *range = nullptr;
  if (!expect("in", "and what to loop over") || !(range = parseExpr()) || !parseBody(body))
    return nullptr;
  auto *statement = make<ForStmt>(start);
  statement->variables = copy(variables);
  statement->list = range;
  statement->body = body;
  return finish(statement, range, body);
}
