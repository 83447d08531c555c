//===- ShapeRowEmitters.cpp - concat, pad, slice of row-major tensors -----===//

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Rows.h"

using namespace mlir;

namespace cnnc::tile {

/// Each operand goes where it belongs, in a stage of its own.
void concatRows(KernelBuilder &kernel, cnn::ConcatOp op) {
  int64_t axis = op.getAxis(), start = 0;
  for (Value input : op.getInputs()) {
    auto type = cast<RankedTensorType>(input.getType());
    kernel.stageOverRows(type, [&](StageBuilder &s, const Place &place) {
      Index at(place.at);
      at[axis] = s.add(at[axis], start);
      kernel.finish(s, rowPlace(at, place.count), kernel.view(input).loadLanes(s.b, s.loc, place));
    });
    start += type.getDimSize(axis);
  }
}

/// The value everywhere, then the elements over it. A result that is accumulated has the value 0.
void padRows(KernelBuilder &kernel, cnn::PadOp op) {
  kernel.stageOverRows(op.getType(), [&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, s.splat(op.getValue().convertToDouble()));
  });
  RankedTensorType from = op.getInput().getType();
  kernel.stageOverRows(from, [&](StageBuilder &s, const Place &place) {
    auto move = [&](Index at) {
      for (auto [i, low, interior] : llvm::enumerate(op.getLow(), op.getInterior()))
        at[i + 1] = s.add(s.mul(at[i + 1], interior + 1), low);
      return at;
    };
    const TensorView &input = kernel.view(op.getInput());
    if (op.getInterior().empty() || op.getInterior().back() == 0)
      return kernel.finish(s, rowPlace(move(place.at), place.count), input.loadLanes(s.b, s.loc, place));
    Value count = place.count ? place.count : s.index(plan::blockSize);
    s.forEach(s.index(0), count, 1, [&](Value lane) {
      Index at(place.at);
      at.back() = s.add(at.back(), lane);
      kernel.finish(s, rowPlace(move(at), s.index(1)), s.broadcast(input.loadElement(s.b, s.loc, at)));
    });
  });
}

void sliceRows(KernelBuilder &kernel, cnn::SliceOp op) {
  bool isContiguous = op.getStep().empty() || op.getStep().back() == 1;
  kernel.stageOverRows([&](StageBuilder &s, const Place &place) {
    kernel.finish(s, place, loadMapped(s, kernel.view(op.getInput()), place, isContiguous, [&](Index at) {
                    for (auto [i, start, step] : llvm::enumerate(op.getStart(), op.getStep()))
                      at[i + 1] = s.add(s.mul(at[i + 1], step), start);
                    return at;
                  }));
  });
}

} // namespace cnnc::tile
