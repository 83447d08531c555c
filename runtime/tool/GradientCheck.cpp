#include "runtime/tool/GradientCheck.h"

#include "runtime/tool/Philox.h"

#include <algorithm>
#include <cmath>

namespace cnnc {

namespace {

/// Parts of the parameter's length, at least 1, to move by.
constexpr double steps[] = {0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4};
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
        result.directions.push_back(along(info.name, values, direction, dot(gradient, direction), result.norm));
    }
    weights.set(info.name, values);
    for (const DirectionCheck &direction : result.directions) {
      // A derivative that rounding hides, as of a weight behind dead units, is not counted as an error in itself.
      if (direction.size > direction.noise)
        result.worst = std::max(result.worst, direction.difference / direction.size);
      result.passed &= direction.difference <= tolerance * direction.size + direction.noise;
    }
    return result;
  }

private:
  /// `norm`: the length of the compiled gradient.
  DirectionCheck along(const char *name, const std::vector<float> &values, const std::vector<float> &direction, double compiled,
                       double norm) {
    DirectionCheck best = {INFINITY, 1, 0};
    double length = std::max(1.0, std::sqrt(dot(values, values)));
    for (double step : steps) {
      double distance = step * length;
      double plus = lossAt(name, values, direction, distance), minus = lossAt(name, values, direction, -distance);
      double numeric = (plus - minus) / (2 * distance);
      double noise = 4 * std::ldexp(std::max(std::fabs(plus), std::fabs(minus)), -23) / distance;
      DirectionCheck check = {std::fabs(numeric - compiled), std::max(norm, std::fabs(numeric)), noise};
      bool comparable = noise <= 0.1 * check.size || best.difference == INFINITY;
      // Both may be 0: batch norm over a single value is constant.
      if (comparable && (check.difference == 0 || check.difference / check.size < best.difference / best.size))
        best = check;
      if (!comparable || best.difference < 0.05 * tolerance * best.size)
        break;
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
