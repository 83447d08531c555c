#include "runtime/tool/Metric.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Text.h"
#include "runtime/tool/Value.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

namespace {

/// The compiled loss, as the recipe calls it.
struct LossCall {
  std::string name;
  bool fromLogits = false;
};

LossCall lossOf(const Recipe &recipe) {
  const Json *value = recipe.find("loss");
  if (value != nullptr && value->is_array() && !value->empty())
    value = &value->front(); // one per output: the first output is judged
  if (value == nullptr)
    return {};
  Call call(*value, "loss");
  if (call.name() != "binary_cross_entropy")
    return {call.name(), false};
  const Json *logits = call.takes({"from_logits", "weight"}).find("from_logits");
  return {call.name(), logits != nullptr && *logits == true};
}

/// Calls visit(pixel's first logit, stride between classes, label) for every label that counts.
template <typename Visit> void forEachLabel(const Judged &judged, Visit visit) {
  size_t pixels = judged.outputElements / judged.classes;
  for (size_t i = 0; i < judged.n; ++i)
    for (size_t p = 0; p < pixels; ++p) {
      int32_t label = judged.labels[i * pixels + p];
      if (label != judged.ignored && label >= 0 && static_cast<size_t>(label) < judged.classes)
        visit(judged.output + i * judged.outputElements + p, pixels, static_cast<size_t>(label));
    }
}

/// The right class is among the k largest outputs. Of equal outputs the first is the larger.
class TopK : public Metric {
public:
  TopK(size_t k, double threshold) : k(k), threshold(threshold) { name = k == 1 ? "accuracy" : fmt::format("top_{}", k); }

  void add(const Judged &judged) override {
    if (judged.labels != nullptr) {
      forEachLabel(judged,
                   [&](const float *logits, size_t stride, size_t label) { judge(logits, stride, judged.classes, label); });
      return;
    }
    for (size_t i = 0; i < judged.n; ++i) {
      const float *output = judged.output + i * judged.outputElements, *wanted = judged.values + i * judged.outputElements;
      if (judged.outputElements > 1) {
        judge(output, 1, judged.outputElements,
              static_cast<size_t>(std::max_element(wanted, wanted + judged.outputElements) - wanted));
      } else {
        sum += (*output > threshold) == (*wanted > 0.5f);
        ++count;
      }
    }
  }

private:
  void judge(const float *logits, size_t stride, size_t classes, size_t label) {
    size_t ahead = 0;
    for (size_t c = 0; c < classes; ++c)
      ahead += logits[c * stride] > logits[label * stride] || (logits[c * stride] == logits[label * stride] && c < label);
    sum += ahead < k && !std::isnan(logits[label * stride]);
    ++count;
  }

  size_t k;
  double threshold;
};

/// The compiled loss on outputs of inference, without smoothing and class weights.
class LossMetric : public Metric {
public:
  explicit LossMetric(LossCall loss) : loss(std::move(loss)) {
    name = "loss";
    higherIsBetter = false;
  }

  void add(const Judged &judged) override {
    if (judged.labels != nullptr) {
      forEachLabel(judged, [&](const float *logits, size_t stride, size_t label) {
        double largest = logits[0], total = 0;
        for (size_t c = 1; c < judged.classes; ++c)
          largest = std::max<double>(largest, logits[c * stride]);
        for (size_t c = 0; c < judged.classes; ++c)
          total += std::exp(logits[c * stride] - largest);
        sum += largest + std::log(total) - logits[label * stride];
        ++count;
      });
      return;
    }
    for (size_t i = 0; i < judged.n * judged.outputElements; ++i) {
      sum += element(judged.output[i], judged.values[i]);
      ++count;
    }
  }

private:
  double element(double y, double t) const {
    if (loss.name == "perceptron")
      return std::max(0.0, -(2 * t - 1) * y);
    if (loss.name == "binary_cross_entropy" && loss.fromLogits)
      return std::max(y, 0.0) - y * t + std::log1p(std::exp(-std::fabs(y)));
    if (loss.name == "binary_cross_entropy")
      return -(t * std::max(std::log(y), -100.0) + (1 - t) * std::max(std::log1p(-y), -100.0));
    return (y - t) * (y - t);
  }

  LossCall loss;
};

struct MetricContext {
  LossCall loss;
  double threshold;
};

std::unique_ptr<Metric> makeAccuracy(Call &call, const MetricContext &context) {
  call.takes({});
  return std::make_unique<TopK>(1, context.threshold);
}

std::unique_ptr<Metric> makeTopK(Call &call, const MetricContext &context) {
  call.takes({"k"});
  return std::make_unique<TopK>(static_cast<size_t>(integerOf(call.at("k"), 1, 1000000, call.describe("k"))), context.threshold);
}

std::unique_ptr<Metric> makeLoss(Call &call, const MetricContext &context) {
  call.takes({});
  return std::make_unique<LossMetric>(context.loss);
}

struct Entry {
  const char *name;
  std::unique_ptr<Metric> (*make)(Call &call, const MetricContext &context);
};

constexpr Entry table[] = {{"accuracy", makeAccuracy}, {"top_k", makeTopK}, {"loss", makeLoss}};

std::unique_ptr<Metric> makeMetric(const Json &value, const MetricContext &context) {
  Call call(value, "a metric");
  std::vector<std::string> names;
  for (const Entry &entry : table) {
    if (call.name() == entry.name)
      return entry.make(call, context);
    names.emplace_back(entry.name);
  }
  fail("unknown metric '{}'{}", call.name(), suggestion(call.name(), names));
}

} // namespace

std::vector<std::unique_ptr<Metric>> makeMetrics(const Recipe &recipe, const cnnc_tensor_info &target) {
  LossCall loss = lossOf(recipe);
  bool onSum = loss.name == "perceptron" || (loss.name == "binary_cross_entropy" && loss.fromLogits);
  MetricContext context = {loss, onSum ? 0.0 : 0.5};
  const Json *list = recipe.find("metrics");
  bool classes = target.dtype == cnnc_i32 || loss.name == "perceptron" || loss.name == "binary_cross_entropy";
  Json wanted = list != nullptr ? *list : classes ? Json({"accuracy"}) : Json::array();
  if (!wanted.is_array())
    fail("metrics is {}, expected a list such as [accuracy(), top_k(5)]", valueText(wanted));
  std::vector<std::unique_ptr<Metric>> metrics;
  for (const Json &value : wanted)
    metrics.push_back(makeMetric(value, context));
  if (std::none_of(metrics.begin(), metrics.end(), [](const auto &metric) { return metric->name == "loss"; }))
    metrics.push_back(makeMetric("loss", context));
  return metrics;
}

} // namespace cnnc
