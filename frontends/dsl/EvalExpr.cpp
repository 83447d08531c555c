//===- EvalExpr.cpp - the worth of an expression --------------------------===//

#include "frontends/dsl/Elaborator.h"
#include "llvm/ADT/ScopeExit.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::cast;
using llvm::StringRef;

bool Elaborator::step(llvm::SMRange range) {
  if (++steps <= maxSteps)
    return true;
  if (steps == maxSteps + 1)
    error(range, "the model takes more than " + llvm::Twine(maxSteps) + " evaluations to build").help("loop over less");
  return false;
}

void Elaborator::addStack(Diagnostic &diagnostic) {
  constexpr size_t shown = 6;
  size_t blocks = 0;
  for (const Frame &frame : llvm::reverse(frames))
    if (!frame.function->isModel && ++blocks <= shown)
      diagnostic.context("in block '" + frame.function->name + "', instantiated at " + sink.position(frame.call.Start) +
                         (frame.path.empty() ? "" : " as " + frame.path));
  if (blocks > shown)
    diagnostic.context("and in " + llvm::Twine(blocks - shown) + " blocks around it");
}

Diagnostic &Elaborator::error(llvm::SMRange range, const llvm::Twine &message) {
  Diagnostic &diagnostic = sink.error(range, message);
  addStack(diagnostic);
  return diagnostic;
}

Value Elaborator::evaluate(const Expr *expr) {
  if (!step(expr->range))
    return {};
  if (depth >= maxDepth) {
    error(expr->range, "expressions and blocks are nested more than " + llvm::Twine(maxDepth) + " levels deep")
        .help("give an inner part a name of its own");
    return {};
  }
  ++depth;
  llvm::scope_exit leave([&] { --depth; });
  return evaluateKind(expr);
}

Value Elaborator::evaluateKind(const Expr *expr) {
  switch (expr->kind) {
  case Expr::Kind::Integer:
    return cast<IntegerExpr>(expr)->value;
  case Expr::Kind::Float:
    return cast<FloatExpr>(expr)->value;
  case Expr::Kind::Bool:
    return cast<BoolExpr>(expr)->value;
  case Expr::Kind::Quantity:
    return Quantity{cast<QuantityExpr>(expr)->value, cast<QuantityExpr>(expr)->unit};
  case Expr::Kind::String:
    return evaluateString(*cast<StringExpr>(expr));
  case Expr::Kind::Name:
    return evaluateName(*cast<NameExpr>(expr));
  case Expr::Kind::List:
    return evaluateList(*cast<ListExpr>(expr));
  case Expr::Kind::Index:
    return evaluateIndex(*cast<IndexExpr>(expr));
  case Expr::Kind::Attribute:
    return evaluateAttribute(*cast<AttributeExpr>(expr));
  case Expr::Kind::Unary:
    return evaluateUnary(*cast<UnaryExpr>(expr));
  case Expr::Kind::Binary:
    return evaluateBinary(*cast<BinaryExpr>(expr));
  case Expr::Kind::If:
    return evaluateIf(*cast<IfExpr>(expr));
  case Expr::Kind::Call:
    return only(evaluateCall(*cast<CallExpr>(expr), nullptr), *cast<CallExpr>(expr));
  case Expr::Kind::Pipe:
    return only(evaluateAll(expr), *cast<PipeExpr>(expr)->stages.back());
  }
  return {};
}

Value Elaborator::evaluateName(const NameExpr &expr) {
  if (!frames.empty())
    for (Scope &scope : llvm::reverse(frames.back().scopes))
      if (auto found = scope.values.find(expr.name); found != scope.values.end())
        return found->second;
  error(expr.range, "unknown name '" + expr.name + "'").help("a text is written in quotes, a call with parentheses");
  return {};
}

Value Elaborator::evaluateString(const StringExpr &expr) {
  std::string text;
  for (const StringExpr::Part &part : expr.parts) {
    if (!part.value) {
      text += part.text;
    } else {
      Value value = evaluate(part.value);
      if (value.isBad())
        return {};
      if (auto *inner = value.as<std::string>())
        text += *inner;
      else if (auto *integer = value.as<int64_t>())
        text += std::to_string(*integer);
      else if (auto *real = value.as<double>())
        text += numberText(*real);
      else {
        error(part.value->range, "a text cannot hold " + value.describe()).help("put an integer, a number or a text there");
        return {};
      }
    }
    if (text.size() > maxText) {
      error(expr.range, "a text of more than " + llvm::Twine(maxText) + " bytes").help("use shorter names");
      return {};
    }
  }
  return text;
}

std::optional<Value> dsl::makeList(std::vector<Value> elements) {
  auto list = std::make_shared<List>();
  list->size = elements.size();
  for (const Value &element : elements)
    if (const List *inner = element.list()) {
      list->size += inner->size;
      list->depth = std::max(list->depth, inner->depth + 1);
    }
  if (list->size > List::maxSize || list->depth > List::maxDepth)
    return std::nullopt;
  list->elements = std::move(elements);
  return Value(std::shared_ptr<const List>(list));
}

Value Elaborator::evaluateList(const ListExpr &expr) {
  std::vector<Value> elements;
  for (const Expr *element : expr.elements) {
    elements.push_back(evaluate(element));
    if (elements.back().isBad())
      return {};
  }
  if (std::optional<Value> list = makeList(std::move(elements)))
    return *list;
  error(expr.range,
        "a list of more than " + llvm::Twine(List::maxSize) + " elements or " + llvm::Twine(List::maxDepth) + " levels")
      .help("use a smaller one");
  return {};
}

