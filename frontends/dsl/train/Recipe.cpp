//===- Recipe.cpp - a train block as JSON ---------------------------------===//
//
// The format is docs/recipe.md. Numbers are written as shortly as they can be
// read back exactly.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/train/Train.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

static std::string quoted(StringRef text) {
  std::string result;
  llvm::raw_string_ostream(result) << llvm::json::Value(text);
  return result;
}

static std::string joined(llvm::ArrayRef<std::string> items, StringRef open, StringRef close) {
  return open.str() + llvm::join(items, ", ") + close.str();
}

static std::string toJson(const Value &value);

static std::string callJson(StringRef callee, llvm::ArrayRef<std::string> args, llvm::ArrayRef<std::string> named) {
  return "{\"call\": " + quoted(callee) + ", \"args\": " + joined(args, "[", "]") + ", \"named\": " + joined(named, "{", "}") +
         "}";
}

static std::string toJson(const Value &value) {
  if (auto *integer = value.as<int64_t>())
    return std::to_string(*integer);
  if (auto *real = value.as<double>())
    return numberText(*real);
  if (auto *flag = value.as<bool>())
    return *flag ? "true" : "false";
  if (auto *text = value.as<std::string>())
    return quoted(*text);
  if (auto *quantity = value.as<Quantity>())
    return "{\"value\": " + numberText(quantity->value) + ", \"unit\": " + quoted(nameOf(quantity->unit)) + "}";
  if (auto *shape = value.as<CheckedShape>())
    return quoted(shape->str());
  std::vector<std::string> args, named;
  if (const List *list = value.list()) {
    for (const Value &element : list->elements)
      args.push_back(toJson(element));
    return joined(args, "[", "]");
  }
  if (const Record *record = value.record()) {
    for (const Value &arg : record->args)
      args.push_back(toJson(arg));
    for (auto &[name, arg] : record->named)
      named.push_back(quoted(name) + ": " + toJson(arg));
    return callJson(record->signature->name, args, named);
  }
  return "null";
}

/// The source text of an argument: types and numbers as they were written.
static std::string sourceOf(const Expr *expr) {
  const char *begin = expr->range.Start.getPointer();
  StringRef text(begin, expr->range.End.getPointer() - begin);
  return text.starts_with("f32") ? quoted(text) : text.starts_with("\"") ? quoted(text.drop_front().drop_back()) : text.str();
}

/// The call of the model. Its arguments are literals; anything else is kept as text.
static std::string modelJson(const Expr *expr) {
  auto *call = llvm::dyn_cast<CallExpr>(expr);
  if (!call)
    return llvm::isa<NameExpr>(expr) ? callJson(llvm::cast<NameExpr>(expr)->name, {}, {}) : "null";
  std::vector<std::string> args, named;
  for (const CallExpr::Argument &argument : call->arguments) {
    bool isLiteral = llvm::isa<IntegerExpr, FloatExpr, BoolExpr, StringExpr, IndexExpr>(argument.value);
    std::string text = isLiteral ? sourceOf(argument.value) : quoted(sourceOf(argument.value));
    if (argument.name.empty())
      args.push_back(text);
    else
      named.push_back(quoted(argument.name) + ": " + text);
  }
  return callJson(call->callee, args, named);
}

std::string dsl::recipeJson(const TrainBlock &block, const TrainValues &values) {
  std::vector<std::string> members{"\"name\": " + quoted(block.name)};
  for (auto &[name, entry] : block.entries) {
    auto value = values.find(name);
    std::string text;
    if (value == values.end())
      text = modelJson(entry.value);
    else if (name == "loss" && !llvm::isa<ListExpr>(entry.value) && value->second.list())
      text = toJson(value->second.list()->elements.front());
    else
      text = toJson(value->second);
    members.push_back(quoted(name) + ": " + text);
  }
  return joined(members, "{", "}");
}
