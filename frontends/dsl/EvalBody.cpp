//===- EvalBody.cpp - statements, parameters and results ------------------===//

#include "frontends/dsl/Elaborator.h"
#include "llvm/ADT/StringExtras.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::cast;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

std::vector<Value> Elaborator::runBody(Body body) {
  for (const Stmt *statement : body) {
    if (!step(statement->range))
      return {Value()};
    if (auto *assignment = llvm::dyn_cast<AssignStmt>(statement)) {
      assign(*assignment);
    } else if (auto *loop = llvm::dyn_cast<ForStmt>(statement)) {
      runFor(*loop);
    } else if (auto *end = llvm::dyn_cast<ReturnStmt>(statement)) {
      if (end->values.size() == 1)
        return evaluateAll(end->values[0]);
      std::vector<Value> values;
      for (const Expr *value : end->values)
        values.push_back(evaluate(value));
      return values;
    } else {
      Value value = evaluate(cast<ValueStmt>(statement)->value);
      if (statement == body.back())
        return {value};
    }
  }
  return {};
}

void Elaborator::set(StringRef name, Value value) {
  if (name == "_")
    return;
  std::vector<Scope> &scopes = frames.back().scopes;
  // A loop's body gives a value that stands outside of it.
  for (size_t i = scopes.size(); i-- > 0;) {
    if (auto found = scopes[i].values.find(name); found != scopes[i].values.end()) {
      found->second = std::move(value);
      return;
    }
    if (!scopes[i].isLoop)
      break;
  }
  scopes.back().values[name] = std::move(value);
}

void Elaborator::assign(const AssignStmt &assign) {
  std::vector<Value> values = assign.targets.size() == 1 ? std::vector<Value>{evaluate(assign.value)} : evaluateAll(assign.value);
  bool fits = values.size() == assign.targets.size();
  if (!fits && (values.size() != 1 || !values[0].isBad()))
    error(assign.range, counted(assign.targets.size(), "name") + " for " + counted(values.size(), "value"))
        .help("'_' takes a value that is not wanted");
  for (auto [i, target] : llvm::enumerate(assign.targets)) {
    if (auto *tensor = fits && target.name == "_" ? values[i].as<Tensor>() : nullptr)
      model.discard(tensor->value);
    set(target.name, fits ? values[i] : Value());
  }
}

/// After an error inside, what the body would have given is unknown.
void Elaborator::forget(Body body) {
  for (const Stmt *statement : body) {
    if (auto *assignment = llvm::dyn_cast<AssignStmt>(statement))
      for (const Target &target : assignment->targets)
        set(target.name, Value());
    else if (auto *loop = llvm::dyn_cast<ForStmt>(statement))
      forget(loop->body);
  }
}

void Elaborator::runFor(const ForStmt &loop) {
  Value range = evaluate(loop.list);
  const List *list = range.list();
  if (!list) {
    if (!range.isBad())
      error(loop.list->range, "'for' needs a list or a range, got " + range.describe()).help("write 0..3, or [64, 128]");
    return forget(loop.body);
  }
  for (auto [i, element] : llvm::enumerate(list->elements)) {
    if (!step(loop.list->range))
      return forget(loop.body);
    frames.back().scopes.push_back({/*isLoop=*/true, {}});
    llvm::StringMap<Value> &values = frames.back().scopes.back().values;
    values[loop.variables[0].name] = element;
    if (loop.variables.size() > 1)
      values[loop.variables[1].name] = static_cast<int64_t>(i);
    runBody(loop.body);
    frames.back().scopes.pop_back();
  }
}

//===----------------------------------------------------------------------===//
// Parameters and results
//===----------------------------------------------------------------------===//

namespace {
/// A type that a parameter can be declared with.
struct ScalarType {
  StringRef name;
  ArgumentType::Kind kind;
};
} // namespace
static constexpr ScalarType scalarTypes[] = {{"int", ArgumentType::Kind::Integer},
                                             {"float", ArgumentType::Kind::Number},
                                             {"bool", ArgumentType::Kind::Bool},
                                             {"string", ArgumentType::Kind::Text},
                                             {"tensor", ArgumentType::Kind::Tensor}};

