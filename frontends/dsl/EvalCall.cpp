//===- EvalCall.cpp - calls of layers and blocks --------------------------===//

#include "frontends/dsl/Elaborator.h"
#include "frontends/dsl/layers/Layers.h"
#include "llvm/ADT/StringExtras.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::cast;
using llvm::StringRef;
using Kind = ArgumentType::Kind;

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

std::vector<Value> Elaborator::evaluateAll(const Expr *expr) {
  if (auto *call = llvm::dyn_cast<CallExpr>(expr))
    return evaluateCall(*call, nullptr);
  auto *pipe = llvm::dyn_cast<PipeExpr>(expr);
  if (!pipe)
    return {evaluate(expr)};
  Value value = evaluate(pipe->head);
  for (const CallExpr *stage : pipe->stages.drop_back())
    value = only(evaluateCall(*stage, &value), *stage);
  return evaluateCall(*pipe->stages.back(), &value);
}

Value Elaborator::only(std::vector<Value> values, const CallExpr &call) {
  if (values.size() == 1)
    return values[0];
  if (!values.empty())
    error(call.calleeRange, "'" + call.callee + "' returns " + llvm::Twine(values.size()) + " values")
        .help("take them by name: a, b = " + call.callee + "(…)");
  return {};
}

std::vector<Value> Elaborator::evaluateCall(const CallExpr &call, const Value *first) {
  if (!step(call.range) || (first && first->isBad()))
    return {Value()};
  if (frames.empty()) {
    error(call.calleeRange, "'" + call.callee + "' has no place here")
        .help("a train block takes numbers, texts and the calls its keys know");
    return {Value()};
  }
  if (const Layer *layer = layers().find(call.callee))
    return {callLayer(*layer, call, first)};
  auto function = program.functions.find(call.callee);
  if (function != program.functions.end())
    return callFunction(*function->second, call, first);
  error(call.calleeRange, "unknown layer or block '" + call.callee + "'");
  return {Value()};
}

std::optional<std::string> Elaborator::evaluateLabel(const CallExpr &call) {
  std::string path = frames.back().path;
  if (!call.label)
    return path;
  Value value = evaluateString(*call.label);
  if (value.isBad())
    return std::nullopt;
  StringRef label = *value.as<std::string>();
  bool isLayer = layers().find(call.callee);
  bool good = !label.empty() && label.size() <= 100 && label.front() != '.' && label.back() != '.' && !label.contains("..") &&
              label.count('*') <= isLayer &&
              llvm::all_of(label, [](char c) { return llvm::isAlnum(c) || StringRef("_-.*").contains(c); });
  if (!good) {
    error(call.label->range, "'" + label.take_front(40) + "' cannot name parameters")
        .help("names are letters, digits, '_' and '-', joined by single dots; one '*' in a layer's stands for the parameter");
    return std::nullopt;
  }
  return path + (path.empty() ? "" : ".") + label.str();
}

/// A name for a layer that has none: "conv" becomes "conv1".
static std::string suggestedLabel(StringRef layer) { return layer.str() + "1"; }

Value Elaborator::callLayer(const Layer &layer, const CallExpr &call, const Value *first) {
  std::shared_ptr<const Record> args = bind(layer, call, first);
  std::optional<std::string> scope = evaluateLabel(call);
  if (!args || !scope)
    return {};
  if (layer.hasParameters && !call.label) {
    error(call.range, "'" + layer.name + "' has parameters and needs a name")
        .help(
            "write " +
            StringRef(call.range.Start.getPointer(), call.range.End.getPointer() - call.range.Start.getPointer()).take_front(60) +
            " @" + suggestedLabel(layer.name));
    return {};
  }
  std::optional<Tensor> result = applyLayer(layer, *args, call.range, layer.name, call.label ? StringRef(*scope) : "");
  return result ? Value(*result) : Value();
}

std::optional<Tensor> Elaborator::applyLayer(const Layer &layer, const Record &args, llvm::SMRange range, StringRef shownName,
                                             StringRef scope) {
  LayerContext context(model, sink, args, range, shownName, scope, &defaultStart);
  context.explain = [this](Diagnostic &diagnostic) { addStack(diagnostic); };
  return layer.build(context);
}

std::vector<Value> Elaborator::callFunction(const Function &function, const CallExpr &call, const Value *first) {
  std::vector<Value> bad(std::max<size_t>(function.results.size(), 1));
  if (function.isModel) {
    error(call.calleeRange, "'" + function.name + "' is a model and cannot be called").help("declare it as a block");
    return bad;
  }
  if (frames.size() >= maxCalls) {
    error(call.calleeRange, tooManyCalls()).help("repeat with 'for'");
    return bad;
  }
  std::optional<std::string> path = evaluateLabel(call);
  if (!path)
    return bad;
  GivenArguments given;
  if (!readArguments(function, call, first, given))
    return bad;
  frames.push_back({&function, call.range, *path, {}});
  frames.back().scopes.push_back({/*isLoop=*/false, {}});
  // Defaults are evaluated in the block's own frame, and may name what stands before them.
  bool good = true;
  for (const Parameter &parameter : function.parameters) {
    auto found = given.find(parameter.name);
    bool isDefault = found == given.end();
    Value value = isDefault ? evaluate(parameter.defaultValue) : found->second.value;
    good &= convertParameter(function, parameter, value, isDefault ? parameter.defaultValue->range : found->second.range);
    frames.back().scopes.front().values[parameter.name] = value;
  }
  std::vector<Value> results = good ? runBody(function.body) : bad;
  if (good)
    checkResults(function, results);
  frames.pop_back();
  return results.empty() ? bad : results;
}
