//===- ParseCall.cpp - calls, their arguments and labels ------------------===//

#include "frontends/dsl/Parser.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

bool Parser::parseList(StringRef close, std::vector<const Expr *> &elements) {
  while (!accept(close)) {
    const Expr *element = parseExpr();
    if (!element)
      return false;
    elements.push_back(element);
    if (!accept(",") && !peek().is(close))
      return expect(close, "or ',' in the list");
  }
  return true;
}

bool Parser::parseArguments(std::vector<CallExpr::Argument> &arguments) {
  while (!accept(")")) {
    const Expr *value = parseExpr();
    if (!value)
      return false;
    CallExpr::Argument argument{"", {}, value};
    if (auto *name = llvm::dyn_cast<NameExpr>(value); name && accept(":")) {
      if (!(argument.value = parseExpr()))
        return false;
      argument.name = name->name;
      argument.nameRange = name->range;
    }
    arguments.push_back(argument);
    if (!accept(",") && !peek().is(")"))
      return expect(")", "or ',' in the arguments");
  }
  return true;
}

const StringExpr *Parser::parseLabel() {
  if (peek().kind == TokenKind::String && !peek().firstOnLine)
    return parseString(take());
  if (peek().kind != TokenKind::Name || peek().firstOnLine) {
    unexpected("a name after '@'").help("write @conv1, or @\"layer{i}.conv1\" for a name that is made");
    return nullptr;
  }
  Token name = take();
  auto *label = make<StringExpr>(name.range().Start);
  label->parts = copy(std::vector<StringExpr::Part>{{name.text, nullptr}});
  return label;
}

const CallExpr *Parser::parseCall(const Token &name, bool needsArguments) {
  std::vector<CallExpr::Argument> arguments;
  if (peek().is("(") && !peek().firstOnLine) {
    take();
    if (!parseArguments(arguments))
      return nullptr;
  } else if (needsArguments) {
    unexpected("'(' and arguments after '" + name.text + "'");
    return nullptr;
  }
  const StringExpr *label = nullptr;
  llvm::SMLoc end = previousEnd;
  if (accept("@") && !(label = parseLabel()))
    return nullptr;
  auto *call = make<CallExpr>(name.range().Start);
  call->range.End = end;
  call->callee = name.text;
  call->calleeRange = name.range();
  call->arguments = copy(arguments);
  call->label = label;
  std::vector<const Expr *> children{label};
  for (const CallExpr::Argument &argument : arguments)
    children.push_back(argument.value);
  return llvm::cast_if_present<CallExpr>(finish(call, children));
}