static std::string spelled(const TypeExpr &type) { return type.isList ? ("[" + type.name + "]").str() : type.name.str(); }

bool Elaborator::convertParameter(const Function &function, const Parameter &parameter, Value &value, llvm::SMRange range) {
  if (value.isBad())
    return false;
  StringRef kind = function.isModel ? "model" : "block";
  auto fail = [&](const llvm::Twine &wanted) {
    Diagnostic &diagnostic = error(range, "'" + parameter.name + "' of " + kind + " '" + function.name + "' takes " + wanted +
                                              ", got " + value.describe());
    if (!parameter.type)
      diagnostic.help("declare its type: " + parameter.name + ": int");
    else
      diagnostic.note("declared at " + sink.where(parameter.range.Start, range.Start));
    return false;
  };
  if (!parameter.type)
    return value.as<Tensor>() ? true : fail("a tensor");
  const TypeExpr &type = *parameter.type;
  if (type.name == "f32" && !type.isList) {
    auto *tensor = value.as<Tensor>();
    if (!tensor)
      return fail("a tensor");
    if (!type.sizes)
      return true;
    Value declared = evaluateShape(*type.sizes, type.range);
    if (declared.isBad())
      return false;
    return tensor->shape == *declared.as<CheckedShape>() ? true : fail(declared.as<CheckedShape>()->str());
  }
  std::vector<StringRef> names{"f32"};
  for (const ScalarType &scalar : scalarTypes) {
    names.push_back(scalar.name);
    if (scalar.name != type.name || type.sizes)
      continue;
    ArgumentType wanted{scalar.kind};
    std::string why;
    if (!type.isList) {
      std::optional<Value> converted = wanted.convert(value, why);
      if (!converted)
        return fail(spelled(type));
      value = *converted;
      return true;
    }
    if (!value.list())
      return fail(spelled(type));
    std::vector<Value> elements;
    for (const Value &element : value.list()->elements) {
      std::optional<Value> converted = wanted.convert(element, why);
      if (!converted)
        return fail(spelled(type));
      elements.push_back(*converted);
    }
    value = makeList(std::move(elements)).value_or(Value());
    return true;
  }
  error(type.range, "unknown type '" + type.name + "'" + didYouMean(type.name, names))
      .help("types are f32[N, …], tensor, int, float, bool, string and lists of these: [int]");
  return false;
}