Value Elaborator::evaluateIndex(const IndexExpr &expr) {
  if (auto *name = llvm::dyn_cast<NameExpr>(expr.base); name && name->name == "f32")
    return evaluateShape(expr.indices, expr.range);
  Value base = evaluate(expr.base), index = expr.indices.size() == 1 ? evaluate(expr.indices[0]) : Value(Value::None());
  if (base.isBad() || index.isBad())
    return {};
  const List *list = base.list();
  auto *place = index.as<int64_t>();
  if (!list || !place) {
    error(expr.range, "'[…]' takes one integer and a list, got " + base.describe())
        .help("tensors have .channels, .height, .width");
    return {};
  }
  if (*place < 0 || *place >= static_cast<int64_t>(list->elements.size())) {
    error(expr.range, "index " + llvm::Twine(*place) + " is outside of " + base.describe()).help("the first is [0]");
    return {};
  }
  return list->elements[*place];
}

Value Elaborator::evaluateShape(llvm::ArrayRef<const Expr *> sizes, llvm::SMRange range) {
  std::vector<int64_t> result;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    auto *name = llvm::dyn_cast<NameExpr>(size);
    bool isBatch = name && name->name == "N";
    if (isBatch != (i == 0)) {
      error(size->range, isBatch ? "the batch N stands first in a type" : "a type starts with the batch N")
          .help("write f32[N, 3, 32, 32]");
      return {};
    }
    if (isBatch) {
      result.push_back(mlir::ShapedType::kDynamic);
      continue;
    }
    Value value = evaluate(size);
    if (value.isBad())
      return {};
    auto *integer = value.as<int64_t>();
    if (!integer) {
      error(size->range, "a size is an integer, got " + value.describe()).help("write f32[N, 3, 32, 32]");
      return {};
    }
    // kDynamic is a number too.
    result.push_back(*integer == mlir::ShapedType::kDynamic ? 0 : *integer);
  }
  if (result.size() < 2) {
    error(range, "a type has the batch N and at least one size").help("write f32[N, 3, 32, 32]");
    return {};
  }
  std::string why;
  std::optional<CheckedShape> shape = CheckedShape::get(result, why);
  if (shape)
    return *shape;
  error(range, "the type is " + why).help("use smaller sizes");
  return {};
}

Value Elaborator::evaluateAttribute(const AttributeExpr &expr) {
  Value base = evaluate(expr.base);
  if (base.isBad())
    return {};
  auto *tensor = base.as<Tensor>();
  if (!tensor) {
    error(expr.nameRange, base.describe() + " has no attributes").help("tensors have .channels, .height, .width, .features");
    return {};
  }
  struct Attribute {
    StringRef name;
    size_t dimension, rank; // rank 0: any
  };
  static constexpr Attribute attributes[] = {{"channels", 1, 0}, {"length", 2, 3}, {"depth", 2, 5}, {"height", 3, 5},
                                             {"height", 2, 4},   {"width", 4, 5},  {"width", 3, 4}, {"features", 1, 2}};
  std::vector<StringRef> names;
  const Attribute *known = nullptr;
  for (const Attribute &attribute : attributes) {
    names.push_back(attribute.name);
    if (attribute.name != expr.name)
      continue;
    if (!attribute.rank || attribute.rank == tensor->shape.rank())
      return tensor->shape[attribute.dimension];
    known = &attribute;
  }
  if (known) {
    error(expr.nameRange,
          "'" + expr.name + "' is an attribute of " + llvm::Twine(known->rank) + "-d tensors, got " + tensor->shape.str())
        .note("that tensor comes from " + tensor->origin.what + " at " + sink.where(tensor->origin.place, expr.range.Start));
    return {};
  }
  error(expr.nameRange, "tensors have no attribute '" + expr.name + "'" + didYouMean(expr.name, names))
      .help("they have .channels, .height, .width, .features");
  return {};
}

Value Elaborator::evaluateUnary(const UnaryExpr &expr) {
  if (expr.op == "not") {
    std::optional<bool> condition = evaluateCondition(expr.operand, "'not'");
    return condition ? Value(!*condition) : Value();
  }
  Value operand = evaluate(expr.operand);
  if (operand.isBad())
    return {};
  // -2^63 is not written in the language, so that every integer has a negative.
  if (auto *integer = operand.as<int64_t>(); integer && *integer != std::numeric_limits<int64_t>::min())
    return -*integer;
  if (auto *real = operand.as<double>())
    return -*real;
  if (operand.as<Tensor>())
    return applyOperator("affine", {operand, -1.0, 0.0}, expr.range, "-");
  error(expr.range, "'-' needs a number or a tensor, got " + operand.describe()).help("nothing else has a sign");
  return {};
}

std::optional<bool> Elaborator::evaluateCondition(const Expr *expr, StringRef what) {
  Value value = evaluate(expr);
  if (value.isBad())
    return std::nullopt;
  if (auto *condition = value.as<bool>())
    return *condition;
  error(expr->range, what + " needs true or false, got " + value.describe()).help("compare with ==, !=, <, <=, > or >=");
  return std::nullopt;
}

Value Elaborator::evaluateIf(const IfExpr &expr) {
  std::optional<bool> condition = evaluateCondition(expr.condition, "'if'");
  if (!condition)
    return {};
  if (frames.empty()) {
    error(expr.range, "'if' has no place here").help("write the value itself");
    return {};
  }
  frames.back().scopes.push_back({/*isLoop=*/false, {}});
  std::vector<Value> values = runBody(*condition ? expr.thenBody : expr.elseBody);
  frames.back().scopes.pop_back();
  if (values.size() == 1)
    return values[0];
  if (values.empty())
    error(expr.range, "a branch of this 'if' has no value").help("write the value as its last line");
  return {};
}
