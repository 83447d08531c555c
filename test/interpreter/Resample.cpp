//===- Resample.cpp - weighted sums of rows and columns -------------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateResample(cnn::ResampleOp op, Evaluation &e) {
  const Tensor &x = e.operand(0);
  Tensor &y = e.result();
  int64_t rowTaps = op.getRowTaps(), columnTaps = op.getColumnTaps();
  for (int64_t n = 0; n < y.shape[0]; ++n)
    for (int64_t c = 0; c < y.shape[1]; ++c)
      for (int64_t p = 0; p < y.shape[2]; ++p)
        for (int64_t q = 0; q < y.shape[3]; ++q)
          for (int64_t i = p * rowTaps; i < (p + 1) * rowTaps; ++i)
            for (int64_t j = q * columnTaps; j < (q + 1) * columnTaps; ++j)
              y.at(n, c, p, q) +=
                  op.getRowWeights()[i] * op.getColumnWeights()[j] * x.at(n, c, op.getRows()[i], op.getColumns()[j]);
}

void interpreter::attachResampleEvaluators(MLIRContext *context) { attach<cnn::ResampleOp, evaluateResample>(context); }
