//===- Arguments.cpp - which argument is for which parameter --------------===//

#include "frontends/dsl/Elaborator.h"
#include "llvm/ADT/STLExtras.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;
using Kind = ArgumentType::Kind;

//===----------------------------------------------------------------------===//
// Parameters by name and by place
//===----------------------------------------------------------------------===//

Elaborator::Callee Elaborator::calleeOf(const Signature &signature) {
  return {("'" + signature.name + "'").str(), signature.parameterNames(), "it is " + signature.str()};
}

Elaborator::Callee Elaborator::calleeOf(const Function &function) {
  std::vector<StringRef> names;
  for (const Parameter &parameter : function.parameters)
    names.push_back(parameter.name);
  std::string all = names.empty() ? "none" : llvm::join(names, ", ");
  return {((function.isModel ? "model '" : "block '") + function.name + "'").str(), std::move(names), "it has " + all};
}

std::optional<size_t> Elaborator::parameterOf(const CallExpr::Argument &argument, size_t next, const Callee &callee) {
  bool hasName = !argument.name.empty();
  size_t index = hasName ? llvm::find(callee.parameters, argument.name) - callee.parameters.begin() : next;
  if (index < callee.parameters.size())
    return index;
  if (hasName)
    error(argument.nameRange,
          callee.name + " has no parameter '" + argument.name + "'" + didYouMean(argument.name, callee.parameters))
        .note(callee.form);
  else
    error(argument.value->range, callee.name + " takes at most " + counted(callee.parameters.size(), "argument"))
        .note(callee.form);
  return std::nullopt;
}

void Elaborator::reportTwice(llvm::SMRange range, size_t index, const Callee &callee) {
  error(range, "'" + callee.parameters[index] + "' of " + callee.name + " is given twice").note(callee.form);
}

//===----------------------------------------------------------------------===//
// Values
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

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

struct Elaborator::Binding {
  const Signature &signature;
  Record &record;
  Callee callee;
  std::vector<bool> given;
  std::vector<Value> tensors; // of a first parameter that takes all arguments without a name
  size_t next = 0;
  bool good = true; // so far: the arguments behind one that is wrong are still looked at

  Binding(const Signature &signature, Record &record)
      : signature(signature), record(record), callee(calleeOf(signature)), given(signature.parameters.size()) {}

  bool takesRest(size_t index) const { return index < given.size() && signature.parameters[index].type.kind == Kind::Tensors; }
};

void Elaborator::put(Binding &binding, size_t index, const Value &value, llvm::SMRange range) {
  const SignatureParameter &parameter = binding.signature.parameters[index];
  binding.given[index] = true;
  if (binding.takesRest(index) && value.as<Tensor>()) {
    binding.tensors.push_back(value);
    return;
  }
  std::string why;
  std::optional<Value> converted = parameter.type.convert(value, why);
  binding.good &= converted && !converted->isBad();
  if (converted)
    binding.record.bound[index] = *converted;
  else
    error(range, "'" + parameter.name + "' of " + binding.callee.name + " takes " + parameter.type.describe() + ", " +
                     (why.empty() ? "got " + value.describe() : why))
        .note(binding.callee.form);
}

bool Elaborator::bindArgument(Binding &binding, const CallExpr::Argument &argument) {
  bool hasName = !argument.name.empty();
  std::optional<size_t> index = parameterOf(argument, binding.next, binding.callee);
  if (!index)
    return false;
  if (!hasName && !binding.takesRest(*index))
    ++binding.next;
  if (binding.given[*index] && !binding.takesRest(*index)) {
    reportTwice(hasName ? argument.nameRange : argument.value->range, *index, binding.callee);
    return false;
  }
  const SignatureParameter &parameter = binding.signature.parameters[*index];
  Kind kind = parameter.type.kind;
  bool isCall = kind == Kind::Call || kind == Kind::Calls || kind == Kind::Stop;
  Value value = isCall ? evaluateArgument(argument.value, parameter.type, "'" + parameter.name + "' of " + binding.callee.name)
                       : evaluate(argument.value);
  if (value.isBad()) {
    binding.given[*index] = true;
    binding.good = false;
    return true;
  }
  if (hasName)
    binding.record.named.emplace_back(argument.name.str(), value);
  else
    binding.record.args.push_back(value);
  put(binding, *index, value, argument.value->range);
  return true;
}

bool Elaborator::bindDefaults(Binding &binding, llvm::SMRange range) {
  for (auto [parameter, given, bound] : llvm::zip_equal(binding.signature.parameters, binding.given, binding.record.bound)) {
    if (given)
      continue;
    if (!parameter.defaultValue) {
      error(range, binding.callee.name + " needs '" + parameter.name + "'").note(binding.callee.form);
      return false;
    }
    std::string why;
    bound = parameter.defaultValue->isNone() ? *parameter.defaultValue : *parameter.type.convert(*parameter.defaultValue, why);
  }
  return true;
}

std::shared_ptr<const Record> Elaborator::bind(const Signature &signature, const CallExpr &call, const Value *first) {
  auto record = std::make_shared<Record>();
  record->signature = &signature;
  record->range = call.range;
  record->bound.assign(signature.parameters.size(), Value::None());
  Binding binding(signature, *record);
  if (first) {
    if (signature.parameters.empty()) {
      error(call.calleeRange, binding.callee.name + " takes nothing from '|>'").note(binding.callee.form);
      return nullptr;
    }
    put(binding, 0, *first, call.calleeRange);
    binding.next = binding.takesRest(0) ? 0 : 1;
  }
  for (const CallExpr::Argument &argument : call.arguments)
    if (!bindArgument(binding, argument))
      return nullptr;
  if (!bindDefaults(binding, call.calleeRange))
    return nullptr;
  if (!binding.tensors.empty())
    record->bound[0] = makeList(std::move(binding.tensors)).value_or(Value());
  return binding.good ? record : nullptr;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

bool Elaborator::readArguments(const Function &function, const CallExpr &call, const Value *first, GivenArguments &given) {
  Callee callee = calleeOf(function);
  bool good = true;
  size_t next = 0;
  auto put = [&](size_t index, Value value, llvm::SMRange valueRange, llvm::SMRange range) {
    if (given.try_emplace(callee.parameters[index], GivenArgument{std::move(value), valueRange}).second)
      return;
    reportTwice(range, index, callee);
    good = false;
  };
  if (first) {
    if (callee.parameters.empty()) {
      error(call.calleeRange, callee.name + " takes nothing from '|>'").help("call it: " + function.name + "()");
      return false;
    }
    put(next++, *first, call.calleeRange, call.calleeRange);
  }
  for (const CallExpr::Argument &argument : call.arguments) {
    std::optional<size_t> index = parameterOf(argument, next, callee);
    if (!index)
      return false;
    next += argument.name.empty();
    put(*index, evaluate(argument.value), argument.value->range,
        argument.name.empty() ? argument.value->range : argument.nameRange);
  }
  for (const Parameter &parameter : function.parameters)
    if (!given.count(parameter.name) && !parameter.defaultValue) {
      error(call.calleeRange, callee.name + " needs '" + parameter.name + "'").note(callee.form);
      return false;
    }
  return good;
}
