#include "runtime/tool/GradientCheck.h"

#include "runtime/tool/Philox.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

namespace {

constexpr double steps[] = {0.3, 0.1, 0.03, 0.01, 0.003};
constexpr int halves = 4;

double dot(const std::vector<float> &a, const std::vector<float> &b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += double(a[i]) * double(b[i]);
  return sum;
}

/// Scales to length one; false for zero.
bool normalize(std::vector<float> &direction) {
  double length = std::sqrt(dot(direction, direction));
  if (!(length > 0))
    return false;
  for (float &value : direction)
    value = static_cast<float>(value / length);
  return true;
}

class Checker {
public:
  Checker(Weights &weights, Context &context, const Batch &batch, uint64_t seed, double tolerance)
      : weights(weights), context(context), batch(batch), seed(seed), tolerance(tolerance) {}

  double loss() { return context.loss(batch.n, batch.pointers, seed, 1); }

  ParameterCheck check(const cnnc_parameter_info &info, const std::vector<float> &gradient) {
    ParameterCheck result = {info.name, std::sqrt(dot(gradient, gradient)), 0, true, {}};
    std::vector<float> values(gradient.size());
    weights.get(info.name, values);
    for (int half = 0; half <= halves; ++half) {
      std::vector<float> direction(gradient.size());
      for (size_t i = 0; i < direction.size(); ++i) {
        auto random = randomBits(seed, Purpose::GradientCheck, static_cast<uint32_t>(half), 0, static_cast<uint32_t>(i));
        if (half < halves)
          direction[i] = random[0] & 1 ? gradient[i] : 0;
        else
          direction[i] = random[0] & 1 ? 1.0f : -1.0f;
      }
      if (normalize(direction))
        result.directions.push_back(along(info.name, values, direction, dot(gradient, direction)));
    }
    weights.set(info.name, values);
    for (const DirectionCheck &direction : result.directions) {
      double size = std::max(std::fabs(direction.numeric), std::fabs(direction.compiled));
      // A derivative that rounding hides, as of a weight behind dead units, is not counted as an error in itself.
      if (size > direction.noise)
        result.worst = std::max(result.worst, direction.relative);
      result.passed &= std::fabs(direction.numeric - direction.compiled) <= tolerance * size + direction.noise;
    }
    return result;
  }

private:
  DirectionCheck along(const char *name, const std::vector<float> &values, const std::vector<float> &direction, double compiled) {
    DirectionCheck best = {compiled, 0, 0, INFINITY};
    double scale = std::max(1.0, std::sqrt(dot(values, values)));
    for (double step : steps) {
      double distance = step * scale, plus = lossAt(name, values, direction, distance),
             minus = lossAt(name, values, direction, -distance);
      double numeric = (plus - minus) / (2 * distance);
      double ulp = std::ldexp(std::max(std::fabs(plus), std::fabs(minus)), -23);
      double noise = 4 * ulp / distance;
      double size = std::max(std::fabs(numeric), std::fabs(compiled));
      double difference = std::fabs(numeric - compiled);
      double relative = difference == 0 ? 0 : difference / size;
      // Where the noise is as large as the derivative agreement says nothing; prefer a step that says something.
      bool meaningful = noise < 0.1 * size,
           bestMeaningful =
               best.noise < 0.1 * std::max(std::fabs(best.numeric), std::fabs(compiled)) && std::isfinite(best.relative);
      if (std::isnan(numeric))
        continue;
      if ((meaningful && !bestMeaningful) || (meaningful == bestMeaningful && relative < best.relative))
        best = {compiled, numeric, noise, relative};
    }
    return best;
  }

  double lossAt(const char *name, const std::vector<float> &values, const std::vector<float> &direction, double distance) {
    std::vector<float> moved(values.size());
    for (size_t i = 0; i < values.size(); ++i)
      moved[i] = static_cast<float>(double(values[i]) + distance * double(direction[i]));
    weights.set(name, moved);
    return loss();
  }

  Weights &weights;
  Context &context;
  const Batch &batch;
  uint64_t seed;
  double tolerance;
};

} // namespace

std::vector<ParameterCheck> checkGradients(const Library &library, Weights &weights, Context &context, const Batch &batch,
                                           uint64_t seed, double tolerance) {
  Checker checker(weights, context, batch, seed, tolerance);
  checker.loss();
  context.backward();
  std::vector<std::vector<float>> gradients;
  std::vector<const cnnc_parameter_info *> parameters;
  for (const cnnc_parameter_info &info : library.parameters()) {
    if (info.kind != cnnc_weight || !info.trainable)
      continue;
    gradients.emplace_back(info.elements);
    context.gradient(info.name, gradients.back());
    parameters.push_back(&info);
  }
  std::vector<ParameterCheck> checks;
  for (size_t i = 0; i < parameters.size(); ++i)
    checks.push_back(checker.check(*parameters[i], gradients[i]));
  return checks;
}

} // namespace cnnc
