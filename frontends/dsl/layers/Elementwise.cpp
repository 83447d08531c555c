//===- Elementwise.cpp - activations, dropout, pixels ---------------------===//

#include "frontends/dsl/layers/Plain.h"

using namespace cnnc;
using namespace cnnc::dsl;

static std::optional<Tensor> buildLeakyRelu(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::LeakyReluOp>(x.shape, x.value, llvm::APFloat(context.number("slope")));
}

static std::optional<Tensor> buildDropout(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  return context.emit<cnn::DropoutOp>(x.shape, x.value, llvm::APFloat(context.number("ratio")),
                                      static_cast<uint64_t>(context.model.nextDropout()));
}

static std::optional<Tensor> buildStandardize(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsChannels(x))
    return std::nullopt;
  auto mean = context.numbers("mean"), std = context.numbers("std");
  for (auto [name, values] : {std::pair("mean", &mean), std::pair("std", &std)})
    if (values->size() != 1 && static_cast<int64_t>(values->size()) != x.shape[1]) {
      context
          .error("'standardize' has " + llvm::Twine(values->size()) + " values of '" + name + "' for " + llvm::Twine(x.shape[1]) +
                 " channels")
          .note(context.cameFrom(x))
          .help("give one value, or one per channel");
      return std::nullopt;
    }
  for (double value : std)
    if (!(value > 0)) {
      context.error("'standardize' needs positive standard deviations").help("leave out channels that never change");
      return std::nullopt;
    }
  return context.emit<cnn::StandardizeOp>(x.shape, x.value, llvm::ArrayRef<double>(mean), llvm::ArrayRef<double>(std));
}

void dsl::addElementwiseLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor());
  table.add({{"relu", "max(x, 0)", {x}}, false, buildUnary<cnn::ReluOp>});
  table.add(
      {{"leaky_relu", "x where positive, slope · x elsewhere", {x, {"slope", types::number(), 0.01}}}, false, buildLeakyRelu});
  table.add({{"sigmoid", "1 / (1 + exp(-x))", {x}}, false, buildUnary<cnn::SigmoidOp>});
  table.add({{"tanh", "hyperbolic tangent", {x}}, false, buildUnary<cnn::TanhOp>});
  table.add({{"step", "1 where x > 0, else 0", {x}}, false, buildUnary<cnn::StepOp>});
  table.add({{"dropout",
              "in training, sets a share of the elements to 0 and scales the rest",
              {x, {"ratio", types::number(0, 0.999), 0.5}}},
             false,
             buildDropout});
  table.add({{"standardize", "(x / 255 - mean) / std", {x, {"mean", types::numbers()}, {"std", types::numbers()}}},
             false,
             buildStandardize});
}
