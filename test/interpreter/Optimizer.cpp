//===- Optimizer.cpp - how a gradient changes a parameter -----------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Evaluation.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateSgd(cnn::SgdOp op, Evaluation &e) {
  double lr = e.operand(3)[0], momentum = e.operand(4)[0], decay = e.operand(5)[0];
  for (int64_t i = 0; i < e.result().size(); ++i) {
    double w = e.operand(0)[i], g = e.operand(1)[i] + decay * w;
    double v = momentum * e.operand(2)[i] + g;
    e.result(0)[i] = w - lr * (op.getNesterov() ? g + momentum * v : v);
    e.result(1)[i] = v;
  }
}

static void evaluateAdagrad(cnn::AdagradOp, Evaluation &e) {
  double lr = e.operand(3)[0], epsilon = e.operand(4)[0], decay = e.operand(5)[0];
  for (int64_t i = 0; i < e.result().size(); ++i) {
    double w = e.operand(0)[i], g = e.operand(1)[i] + decay * w;
    double sum = e.operand(2)[i] + g * g;
    e.result(0)[i] = w - lr * g / (std::sqrt(sum) + epsilon);
    e.result(1)[i] = sum;
  }
}

static void evaluateRmsprop(cnn::RmspropOp, Evaluation &e) {
  double lr = e.operand(4)[0], alpha = e.operand(5)[0], epsilon = e.operand(6)[0], decay = e.operand(7)[0],
         momentum = e.operand(8)[0];
  for (int64_t i = 0; i < e.result().size(); ++i) {
    double w = e.operand(0)[i], g = e.operand(1)[i] + decay * w;
    double s = alpha * e.operand(2)[i] + (1 - alpha) * g * g;
    double v = momentum * e.operand(3)[i] + g / (std::sqrt(s) + epsilon);
    e.result(0)[i] = w - lr * v;
    e.result(1)[i] = s;
    e.result(2)[i] = v;
  }
}

/// Adam after weight decay has been applied to `w` or to `g`.
static void stepAdam(Evaluation &e, int64_t i, double w, double g) {
  double lr = e.operand(4)[0], beta1 = e.operand(5)[0], beta2 = e.operand(6)[0], epsilon = e.operand(7)[0],
         step = e.operand(9)[0];
  double m = beta1 * e.operand(2)[i] + (1 - beta1) * g, v = beta2 * e.operand(3)[i] + (1 - beta2) * g * g;
  double stepSize = lr / (1 - std::pow(beta1, step));
  e.result(0)[i] = w - stepSize * m / (std::sqrt(v) / std::sqrt(1 - std::pow(beta2, step)) + epsilon);
  e.result(1)[i] = m;
  e.result(2)[i] = v;
}
static void evaluateAdam(cnn::AdamOp, Evaluation &e) {
  for (int64_t i = 0; i < e.result().size(); ++i)
    stepAdam(e, i, e.operand(0)[i], e.operand(1)[i] + e.operand(8)[0] * e.operand(0)[i]);
}
static void evaluateAdamw(cnn::AdamwOp, Evaluation &e) {
  for (int64_t i = 0; i < e.result().size(); ++i)
    stepAdam(e, i, e.operand(0)[i] * (1 - e.operand(4)[0] * e.operand(8)[0]), e.operand(1)[i]);
}

void interpreter::attachOptimizerEvaluators(MLIRContext *context) {
  attach<cnn::SgdOp, evaluateSgd>(context);
  attach<cnn::AdagradOp, evaluateAdagrad>(context);
  attach<cnn::RmspropOp, evaluateRmsprop>(context);
  attach<cnn::AdamOp, evaluateAdam>(context);
  attach<cnn::AdamwOp, evaluateAdamw>(context);
}
