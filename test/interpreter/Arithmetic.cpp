//===- Arithmetic.cpp - quotients, powers, extremes, choices --------------===//

#include "dialects/cnn/Cnn.h"
#include "test/interpreter/Maps.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::interpreter;

static void evaluateDiv(cnn::DivOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x / y; });
}
static void evaluateMod(cnn::ModOp, Evaluation &e) {
  zip(e, [](double x, double y) { return std::fmod(x, y); });
}
// A NaN is neither smaller nor larger, and goes on.
static void evaluateMin(cnn::MinOp, Evaluation &e) {
  zip(e, [](double x, double y) { return std::isnan(x) || x < y ? x : y; });
}
static void evaluateMax(cnn::MaxOp, Evaluation &e) {
  zip(e, [](double x, double y) { return std::isnan(x) || x > y ? x : y; });
}
static void evaluatePow(cnn::PowOp, Evaluation &e) {
  zip(e, [](double x, double y) { return std::pow(x, y); });
}
static void evaluatePower(cnn::PowerOp op, Evaluation &e) {
  map(e, [exponent = op.getExponent().convertToDouble()](double x) { return std::pow(x, exponent); });
}
static void evaluateEqual(cnn::EqualOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x == y; });
}
static void evaluateLess(cnn::LessOp, Evaluation &e) {
  zip(e, [](double x, double y) { return x < y; });
}
static void evaluateLogicalNot(cnn::LogicalNotOp, Evaluation &e) {
  map(e, [](double x) { return x == 0; });
}
static void evaluateWhere(cnn::WhereOp, Evaluation &e) {
  for (int64_t i = 0; i < e.result().size(); ++i)
    e.result()[i] = e.operand(e.operand(0)[i] != 0 ? 1 : 2)[i];
}

void interpreter::attachArithmeticEvaluators(MLIRContext *context) {
  attach<cnn::DivOp, evaluateDiv>(context);
  attach<cnn::ModOp, evaluateMod>(context);
  attach<cnn::MinOp, evaluateMin>(context);
  attach<cnn::MaxOp, evaluateMax>(context);
  attach<cnn::PowOp, evaluatePow>(context);
  attach<cnn::PowerOp, evaluatePower>(context);
  attach<cnn::EqualOp, evaluateEqual>(context);
  attach<cnn::LessOp, evaluateLess>(context);
  attach<cnn::LogicalNotOp, evaluateLogicalNot>(context);
  attach<cnn::WhereOp, evaluateWhere>(context);
}
