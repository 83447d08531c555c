//===- Outline.cpp - groups become kernels --------------------------------===//

#include "passes/fuse/Outline.h"
#include "dialects/cnn/Cnn.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace cnnc::fuse {

/// "conv_bias_relu", cut where it becomes unreadable.
static std::string nameOf(const Group &group) {
  std::string name;
  for (Operation *op : group.ops) {
    if (name.size() > 40)
      return name + "_etc";
    name += (name.empty() ? "" : "_") + op->getName().stripDialect().str();
  }
  return name;
}

/// The parameter that a value is read from, or null.
static Attribute readFrom(Value value) {
  auto read = value.getDefiningOp<cnn::ReadOp>();
  return read ? read.getParameterAttr() : nullptr;
}

static bool isWrittenTo(Value value, Attribute parameter) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    auto write = dyn_cast<cnn::WriteOp>(user);
    return write && write.getParameterAttr() == parameter;
  });
}

void Outliner::outline(const Group &group, Layouts &layouts) {
  llvm::SetVector<Value> operands;
  SmallVector<Value> results;
  for (Operation *op : group.ops) {
    for (Value operand : op->getOperands())
      if (!group.ops.contains(operand.getDefiningOp()))
        operands.insert(operand);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !group.ops.contains(user); }))
        results.push_back(result);
  }

  OpBuilder builder(module.getContext());
  Location loc = group.ops.front()->getLoc();
  SmallVector<Attribute> operandLayouts, resultLayouts;
  for (Value operand : operands)
    operandLayouts.push_back(layouts.at(operand));
  for (Value result : results) {
    bool accumulates = result.hasOneUse() && isa<cnn::AddGradientOp>(*result.getUsers().begin());
    resultLayouts.push_back(layouts.at(result).withAccumulate(accumulates));
  }
  OperationState state(loc, plan::KernelOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr("kernel"));
  state.addAttribute("operand_layouts", builder.getArrayAttr(operandLayouts));
  state.addAttribute("result_layouts", builder.getArrayAttr(resultLayouts));
  state.addRegion();
  auto kernel = cast<plan::KernelOp>(Operation::create(state));
  kernel.setInPlace(llvm::any_of(operands, [&](Value operand) {
    Attribute parameter = readFrom(operand);
    return parameter && llvm::any_of(results, [&](Value result) { return isWrittenTo(result, parameter); });
  }));
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping mapping;
  for (Value operand : operands)
    mapping.map(operand, body.addArgument(operand.getType(), operand.getLoc()));
  builder.setInsertionPointToEnd(&body);
  for (Operation *op : group.ops) {
    if (auto copy = dyn_cast<plan::CopyOp>(op))
      mapping.map(copy.getResult(), mapping.lookup(copy.getInput()));
    else
      builder.clone(*op, mapping);
  }
  plan::YieldOp::create(builder, loc, llvm::map_to_vector(results, [&](Value result) { return mapping.lookup(result); }));

  std::string key;
  llvm::raw_string_ostream(key) << *kernel.getOperation();
  auto [known, isNew] = kernels.try_emplace(key, kernel);
  if (isNew) {
    std::string name = nameOf(group);
    unsigned number = names[name]++;
    kernel.setSymName(number ? name + "_" + llvm::utostr(number) : name);
    module.getBody()->push_back(kernel);
  } else {
    kernel.erase();
    kernel = known->second;
  }

  builder.setInsertionPoint(group.last());
  auto launch = plan::LaunchOp::create(builder, loc, llvm::map_to_vector(results, [](Value result) { return result.getType(); }),
                                       kernel.getSymName(), operands.getArrayRef());
  ++launches;
  // Uses inside the group die with it; keep their values apart until then.
  for (auto [result, replacement] : llvm::zip_equal(results, launch.getResults())) {
    result.replaceUsesWithIf(replacement, [&](OpOperand &use) { return !group.ops.contains(use.getOwner()); });
    plan::LayoutAttr layout = layouts.at(result); // a copy: the map may grow
    layouts[replacement] = layout;
  }
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
}

} // namespace cnnc::fuse
