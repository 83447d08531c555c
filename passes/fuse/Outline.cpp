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

namespace {

/// What a group reads from outside and what is read of it there.
struct Boundary {
  llvm::SetVector<Value> operands;
  SmallVector<Value> results;

  explicit Boundary(const Group &group);
};

} // namespace

Boundary::Boundary(const Group &group) {
  for (Operation *op : group.ops) {
    for (Value operand : op->getOperands())
      if (!group.ops.contains(operand.getDefiningOp()))
        operands.insert(operand);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !group.ops.contains(user); }))
        results.push_back(result);
  }
}

/// An empty kernel with the layouts of its operands and results, nowhere in the module.
static plan::KernelOp createKernel(Location loc, const Boundary &boundary, const Layouts &layouts) {
  OpBuilder builder(loc.getContext());
  SmallVector<Attribute> operandLayouts, resultLayouts;
  for (Value operand : boundary.operands)
    operandLayouts.push_back(layouts.at(operand));
  for (Value result : boundary.results) {
    bool accumulates = result.hasOneUse() && isa<cnn::AddGradientOp>(*result.getUsers().begin());
    resultLayouts.push_back(layouts.at(result).withAccumulate(accumulates));
  }
  OperationState state(loc, plan::KernelOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr("kernel"));
  state.addAttribute("operand_layouts", builder.getArrayAttr(operandLayouts));
  state.addAttribute("result_layouts", builder.getArrayAttr(resultLayouts));
  state.addRegion();
  auto kernel = cast<plan::KernelOp>(Operation::create(state));
  kernel.setInPlace(llvm::any_of(boundary.operands, [&](Value operand) {
    Attribute parameter = readFrom(operand);
    return parameter && llvm::any_of(boundary.results, [&](Value result) { return isWrittenTo(result, parameter); });
  }));
  return kernel;
}

/// Copies the group's ops into the kernel. A copy between layouts is there in
/// the layouts alone.
static void fillKernel(plan::KernelOp kernel, const Group &group, const Boundary &boundary) {
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping mapping;
  for (Value operand : boundary.operands)
    mapping.map(operand, body.addArgument(operand.getType(), operand.getLoc()));
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  for (Operation *op : group.ops) {
    if (auto copy = dyn_cast<plan::CopyOp>(op))
      mapping.map(copy.getResult(), mapping.lookup(copy.getInput()));
    else
      builder.clone(*op, mapping);
  }
  plan::YieldOp::create(builder, kernel.getLoc(),
                        llvm::map_to_vector(boundary.results, [&](Value result) { return mapping.lookup(result); }));
}

plan::KernelOp Outliner::share(plan::KernelOp kernel, std::string name) {
  std::string key;
  llvm::raw_string_ostream(key) << *kernel.getOperation();
  auto [known, isNew] = kernels.try_emplace(key, kernel);
  if (!isNew) {
    kernel.erase();
    return known->second;
  }
  unsigned number = names[name]++;
  kernel.setSymName(number ? name + "_" + llvm::utostr(number) : name);
  module.getBody()->push_back(kernel);
  return kernel;
}

void Outliner::outline(const Group &group, Layouts &layouts) {
  Boundary boundary(group);
  Location loc = group.ops.front()->getLoc();
  plan::KernelOp own = createKernel(loc, boundary, layouts);
  fillKernel(own, group, boundary);
  plan::KernelOp kernel = share(own, nameOf(group));
  OpBuilder builder(group.last());
  auto launch =
      plan::LaunchOp::create(builder, loc, llvm::map_to_vector(boundary.results, [](Value result) { return result.getType(); }),
                             kernel.getSymName(), boundary.operands.getArrayRef());
  ++launches;
  // Uses inside the group die with it; keep their values apart until then.
  for (auto [result, replacement] : llvm::zip_equal(boundary.results, launch.getResults())) {
    result.replaceUsesWithIf(replacement, [&](OpOperand &use) { return !group.ops.contains(use.getOwner()); });
    plan::LayoutAttr layout = layouts.at(result); // a copy: the map may grow
    layouts[replacement] = layout;
  }
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
}

} // namespace cnnc::fuse
