//===- ParseExpr.cpp - expressions ----------------------------------------===//

#include "frontends/dsl/Parser.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

const Expr *Parser::finish(Expr *expr, llvm::ArrayRef<const Expr *> children) {
  for (const Expr *child : children)
    if (child)
      expr->depth = std::max(expr->depth, child->depth + 1);
  if (expr->depth <= maxDepth)
    return expr;
  sink.error(expr->range, "an expression of more than " + llvm::Twine(maxDepth) + " operators in one another")
      .help("give an inner part a name of its own");
  return nullptr;
}

const Expr *Parser::parseOnlyExpression() {
  const Expr *expr = parseExpr();
  if (expr && peek().kind != TokenKind::End) {
    unexpected("the end of the expression");
    return nullptr;
  }
  return expr;
}

const Expr *Parser::parseExpr() {
  if (tooDeep())
    return nullptr;
  ++nesting;
  llvm::scope_exit leave([&] { --nesting; });
  llvm::SMLoc start = peek().range().Start;
  const Expr *head = parseBinary(0);
  if (!head || !peek().is("|>"))
    return head;
  std::vector<const CallExpr *> stages;
  std::vector<const Expr *> children{head};
  while (accept("|>")) {
    Token name;
    if (!expectName("the name of a layer or block after '|>'", name))
      return nullptr;
    const CallExpr *stage = parseCall(name, /*needsArguments=*/false);
    if (!stage)
      return nullptr;
    stages.push_back(stage);
    children.push_back(stage);
  }
  auto *pipe = make<PipeExpr>(start);
  pipe->head = head;
  pipe->stages = copy(stages);
  return finish(pipe, children);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

namespace {
/// Operators that bind equally, the loosest level first.
struct Level {
  llvm::ArrayRef<StringRef> operators;
  bool chains;
};
} // namespace
static constexpr StringRef orWords[] = {"or"}, andWords[] = {"and"}, compareWords[] = {"==", "!=", "<", "<=", ">", ">="},
                           rangeWords[] = {".."}, sumWords[] = {"+", "-"}, productWords[] = {"*", "/", "%"};
static const Level levels[] = {{orWords, true},     {andWords, true}, {compareWords, false},
                               {rangeWords, false}, {sumWords, true}, {productWords, true}};
static constexpr unsigned compareLevel = 2;

const Expr *Parser::parseBinary(unsigned level) {
  if (level == std::size(levels))
    return parseUnary();
  llvm::SMLoc start = peek().range().Start;
  // `not` is looser than a comparison.
  if (level == compareLevel && peek().is("not")) {
    if (tooDeep())
      return nullptr;
    Token op = take();
    ++nesting;
    llvm::scope_exit leave([&] { --nesting; });
    const Expr *operand = parseBinary(level);
    if (!operand)
      return nullptr;
    auto *expr = make<UnaryExpr>(start);
    expr->op = op.text;
    expr->operand = operand;
    return finish(expr, operand);
  }
  const Expr *lhs = parseBinary(level + 1);
  while (lhs && llvm::any_of(levels[level].operators, [&](StringRef op) { return peek().is(op); })) {
    Token op = take();
    const Expr *rhs = parseBinary(level + 1);
    if (!rhs)
      return nullptr;
    auto *expr = make<BinaryExpr>(start);
    expr->op = op.text;
    expr->opRange = op.range();
    expr->lhs = lhs;
    expr->rhs = rhs;
    lhs = finish(expr, {lhs, rhs});
    if (!levels[level].chains)
      break;
  }
  return lhs;
}

const Expr *Parser::parseUnary() {
  if (!peek().is("-"))
    return parsePostfix();
  if (tooDeep())
    return nullptr;
  Token op = take();
  ++nesting;
  llvm::scope_exit leave([&] { --nesting; });
  const Expr *operand = parseUnary();
  if (!operand)
    return nullptr;
  auto *expr = make<UnaryExpr>(op.range().Start);
  expr->op = op.text;
  expr->operand = operand;
  return finish(expr, operand);
}

const Expr *Parser::parsePostfix() {
  llvm::SMLoc start = peek().range().Start;
  const Expr *expr = parsePrimary();
  while (expr) {
    if (accept(".")) {
      Token name;
      if (!expectName("the name of an attribute", name))
        return nullptr;
      auto *attribute = make<AttributeExpr>(start);
      attribute->base = expr;
      attribute->name = name.text;
      attribute->nameRange = name.range();
      expr = finish(attribute, expr);
    } else if (peek().is("[") && !peek().firstOnLine) {
      take();
      std::vector<const Expr *> indices;
      if (!parseList("]", indices))
        return nullptr;
      auto *index = make<IndexExpr>(start);
      index->base = expr;
      index->indices = copy(indices);
      indices.push_back(expr);
      expr = finish(index, indices);
    } else {
      return expr;
    }
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Primary expressions
//===----------------------------------------------------------------------===//

const Expr *Parser::parsePrimary() {
  Token token = peek();
  llvm::SMLoc start = token.range().Start;
  if (token.kind == TokenKind::Integer || token.kind == TokenKind::Float)
    return parseNumber();
  if (token.kind == TokenKind::String)
    return parseString(take());
  if (token.is("true") || token.is("false")) {
    take();
    auto *expr = make<BoolExpr>(start);
    expr->value = token.is("true");
    return expr;
  }
  if (token.is("if"))
    return parseIf();
  if (accept("(")) {
    const Expr *expr = parseExpr();
    return expr && expect(")", "to close '('") ? expr : nullptr;
  }
  if (accept("[")) {
    std::vector<const Expr *> elements;
    if (!parseList("]", elements))
      return nullptr;
    auto *list = make<ListExpr>(start);
    list->elements = copy(elements);
    return finish(list, elements);
  }
  if (token.kind != TokenKind::Name) {
    unexpected("an expression");
    return nullptr;
  }
  take();
  if (peek().is("@") || (peek().is("(") && !peek().firstOnLine))
    return parseCall(token, /*needsArguments=*/true);
  auto *name = make<NameExpr>(start);
  name->name = token.text;
  return name;
}

static std::optional<Unit> unitOf(StringRef word) {
  return llvm::StringSwitch<std::optional<Unit>>(word)
      .Cases({"epoch", "epochs"}, Unit::Epochs)
      .Cases({"step", "steps"}, Unit::Steps)
      .Case("%", Unit::Percent)
      .Case("KiB", Unit::KiB)
      .Case("MiB", Unit::MiB)
      .Case("GiB", Unit::GiB)
      .Case("s", Unit::Seconds)
      .Case("min", Unit::Minutes)
      .Case("h", Unit::Hours)
      .Default(std::nullopt);
}

const Expr *Parser::parseNumber() {
  Token token = take();
  llvm::SMLoc start = token.range().Start;
  double real = 0;
  int64_t integer = 0;
  if (token.text.getAsDouble(real) || !std::isfinite(real) ||
      (token.kind == TokenKind::Integer && token.text.getAsInteger(10, integer))) {
    sink.error(token.range(), "the number " + token.text.take_front(40) + " is too large");
    return nullptr;
  }
  const Token &next = peek();
  bool isPercent = next.is("%") && next.text.begin() == token.text.end();
  if (isPercent || (next.kind == TokenKind::Name && !next.firstOnLine)) {
    std::optional<Unit> unit = unitOf(next.text);
    if (!unit) {
      sink.error(next.range(), "unknown unit '" + next.text + "'" +
                                   didYouMean(next.text, {"epochs", "steps", "KiB", "MiB", "GiB", "s", "min", "h"}))
          .help("units are epochs, steps, %, KiB, MiB, GiB, s, min, h");
      return nullptr;
    }
    take();
    auto *expr = make<QuantityExpr>(start);
    expr->value = real;
    expr->unit = *unit;
    return expr;
  }
  if (token.kind == TokenKind::Integer) {
    auto *expr = make<IntegerExpr>(start);
    expr->value = integer;
    return expr;
  }
  auto *expr = make<FloatExpr>(start);
  expr->value = real;
  return expr;
}

const StringExpr *Parser::parseString(const Token &token) {
  StringRef text = token.text.drop_front();
  text.consume_back("\"");
  std::vector<StringExpr::Part> parts;
  std::vector<const Expr *> children;
  std::string literal;
  auto rangeAt = [&](size_t from, size_t length) {
    return llvm::SMRange(llvm::SMLoc::getFromPointer(text.begin() + from),
                         llvm::SMLoc::getFromPointer(text.begin() + from + length));
  };
  auto flush = [&] {
    if (!literal.empty())
      parts.push_back({StringRef(literal).copy(arena), nullptr});
    literal.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      char escape = ++i < text.size() ? text[i] : ' ';
      StringRef known = "nt\"\\{}", meaning = "\n\t\"\\{}";
      size_t which = known.find(escape);
      if (which == StringRef::npos) {
        sink.error(rangeAt(i - 1, 2), "unknown escape in a string").help("escapes are \\n, \\t, \\\", \\\\, \\{ and \\}");
        return nullptr;
      }
      literal += meaning[which];
    } else if (text[i] == '{') {
      size_t close = text.find('}', i);
      if (close == StringRef::npos) {
        sink.error(rangeAt(i, 1), "'{' in a string is not closed").help("write '\\{' for the character itself");
        return nullptr;
      }
      flush();
      if (tooDeep())
        return nullptr;
      const Expr *value = Parser(text.slice(i + 1, close), arena, sink, nesting + 1).parseOnlyExpression();
      if (!value)
        return nullptr;
      parts.push_back({"", value});
      children.push_back(value);
      i = close;
    } else {
      literal += text[i];
    }
  }
  flush();
  auto *expr = make<StringExpr>(token.range().Start);
  expr->range = token.range();
  expr->parts = copy(parts);
  return llvm::cast_if_present<StringExpr>(finish(expr, children));
}

const Expr *Parser::parseIf() {
  llvm::SMLoc start = peek().range().Start;
  if (tooDeep())
    return nullptr;
  ++nesting;
  llvm::scope_exit leave([&] { --nesting; });
  take();
  auto *expr = make<IfExpr>(start);
  if (!(expr->condition = parseBinary(0)) || !parseBody(expr->thenBody))
    return nullptr;
  if (!accept("else")) {
    unexpected("'else'").help("'if' is an expression and needs a value either way: if c { a } else { b }");
    return nullptr;
  }
  if (peek().is("if")) {
    const Expr *nested = parseIf();
    if (!nested)
      return nullptr;
    auto *value = make<ValueStmt>(nested->range.Start);
    value->value = nested;
    finish(value, nested);
    expr->elseBody = copy(std::vector<const Stmt *>{value});
  } else if (!parseBody(expr->elseBody)) {
    return nullptr;
  }
  expr->range.End = previousEnd;
  for (Body body : {expr->thenBody, expr->elseBody})
    for (const Stmt *statement : body)
      expr->depth = std::max(expr->depth, statement->depth + 1);
  return finish(expr, expr->condition);
}
