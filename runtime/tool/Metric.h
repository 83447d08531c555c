/// \file How well a model does: accuracy, top-k, loss, as means over examples.
#ifndef RUNTIME_TOOL_METRIC_H
#define RUNTIME_TOOL_METRIC_H

#include "cnnc/abi.h"
#include "runtime/tool/Feed.h"
#include "runtime/tool/Recipe.h"

#include <memory>
#include <string>
#include <vector>

namespace cnnc {

/// The predictions of a batch and what they should have been, [n, elements] each.
struct Judged {
  unsigned n;
  const float *output;
  size_t outputElements;
  size_t classes;        ///< the output's first dimension; what follows is pixels
  const int32_t *labels; ///< [n, pixels], or NULL
  const float *values;   ///< [n, outputElements], or NULL
  int32_t ignored;       ///< the label that counts for nothing
};

/// Accumulates over batches; the value is the mean over what was counted.
class Metric {
public:
  virtual ~Metric() = default;
  virtual void add(const Judged &judged) = 0;
  double value() const { return count == 0 ? 0 : sum / count; }
  void reset() { sum = count = 0; }

  std::string name;
  bool higherIsBetter = true;

protected:
  double sum = 0, count = 0;
};

/// The metrics of a recipe, `loss` always among them. Defaults: accuracy where the loss is one of classes.
std::vector<std::unique_ptr<Metric>> makeMetrics(const Recipe &recipe, const cnnc_tensor_info &target);

} // namespace cnnc

#endif
