//===- Contraction.cpp - convolution, dense, their gradients --------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

/// Calls `body(n, k, c, x, r, s, p, q, i, j)` for every product of a
/// convolution: result element [n, k, p, q], kernel element [k, c, r, s],
/// input element [n, x, i, j].
template <typename OpTy, typename Body>
static void forEachProduct(OpTy op, const Tensor &input, const Tensor &kernel, const Tensor &output, Body body) {
  ArrayRef<int64_t> stride = op.getStride(), pad = op.getPad(), dilation = op.getDilation();
  int64_t kernelsOfGroup = kernel.shape[0] / static_cast<int64_t>(op.getGroups());
  for (int64_t n = 0; n < output.shape[0]; ++n)
    for (int64_t k = 0; k < output.shape[1]; ++k)
      for (int64_t c = 0; c < kernel.shape[1]; ++c)
        for (int64_t r = 0; r < kernel.shape[2]; ++r)
          for (int64_t s = 0; s < kernel.shape[3]; ++s)
            for (int64_t p = 0; p < output.shape[2]; ++p) {
              int64_t i = p * stride[0] + r * dilation[0] - pad[0];
              if (i < 0 || i >= input.shape[2])
                continue;
              for (int64_t q = 0; q < output.shape[3]; ++q) {
                int64_t j = q * stride[1] + s * dilation[1] - pad[1];
                if (j >= 0 && j < input.shape[3])
                  body(n, k, c, k / kernelsOfGroup * kernel.shape[1] + c, r, s, p, q, i, j);
              }
            }
}

static void evaluateConv(cnn::ConvOp op, Evaluation &e) {
  const Tensor &input = e.operand(0), &kernel = e.operand(1);
  Tensor &y = e.result();
  forEachProduct(op, input, kernel, y, [&](auto n, auto k, auto c, auto x, auto r, auto s, auto p, auto q, auto i, auto j) {
    y.at(n, k, p, q) += input.at(n, x, i, j) * kernel.at(k, c, r, s);
  });
}

static void evaluateConvInputGrad(cnn::ConvInputGradOp op, Evaluation &e) {
  const Tensor &dy = e.operand(0), &kernel = e.operand(1);
  Tensor &dx = e.result();
  forEachProduct(op, dx, kernel, dy, [&](auto n, auto k, auto c, auto x, auto r, auto s, auto p, auto q, auto i, auto j) {
    dx.at(n, x, i, j) += dy.at(n, k, p, q) * kernel.at(k, c, r, s);
  });
}

static void evaluateConvTranspose(cnn::ConvTransposeOp op, Evaluation &e) {
  const Tensor &x = e.operand(0), &kernel = e.operand(1);
  Tensor &y = e.result();
  forEachProduct(op, y, kernel, x, [&](auto n, auto k, auto c, auto channel, auto r, auto s, auto p, auto q, auto i, auto j) {
    y.at(n, channel, i, j) += x.at(n, k, p, q) * kernel.at(k, c, r, s);
  });
}

static void evaluateConvKernelGrad(cnn::ConvKernelGradOp op, Evaluation &e) {
  const Tensor &input = e.operand(0), &dy = e.operand(1);
  Tensor &dw = e.result();
  forEachProduct(op, input, dw, dy, [&](auto n, auto k, auto c, auto x, auto r, auto s, auto p, auto q, auto i, auto j) {
    dw.at(k, c, r, s) += dy.at(n, k, p, q) * input.at(n, x, i, j);
  });
}

/// Calls `body(place in [N, K], place in [K, C], place in [N, C])` for every
/// product of a dense layer.
template <typename Body> static void forEachProduct(int64_t batch, int64_t outputs, int64_t inputs, Body body) {
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t k = 0; k < outputs; ++k)
      for (int64_t c = 0; c < inputs; ++c)
        body(n * outputs + k, k * inputs + c, n * inputs + c);
}

static void evaluateDense(cnn::DenseOp, Evaluation &e) {
  const Tensor &x = e.operand(0), &w = e.operand(1);
  Tensor &y = e.result();
  forEachProduct(x.shape[0], w.shape[0], w.shape[1], [&](auto out, auto kernel, auto in) { y[out] += x[in] * w[kernel]; });
}

static void evaluateDenseInputGrad(cnn::DenseInputGradOp, Evaluation &e) {
  const Tensor &dy = e.operand(0), &w = e.operand(1);
  Tensor &dx = e.result();
  forEachProduct(dy.shape[0], w.shape[0], w.shape[1], [&](auto out, auto kernel, auto in) { dx[in] += dy[out] * w[kernel]; });
}

static void evaluateDenseKernelGrad(cnn::DenseKernelGradOp, Evaluation &e) {
  const Tensor &x = e.operand(0), &dy = e.operand(1);
  Tensor &dw = e.result();
  forEachProduct(x.shape[0], dw.shape[0], dw.shape[1], [&](auto out, auto kernel, auto in) { dw[kernel] += dy[out] * x[in]; });
}

void interpreter::attachContractionEvaluators(MLIRContext *context) {
  attach<cnn::ConvOp, evaluateConv>(context);
  attach<cnn::ConvInputGradOp, evaluateConvInputGrad>(context);
  attach<cnn::ConvTransposeOp, evaluateConvTranspose>(context);
  attach<cnn::ConvKernelGradOp, evaluateConvKernelGrad>(context);
  attach<cnn::DenseOp, evaluateDense>(context);
  attach<cnn::DenseInputGradOp, evaluateDenseInputGrad>(context);
  attach<cnn::DenseKernelGradOp, evaluateDenseKernelGrad>(context);
}
