//===- Shape.cpp - the same elements in other places ----------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateReshape(cnn::ReshapeOp, Evaluation &e) { e.result().values = e.operand(0).values; }

static void evaluateConcat(cnn::ConcatOp op, Evaluation &e) {
  Tensor &y = e.result();
  int64_t axis = op.getAxis(), start = 0; // of the operand in a row of the result
  for (const Tensor *x : e.operands) {
    int64_t from = x->elementsFrom(axis), to = y.elementsFrom(axis);
    for (int64_t place = 0; place < x->size(); ++place)
      y[place / from * to + start + place % from] = (*x)[place];
    start += from;
  }
}

/// Calls `body(place in inside, place in outside)` for every element of
/// `inside`, which lies in `outside` at low + index · step in every dimension
/// but the first.
template <typename Body>
static void forEachInside(const Tensor &inside, const Tensor &outside, ArrayRef<int64_t> low, ArrayRef<int64_t> step, Body body) {
  for (int64_t place = 0; place < inside.size(); ++place) {
    int64_t rest = place, other = 0, weight = 1;
    for (size_t d = inside.rank(); d-- > 1;) {
      other += weight * (low[d - 1] + rest % inside.shape[d] * step[d - 1]);
      rest /= inside.shape[d];
      weight *= outside.shape[d];
    }
    body(place, rest * weight + other);
  }
}

static void evaluatePad(cnn::PadOp op, Evaluation &e) {
  std::fill(e.result().values.begin(), e.result().values.end(), op.getValue().convertToDouble());
  SmallVector<int64_t> step;
  for (int64_t interior : op.getInterior())
    step.push_back(interior + 1);
  forEachInside(e.operand(0), e.result(), op.getLow(), step,
                [&](int64_t inside, int64_t outside) { e.result()[outside] = e.operand(0)[inside]; });
}

static void evaluateSlice(cnn::SliceOp op, Evaluation &e) {
  forEachInside(e.result(), e.operand(0), op.getStart(), op.getStep(),
                [&](int64_t inside, int64_t outside) { e.result()[inside] = e.operand(0)[outside]; });
}

void interpreter::attachShapeEvaluators(MLIRContext *context) {
  attach<cnn::ReshapeOp, evaluateReshape>(context);
  attach<cnn::ConcatOp, evaluateConcat>(context);
  attach<cnn::PadOp, evaluatePad>(context);
  attach<cnn::SliceOp, evaluateSlice>(context);
}
