//===- Branches.cpp - If, whose condition is known ------------------------===//

#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// The operands are the condition and the results of both branches, of which one has been converted (Graph.h).
static void convertIf(Call &call) {
  if (call.operand(0).kind == Value::Kind::Unknown)
    return;
  const Tensor *condition = call.constant(0, "its condition");
  if (!condition)
    return;
  if (condition->elements() != 1 || condition->isSymbolic())
    return call.refuse("has a condition " + text(condition->shape()) + " that is no single truth", "export the model again");
  size_t first = condition->at(0).integer ? 1 : 1 + call.results.size();
  for (size_t i = 0; i < call.results.size(); ++i)
    call.results[i] = call.operand(first + i);
}

void onnx::addBranches(Table &table) { table["If"] = convertIf; }