void Elaborator::checkResults(const Function &function, const std::vector<Value> &results) {
  if (function.results.empty() || llvm::any_of(results, [](const Value &value) { return value.isBad(); }))
    return;
  StringRef kind = function.isModel ? "model '" : "block '";
  if (results.size() != function.results.size()) {
    error(function.range, kind + function.name + "' returns " + counted(results.size(), "value") + ", but declares " +
                              llvm::Twine(function.results.size()))
        .help("declare -> (f32[N, …], f32[N, …])");
    return;
  }
  for (auto [value, result] : llvm::zip_equal(results, function.results)) {
    const TypeExpr &type = *result.type;
    if (type.name != "f32" || type.isList || !type.sizes) {
      error(type.range, "a result is a tensor, not '" + spelled(type) + "'").help("write f32[N, 10]");
      continue;
    }
    Value declared = evaluateShape(*type.sizes, type.range);
    auto *tensor = value.as<Tensor>();
    if (declared.isBad())
      continue;
    if (!tensor)
      error(type.range,
            kind + function.name + "' returns " + value.describe() + ", but declares " + declared.as<CheckedShape>()->str())
          .help("return a tensor");
    else if (!(tensor->shape == *declared.as<CheckedShape>()))
      error(type.range,
            kind + function.name + "' returns " + tensor->shape.str() + ", but declares " + declared.as<CheckedShape>()->str())
          .note("that tensor comes from " + tensor->origin.what + " at " + sink.where(tensor->origin.place, type.range.Start));
  }
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

bool Elaborator::readModelArguments(const Function &function, const CallExpr &call, llvm::StringMap<const Expr *> &given) {
  Callee callee = calleeOf(function);
  bool good = true;
  size_t next = 0;
  for (const CallExpr::Argument &argument : call.arguments) {
    std::optional<size_t> index = parameterOf(argument, next, callee);
    next += argument.name.empty();
    bool isNew = index && given.try_emplace(callee.parameters[*index], argument.value).second;
    if (index && !isNew)
      reportTwice(argument.name.empty() ? argument.value->range : argument.nameRange, *index, callee);
    good &= isNew;
  }
  return good;
}

Value Elaborator::inputShape(const Function &function, const Parameter &input, const Expr *given) {
  std::string what = ("'" + input.name + "' of model '" + function.name + "'").str();
  if (!input.type || !input.type->sizes) {
    error(input.range, what + " needs a shape").help("write " + input.name + ": f32[N, 3, 32, 32]");
    return {};
  }
  if (input.defaultValue)
    error(input.defaultValue->range, "an input has no default").help("remove it");
  Value shape = given ? evaluate(given) : evaluateShape(*input.type->sizes, input.type->range);
  if (shape.isBad() || shape.as<CheckedShape>())
    return input.defaultValue ? Value() : shape;
  error(given->range, what + " takes a type, got " + shape.describe()).help("write f32[N, 3, 32, 32]");
  return {};
}

Value Elaborator::modelNumber(const Function &function, const Parameter &parameter, const Expr *given) {
  const Expr *expr = given ? given : parameter.defaultValue;
  if (!expr) {
    error(parameter.range, "'" + parameter.name + "' of model '" + function.name + "' has no value")
        .help("give it a default, or a value in the train block: model = " + function.name + "(" + parameter.name + ": …)");
    return {};
  }
  Value value = evaluate(expr);
  return convertParameter(function, parameter, value, expr->range) ? value : Value();
}

std::optional<llvm::StringMap<Value>> Elaborator::modelArguments(const Function &function, const CallExpr *given) {
  llvm::StringMap<const Expr *> arguments;
  bool good = !given || readModelArguments(function, *given, arguments);
  frames.push_back({&function, function.range, "", {}});
  frames.back().scopes.push_back({/*isLoop=*/false, {}});
  auto values = [&]() -> llvm::StringMap<Value> & { return frames.back().scopes.front().values; };
  // Sizes of inputs may name the numbers: those come first.
  for (bool inputs : {false, true})
    for (const Parameter &parameter : function.parameters) {
      bool isInput = !parameter.type || (parameter.type->name == "f32" && !parameter.type->isList);
      if (isInput != inputs)
        continue;
      const Expr *expr = arguments.lookup(parameter.name);
      Value value = isInput ? inputShape(function, parameter, expr) : modelNumber(function, parameter, expr);
      good &= !value.isBad();
      values()[parameter.name] = std::move(value);
    }
  llvm::StringMap<Value> result = std::move(values());
  frames.pop_back();
  if (!good)
    return std::nullopt;
  return result;
}

std::optional<std::vector<Tensor>> Elaborator::runModel(const Function &function, llvm::StringMap<Value> arguments) {
  frames.push_back({&function, function.range, "", {}});
  frames.back().scopes.push_back({/*isLoop=*/false, std::move(arguments)});
  std::vector<Value> results = runBody(function.body);
  checkResults(function, results);
  frames.pop_back();
  std::vector<Tensor> tensors;
  for (const Value &value : results) {
    if (auto *tensor = value.as<Tensor>())
      tensors.push_back(*tensor);
    else if (!value.isBad())
      sink.error(function.range, "model '" + function.name + "' returns " + value.describe()).help("return a tensor");
  }
  if (tensors.size() != results.size() || tensors.empty() || sink.hasErrors())
    return std::nullopt;
  return tensors;
}
