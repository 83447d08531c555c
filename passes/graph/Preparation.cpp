//===- Preparation.cpp - what @prepare computes for @infer ----------------===//

#include "passes/graph/Preparation.h"

using namespace mlir;

namespace cnnc {

Preparation::Preparation(func::FuncOp infer) : infer(infer), symbols(infer->getParentOp()), builder(infer->getContext()) {
  prepare = symbols.lookup<func::FuncOp>("prepare");
}

OpBuilder &Preparation::atEnd() {
  if (!prepare) {
    builder.setInsertionPointAfter(infer);
    prepare = func::FuncOp::create(builder, infer.getLoc(), "prepare", builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(prepare.addEntryBlock());
    func::ReturnOp::create(builder, infer.getLoc());
  }
  builder.setInsertionPoint(prepare.front().getTerminator());
  return builder;
}

Value Preparation::read(cnn::ReadOp source) {
  return cnn::ReadOp::create(atEnd(), source.getLoc(), source.getType(), source.getParameterAttr());
}

Value Preparation::copyKernel(Value kernel) {
  if (auto source = kernel.getDefiningOp<cnn::ReadOp>())
    return read(source);
  Value whole = copyKernel(kernel.getDefiningOp<cnn::ReshapeOp>().getInput());
  return cnn::ReshapeOp::create(atEnd(), kernel.getLoc(), kernel.getType(), whole);
}

StringAttr Preparation::derive(Value value, cnn::ReadOp source, StringRef suffix) {
  Operation *original = symbols.lookup(source.getParameter());
  builder.setInsertionPointAfter(original);
  auto name = builder.getStringAttr(source.getParameter() + suffix);
  auto parameter = cnn::ParameterOp::create(builder, source.getLoc(), name, cnn::ParameterKind::Derived,
                                            cast<RankedTensorType>(value.getType()), cnn::InitAttr{}, /*frozen=*/false,
                                            /*decay=*/false, /*doc=*/StringAttr{}, /*value=*/ElementsAttr{});
  // A parameter of two layers is folded twice; the table makes the name unique.
  StringAttr unique = symbols.insert(parameter);
  cnn::WriteOp::create(atEnd(), source.getLoc(), unique, value);
  return unique;
}

/// The first parameter that `value` is computed from, where parameters alone give it; else null.
static cnn::ReadOp sourceOf(Value value, DenseMap<Value, cnn::ReadOp> &known) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  cnn::ReadOp &source = known[value] = dyn_cast_or_null<cnn::ReadOp>(op);
  bool computes = op && isa<cnn::FusionInterface>(op) && isPure(op) && op->getNumResults() == 1 && op->getNumOperands() > 0;
  if (source || !computes || !cast<RankedTensorType>(value.getType()).hasStaticShape())
    return source;
  cnn::ReadOp first;
  for (Value operand : op->getOperands()) {
    cnn::ReadOp own = sourceOf(operand, known);
    if (!own)
      return {};
    first = first ? first : own;
  }
  return known[value] = first;
}

/// The copy of `value` in @prepare, with what computes it.
static Value copyOf(Value value, Preparation &preparation, IRMapping &copies) {
  if (Value copy = copies.lookupOrNull(value))
    return copy;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    copyOf(operand, preparation, copies);
  return preparation.atEnd().clone(*op, copies)->getResult(0);
}

void prepareKernels(func::FuncOp infer, Preparation &preparation) {
  DenseMap<Value, cnn::ReadOp> sources;
  IRMapping copies;
  for (Operation &op : llvm::make_early_inc_range(infer.front())) {
    auto fusible = dyn_cast<cnn::FusionInterface>(op);
    if (!fusible || fusible.getFusionKind() != cnn::FusionKind::Contraction)
      continue;
    for (OpOperand &operand : op.getOpOperands()) {
      cnn::ReadOp source = sourceOf(operand.get(), sources);
      if (!source || source == operand.get().getDefiningOp())
        continue;
      Operation *original = operand.get().getDefiningOp();
      OpBuilder builder(original);
      StringAttr name = preparation.derive(copyOf(operand.get(), preparation, copies), source, "/prepared");
      Value kernel = cnn::ReadOp::create(builder, op.getLoc(), operand.get().getType(), name);
      original->getResult(0).replaceAllUsesExcept(kernel, kernel.getDefiningOp());
      // What only led here is not computed any more.
      for (SmallVector<Operation *> unused{original}; !unused.empty();) {
        Operation *last = unused.pop_back_val();
        if (!last->use_empty() || isa<cnn::ReadOp>(last))
          continue;
        for (Value input : last->getOperands())
          if (Operation *producer = input.getDefiningOp(); !llvm::is_contained(unused, producer))
            unused.push_back(producer);
        last->erase();
      }
    }
  }
}

} // namespace cnnc
