//===- ResampleGradients.cpp - the transposed tables ----------------------===//

#include "dialects/cnn/ResampleTable.h"
#include "passes/grad/Vjp.h"

using namespace mlir;
using namespace cnnc;

static void differentiateResample(cnn::ResampleOp op, Vjp &vjp) {
  RankedTensorType type = op.getInput().getType();
  auto transposed = [&](ArrayRef<int64_t> places, ArrayRef<double> weights, int64_t taps, int64_t inputs) {
    return cnn::transpose({taps, SmallVector<int64_t>(places), SmallVector<double>(weights)}, inputs);
  };
  cnn::ResampleTable rows = transposed(op.getRows(), op.getRowWeights(), op.getRowTaps(), type.getDimSize(2));
  cnn::ResampleTable columns = transposed(op.getColumns(), op.getColumnWeights(), op.getColumnTaps(), type.getDimSize(3));
  vjp.set(0, vjp.create<cnn::ResampleOp>(vjp.resultGradient(), rows.places, rows.weights, rows.taps, columns.places,
                                         columns.weights, columns.taps));
}

void cnnc::attachResampleGradients(MLIRContext *context) { attachGradient<cnn::ResampleOp, differentiateResample>(context); }
