//===- ShapeGradients.cpp - the same elements in other places -------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateReshape(cnn::ReshapeOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::ReshapeOp>(op.getInput().getType(), vjp.resultGradient()));
}

/// Each operand gets its slice of the channels.
static void differentiateConcat(cnn::ConcatOp op, Vjp &vjp) {
  ArrayRef<int64_t> sizes = cast<RankedTensorType>(op.getType()).getShape().drop_front();
  SmallVector<int64_t> start(sizes.size(), 0), stop(sizes), step(sizes.size(), 1);
  Builder &builder = vjp.getBuilder();
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    stop[0] = start[0] + cast<RankedTensorType>(input.getType()).getDimSize(1);
    if (vjp.needs(i))
      vjp.set(i, vjp.create<cnn::SliceOp>(input.getType(), vjp.resultGradient(), builder.getDenseI64ArrayAttr(start),
                                          builder.getDenseI64ArrayAttr(stop), builder.getDenseI64ArrayAttr(step)));
    start[0] = stop[0];
  }
}

/// A pad puts elements at low + i · (interior + 1): the slice takes them back.
static void differentiatePad(cnn::PadOp op, Vjp &vjp) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  SmallVector<int64_t> stop, step;
  for (auto [low, interior, size] : llvm::zip(op.getLow(), op.getInterior(), type.getShape().drop_front())) {
    stop.push_back(low + (size - 1) * (interior + 1) + 1);
    step.push_back(interior + 1);
  }
  Builder &builder = vjp.getBuilder();
  vjp.set(0, vjp.create<cnn::SliceOp>(type, vjp.resultGradient(), op.getLowAttr(), builder.getDenseI64ArrayAttr(stop),
                                      builder.getDenseI64ArrayAttr(step)));
}

static void differentiateSlice(cnn::SliceOp op, Vjp &vjp) {
  auto inputType = cast<RankedTensorType>(op.getInput().getType()), type = cast<RankedTensorType>(op.getType());
  SmallVector<int64_t> high, interior;
  for (auto [start, step, size, taken] :
       llvm::zip(op.getStart(), op.getStep(), inputType.getShape().drop_front(), type.getShape().drop_front())) {
    high.push_back(size - (start + (taken - 1) * step + 1));
    interior.push_back(step - 1);
  }
  Builder &builder = vjp.getBuilder();
  vjp.set(0, vjp.create<cnn::PadOp>(inputType, vjp.resultGradient(), op.getStartAttr(), builder.getDenseI64ArrayAttr(high),
                                    builder.getDenseI64ArrayAttr(interior), builder.getF64FloatAttr(0)));
}

void cnnc::attachShapeGradients(MLIRContext *context) {
  attachGradient<cnn::ReshapeOp, differentiateReshape>(context);
  attachGradient<cnn::ConcatOp, differentiateConcat>(context);
  attachGradient<cnn::PadOp, differentiatePad>(context);
  attachGradient<cnn::SliceOp, differentiateSlice>(context);
}
