//===- ShapeGradients.cpp - the same elements in other places -------------===//

#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateReshape(cnn::ReshapeOp op, Vjp &vjp) {
  vjp.set(0, vjp.create<cnn::ReshapeOp>(op.getInput().getType(), vjp.resultGradient()));
}

/// `x[:, start:stop]` along any axis. A slice leaves dimension 0 alone: another one goes before it for that.
static Value sliceAlong(Vjp &vjp, Value x, int64_t axis, int64_t first, int64_t last) {
  auto type = cast<RankedTensorType>(x.getType());
  Builder &builder = vjp.getBuilder();
  if (axis == 0) {
    SmallVector<int64_t> shape(type.getShape()), sliced(type.getShape());
    shape.insert(shape.begin(), 1);
    sliced[0] = last - first;
    Value inner = vjp.create<cnn::ReshapeOp>(type.clone(shape), x);
    return vjp.create<cnn::ReshapeOp>(type.clone(sliced), sliceAlong(vjp, inner, 1, first, last));
  }
  ArrayRef<int64_t> sizes = type.getShape().drop_front();
  SmallVector<int64_t> start(sizes.size(), 0), stop(sizes), step(sizes.size(), 1);
  start[axis - 1] = first, stop[axis - 1] = last;
  return vjp.create<cnn::SliceOp>(x, builder.getDenseI64ArrayAttr(start), builder.getDenseI64ArrayAttr(stop),
                                  builder.getDenseI64ArrayAttr(step));
}

/// Each operand gets its slice.
static void differentiateConcat(cnn::ConcatOp op, Vjp &vjp) {
  int64_t axis = op.getAxis(), start = 0;
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    int64_t stop = start + cast<RankedTensorType>(input.getType()).getDimSize(axis);
    if (vjp.needs(i))
      vjp.set(i, sliceAlong(vjp, vjp.resultGradient(), axis, start, stop));
    start = stop;
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
