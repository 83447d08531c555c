//===- ResultTypes.cpp - the element types of results at run time ---------===//

#include "frontends/onnx/Conversion.h"
#include "llvm/ADT/StringSwitch.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
enum class Rule { FirstOperand, SecondOperand, ThirdOperand, Truth, Number, NumberSecond, TruthSecond };
} // namespace

/// The types that ONNX's operators give, where it is not that of the first operand.
static Rule ruleOf(llvm::StringRef op) {
  return llvm::StringSwitch<Rule>(op)
      .Cases({"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"}, Rule::Truth)
      .Cases({"And", "Or", "Xor", "Not", "IsNaN", "IsInf"}, Rule::Truth)
      .Cases({"ArgMax", "ArgMin", "NonZero", "Shape", "Size"}, Rule::Number)
      .Cases({"TopK", "MaxPool"}, Rule::NumberSecond)
      .Case("Dropout", Rule::TruthSecond)
      .Cases({"Where", "CastLike"}, Rule::SecondOperand)
      .Case("OneHot", Rule::ThirdOperand)
      .Default(Rule::FirstOperand);
}

ElementType onnx::typeOfResult(const Call &call, size_t result) {
  switch (ruleOf(call.node.op)) {
  case Rule::FirstOperand:
    return call.type(0);
  case Rule::SecondOperand:
    return call.type(1);
  case Rule::ThirdOperand:
    return call.type(2);
  case Rule::Truth:
    return ElementType::Bool;
  case Rule::Number:
    return ElementType::I64;
  case Rule::NumberSecond:
    return result == 1 ? ElementType::I64 : call.type(0);
  case Rule::TruthSecond:
    return result == 1 ? ElementType::Bool : call.type(0);
  }
  return ElementType::F32;
}
