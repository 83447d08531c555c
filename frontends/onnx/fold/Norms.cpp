//===- Norms.cpp - constants that are normalised --------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;

/// The population's mean and variance of each channel of [outer, channels, inner].
static void measure(llvm::ArrayRef<double> numbers, int64_t inner, std::vector<double> &mean, std::vector<double> &variance) {
  int64_t channels = static_cast<int64_t>(mean.size());
  double count = static_cast<double>(numbers.size()) / static_cast<double>(channels);
  auto channelOf = [&](size_t i) { return static_cast<int64_t>(i) / inner % channels; };
  mean.assign(channels, 0);
  variance.assign(channels, 0);
  for (size_t i = 0; i < numbers.size(); ++i)
    mean[channelOf(i)] += numbers[i] / count;
  for (size_t i = 0; i < numbers.size(); ++i)
    variance[channelOf(i)] += (numbers[i] - mean[channelOf(i)]) * (numbers[i] - mean[channelOf(i)]) / count;
}

/// Weights that are standardised by a batch norm in training mode: by their own moments. Otherwise by those given.
static void foldBatchNormalization(Call &call) {
  double epsilon = call.number("epsilon", 1e-5);
  bool measures = call.flag("training_mode", false) || call.isRead(1) || call.isRead(2);
  if (epsilon < 0)
    call.refuse("has an epsilon of " + text(epsilon), "epsilon is not negative");
  if (!call.ready(5))
    return;
  const Tensor &tensor = call.operand(0).constant;
  bool fits = tensor.rank() >= 2 && isReal(tensor.type()) && !tensor.isSymbolic();
  for (size_t i = 1; fits && i < 5; ++i)
    fits = call.shape(i) == Shape{tensor.shape()[1]} && isReal(call.type(i)) && !call.operand(i).constant.isSymbolic();
  if (!fits)
    return call.refuse("normalises a constant " + text(tensor.shape()) + " by " + text(call.shape(1)),
                       "scale, bias, mean and variance have one element per channel");
  if (!isSmall(call, tensor.elements()))
    return;
  std::vector<double> numbers = tensor.reals(), scale = call.operand(1).constant.reals(),
                      shift = call.operand(2).constant.reals();
  std::vector<double> mean = call.operand(3).constant.reals(), variance = call.operand(4).constant.reals();
  int64_t inner = elementsOf(tensor.shape().drop_front(2)), channels = tensor.shape()[1];
  if (measures && !numbers.empty())
    measure(numbers, inner, mean, variance);
  for (size_t i = 0; i < numbers.size(); ++i) {
    int64_t channel = static_cast<int64_t>(i) / inner % channels;
    numbers[i] = (numbers[i] - mean[channel]) / std::sqrt(variance[channel] + epsilon) * scale[channel] + shift[channel];
  }
  Tensor result(tensor.type(), tensor.shape(), std::move(numbers));
  result.name = tensor.name;
  call.set(0, result);
}

void onnx::addNormFolders(Table &table) { table["BatchNormalization"] = foldBatchNormalization; }
