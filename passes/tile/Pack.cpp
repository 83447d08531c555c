//===- Pack.cpp - kernels that are computed, packed -----------------------===//

#include "passes/tile/Pack.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;
using plan::LayoutKind;

bool isPacking(plan::KernelOp kernel) {
  auto kinds = [](ArrayAttr layouts, LayoutKind kind) {
    return layouts.size() == 1 && cast<plan::LayoutAttr>(layouts[0]).getKind() == kind;
  };
  return kernel.getBody().front().without_terminator().empty() && kinds(kernel.getOperandLayouts(), LayoutKind::Plain) &&
         kinds(kernel.getResultLayouts(), LayoutKind::Kernel);
}

/// A vector holds 16 output channels at one place of one input channel: a task is all of those of 16 output channels.
void packKernel(KernelBuilder &builder, plan::KernelOp kernel) {
  const TensorView &rows = builder.view(kernel.getBody().getArgument(0)), &packed = builder.result(0);
  int64_t outputs = rows.getTensorType().getDimSize(0), inputs = rows.channels(), block = packed.getLayout().getBlock();
  int64_t vectors = packed.blocks() / ((outputs + blockSize - 1) / blockSize), places = rows.height() * rows.width();
  builder.stage(0, (outputs + blockSize - 1) / blockSize, [&](StageBuilder &s) {
    Value first = s.mul(s.task, blockSize), zero = s.index(0);
    auto below = [&](Value i, int64_t size) {
      return arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ult, i, s.index(size)).getResult();
    };
    auto most = [&](Value i, int64_t size) { return s.b.createOrFold<arith::MinUIOp>(s.loc, i, s.index(size - 1)); };
    s.forEach(0, vectors, 1, [&](Value vector) {
      // [C / block][R][S][block]
      Value place = s.rem(s.div(vector, block), places),
            channel = s.add(s.mul(s.div(vector, block * places), block), s.rem(vector, block));
      Value y = s.div(place, rows.width()), x = s.rem(place, rows.width()), lanes = s.splat(0);
      for (int64_t lane = 0; lane < std::min(blockSize, outputs); ++lane) {
        Value output = s.add(first, lane);
        SmallVector<Value> at{most(output, outputs), most(channel, inputs), y, x};
        at.resize(rows.getTensorType().getRank());
        Value exists = arith::AndIOp::create(s.b, s.loc, below(output, outputs), below(channel, inputs));
        Value element = arith::SelectOp::create(s.b, s.loc, exists, rows.loadElement(s.b, s.loc, at), s.scalar(0));
        lanes = vector::InsertOp::create(s.b, s.loc, element, lanes, lane);
      }
      packed.storeLanes(s.b, s.loc, {zero, s.add(s.mul(s.task, vectors), vector), zero, zero}, lanes);
    });
  });
}

} // namespace cnnc::tile
