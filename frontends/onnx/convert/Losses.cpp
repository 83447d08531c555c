//===- Losses.cpp - losses as nodes of a graph ----------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Softmax.h"
#include "frontends/onnx/convert/Tables.h"
#include "llvm/ADT/Sequence.h"

using namespace cnnc;
using namespace cnnc::onnx;

namespace {
struct LossAttributes {
  std::string reduction;
  mlir::IntegerAttr ignored; ///< the label that does not count, or null
};
} // namespace

static LossAttributes readAttributes(Call &call) {
  LossAttributes attributes{call.string("reduction", "mean"), {}};
  if (!llvm::is_contained({"none", "sum", "mean"}, attributes.reduction))
    call.refuse("has reduction '" + attributes.reduction + "'", "it is none, sum or mean");
  // Labels have 32 bits at the most: what lies beyond is no label.
  if (call.node.attribute("ignore_index") && llvm::isInt<32>(call.integer("ignore_index", 0)))
    attributes.ignored = call.conversion.builder.getI64IntegerAttr(call.integer("ignore_index", 0));
  return attributes;
}

/// -x[n, label, …] · weight[label] of logarithms of probabilities `x` [N, C, …] and labels [N, …], which are operand 1;
/// weights are operand 2. A mean is over the weights. Null after an error.
static mlir::Value lossOf(Call &call, mlir::Value x, const LossAttributes &attributes) {
  Compose compose(call);
  mlir::Value labels = x ? compose.indices(1) : x, weights = call.has(2) && labels ? call.runtime(2) : mlir::Value();
  if (!labels || call.failed())
    return {};
  Shape shape(shapeOf(x)), places(shape), perClass(shape.size(), 1);
  if (shape.size() >= 2)
    places.erase(places.begin() + 1);
  bool fits = shape.size() >= 2 && Shape(shapeOf(labels)) == places &&
              (!weights || shapeOf(weights) == llvm::ArrayRef(shape).slice(1, 1));
  if (!fits) {
    call.refuse("compares " + text(shape) + " with " + text(shapeOf(labels)),
                "scores are [N, C, …], labels [N, …] and weights [C]");
    return {};
  }
  perClass[1] = shape[1];
  // The class of each place, and its weight: none where the label does not count.
  mlir::Value hot = call.emit<cnn::OneHotOp>(shape, labels, static_cast<uint64_t>(1), attributes.ignored);
  mlir::Value chosen = compose.sum(compose.where(hot, x, compose.splat({1}, 0)), {1});
  mlir::Value weight = compose.sum(weights ? compose.mul(hot, compose.reshape(weights, perClass)) : hot, {1});
  mlir::Value loss = compose.affine(compose.mul(chosen, weight), -1);
  if (attributes.reduction == "none")
    return compose.reshape(loss, places);
  Shape all = llvm::to_vector<8>(llvm::seq<int64_t>(shape.size()));
  loss = compose.sum(loss, all);
  if (attributes.reduction == "mean")
    loss = compose.div(loss, compose.sum(weight, all));
  return compose.reshape(loss, {});
}

static void convertNegativeLogLikelihood(Call &call) {
  LossAttributes attributes = readAttributes(call);
  if (call.ready(2))
    call.set(0, lossOf(call, call.runtime(0), attributes));
}

static void convertSoftmaxCrossEntropy(Call &call) {
  LossAttributes attributes = readAttributes(call);
  mlir::Value scores = call.ready(2) ? call.runtime(0) : mlir::Value();
  if (!scores)
    return;
  if (shapeOf(scores).size() < 2)
    return call.refuse("compares scores " + text(shapeOf(scores)), "scores are [N, C, …]");
  mlir::Value logarithms = logSoftmaxAlong(call, scores, 1);
  call.set(0, lossOf(call, logarithms, attributes));
  call.set(1, logarithms);
}

void onnx::addLosses(Table &table) {
  table["NegativeLogLikelihoodLoss"] = convertNegativeLogLikelihood;
  table["SoftmaxCrossEntropyLoss"] = convertSoftmaxCrossEntropy;
}
