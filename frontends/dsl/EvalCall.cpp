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
// Binding
//===----------------------------------------------------------------------===//

Value Elaborator::evaluateArgument(const Expr *expr, const ArgumentType &type, const llvm::Twine &what) {
  bool isList = type.kind == Kind::Calls;
  if (type.kind == Kind::Call || type.kind == Kind::Stop || isList) {
    if (auto *list = llvm::dyn_cast<ListExpr>(expr); list && isList) {
      std::vector<Value> records;
      for (const Expr *element : list->elements) {
        records.push_back(evaluateArgument(element, types::call(*type.vocabulary), what));
        if (records.back().isBad())
          return {};
      }
      return makeList(std::move(records)).value_or(Value());
    }
    // A name alone is a call without arguments.
    CallExpr alone;
    auto *call = llvm::dyn_cast<CallExpr>(expr);
    if (auto *name = llvm::dyn_cast<NameExpr>(expr)) {
      alone.callee = name->name;
      alone.calleeRange = alone.range = name->range;
      call = &alone;
    }
    if (call) {
      const Signature *signature = type.vocabulary->lookup(call->callee);
      if (!signature) {
        error(call->calleeRange, what + " takes " + type.describe() + ", and '" + call->callee + "' is none" +
                                     didYouMean(call->callee, type.vocabulary->names()))
            .help("there are " + llvm::join(type.vocabulary->names(), ", "));
        return {};
      }
      if (call->label) {
        error(call->label->range, "'" + call->callee + "' is no layer and takes no name").help("remove the '@'");
        return {};
      }
      std::shared_ptr<const Record> record = bind(*signature, *call);
      if (!record)
        return {};
      return isList ? makeList({Value(record)}).value_or(Value()) : Value(record);
    }
  }
  Value value = evaluate(expr);
  std::string why;
  std::optional<Value> converted = type.convert(value, why);
  if (converted)
    return *converted;
  Diagnostic &diagnostic =
      error(expr->range, what + " takes " + type.describe() + ", " + (why.empty() ? "got " + value.describe() : why));
  if (type.vocabulary)
    diagnostic.help("there are " + llvm::join(type.vocabulary->names(), ", "));
  else if (type.kind == Kind::Duration || type.kind == Kind::Durations)
    diagnostic.help("write 80 epochs, or 500 steps");
  return {};
}

bool Elaborator::bindArgument(const Signature &signature, size_t index, const Value &value, llvm::SMRange range, Record &record) {
  const SignatureParameter &parameter = signature.parameters[index];
  std::string why;
  std::optional<Value> converted = parameter.type.convert(value, why);
  if (!converted) {
    error(range, "'" + parameter.name + "' of '" + signature.name + "' takes " + parameter.type.describe() + ", " +
                     (why.empty() ? "got " + value.describe() : why))
        .note("it is " + signature.str());
    return false;
  }
  record.bound[index] = *converted;
  return !converted->isBad();
}

std::shared_ptr<const Record> Elaborator::bind(const Signature &signature, const CallExpr &call, const Value *first) {
  auto record = std::make_shared<Record>();
  record->signature = &signature;
  record->range = call.range;
  record->bound.assign(signature.parameters.size(), Value::None());
  std::vector<bool> given(signature.parameters.size());
  std::vector<Value> tensors;
  bool good = true;
  size_t next = 0;
  auto takesRest = [&](size_t index) { return index < given.size() && signature.parameters[index].type.kind == Kind::Tensors; };
  auto put = [&](size_t index, const Value &value, llvm::SMRange range) {
    given[index] = true;
    if (takesRest(index) && value.as<Tensor>())
      tensors.push_back(value);
    else
      good &= bindArgument(signature, index, value, range, *record);
  };
  if (first) {
    if (given.empty()) {
      error(call.calleeRange, "'" + signature.name + "' takes nothing from '|>'").note("it is " + signature.str());
      return nullptr;
    }
    put(0, *first, call.calleeRange);
    next = takesRest(0) ? 0 : 1;
  }
  for (const CallExpr::Argument &argument : call.arguments) {
    size_t index = next;
    if (argument.name.empty()) {
      if (index >= given.size()) {
        error(argument.value->range, "'" + signature.name + "' takes at most " + counted(given.size(), "argument"))
            .note("it is " + signature.str());
        return nullptr;
      }
      next += !takesRest(index);
    } else {
      auto found = llvm::find_if(signature.parameters, [&](const SignatureParameter &p) { return p.name == argument.name; });
      if (found == signature.parameters.end()) {
        error(argument.nameRange, "'" + signature.name + "' has no parameter '" + argument.name + "'" +
                                      didYouMean(argument.name, signature.parameterNames()))
            .note("it is " + signature.str());
        return nullptr;
      }
      index = found - signature.parameters.begin();
    }
    if (given[index] && !takesRest(index)) {
      error(argument.name.empty() ? argument.value->range : argument.nameRange,
            "'" + signature.parameters[index].name + "' of '" + signature.name + "' is given twice")
          .note("it is " + signature.str());
      return nullptr;
    }
    const ArgumentType &type = signature.parameters[index].type;
    Value value;
    if (type.kind == Kind::Call || type.kind == Kind::Calls || type.kind == Kind::Stop)
      value = evaluateArgument(argument.value, type, "'" + signature.parameters[index].name + "' of '" + signature.name + "'");
    else
      value = evaluate(argument.value);
    if (value.isBad()) {
      given[index] = true;
      good = false;
      continue;
    }
    if (argument.name.empty())
      record->args.push_back(value);
    else
      record->named.emplace_back(argument.name.str(), value);
    put(index, value, argument.value->range);
  }
  for (size_t i = 0; i < given.size(); ++i) {
    const SignatureParameter &parameter = signature.parameters[i];
    if (given[i])
      continue;
    if (!parameter.defaultValue) {
      error(call.calleeRange, "'" + signature.name + "' needs '" + parameter.name + "'").note("it is " + signature.str());
      return nullptr;
    }
    std::string why;
    record->bound[i] =
        parameter.defaultValue->isNone() ? *parameter.defaultValue : *parameter.type.convert(*parameter.defaultValue, why);
  }
  if (!tensors.empty())
    record->bound[0] = makeList(std::move(tensors)).value_or(Value());
  return good ? record : nullptr;
}

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
  Frame frame{&function, call.range, *path, {}};
  frame.scopes.push_back({/*isLoop=*/false, {}});
  llvm::StringMap<Value> &values = frame.scopes.front().values;
  std::vector<StringRef> names;
  for (const Parameter &parameter : function.parameters)
    names.push_back(parameter.name);
  size_t next = 0;
  bool good = true;
  auto put = [&](const Parameter &parameter, Value value, llvm::SMRange range) {
    if (!values.try_emplace(parameter.name, value).second) {
      error(range, "'" + parameter.name + "' of block '" + function.name + "' is given twice").help("give it once");
      good = false;
    }
  };
  auto known = [&] { return "it has " + (names.empty() ? "none" : llvm::join(names, ", ")); };
  if (first) {
    if (names.empty()) {
      error(call.calleeRange, "block '" + function.name + "' takes nothing from '|>'").help("call it: " + function.name + "()");
      return bad;
    }
    put(function.parameters[next++], *first, call.calleeRange);
  }
  llvm::StringMap<llvm::SMRange> places;
  for (const CallExpr::Argument &argument : call.arguments) {
    size_t index = argument.name.empty() ? next++ : llvm::find(names, argument.name) - names.begin();
    if (index >= names.size()) {
      if (argument.name.empty())
        error(argument.value->range, "block '" + function.name + "' takes at most " + counted(names.size(), "argument"))
            .note(known());
      else
        error(argument.nameRange,
              "block '" + function.name + "' has no parameter '" + argument.name + "'" + didYouMean(argument.name, names))
            .note(known());
      return bad;
    }
    places[names[index]] = argument.value->range;
    put(function.parameters[index], evaluate(argument.value), argument.name.empty() ? argument.value->range : argument.nameRange);
  }
  // Defaults are evaluated in the block's own frame, and may name what stands before them.
  std::string missing;
  for (const Parameter &parameter : function.parameters)
    if (!values.count(parameter.name) && !parameter.defaultValue && missing.empty())
      missing = parameter.name.str();
  if (!missing.empty()) {
    error(call.calleeRange, "block '" + function.name + "' needs '" + missing + "'").note(known());
    return bad;
  }
  frames.push_back(std::move(frame));
  for (const Parameter &parameter : function.parameters) {
    llvm::StringMap<Value> &own = frames.back().scopes.front().values;
    bool isDefault = !own.count(parameter.name);
    Value value = isDefault ? evaluate(parameter.defaultValue) : own.lookup(parameter.name);
    llvm::SMRange range = isDefault                      ? parameter.defaultValue->range
                          : places.count(parameter.name) ? places.lookup(parameter.name)
                                                         : call.calleeRange;
    good &= convertParameter(function, parameter, value, range);
    frames.back().scopes.front().values[parameter.name] = value;
  }
  std::vector<Value> results = good ? runBody(function.body) : bad;
  if (good)
    checkResults(function, results);
  frames.pop_back();
  return results.empty() ? bad : results;
}
