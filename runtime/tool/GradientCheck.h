/// \file Central differences against the compiled backward pass.
#ifndef RUNTIME_TOOL_GRADIENTCHECK_H
#define RUNTIME_TOOL_GRADIENTCHECK_H

#include "runtime/tool/Feed.h"
#include "runtime/tool/Library.h"

#include <string>
#include <vector>

namespace cnnc {

/// One direction in the space of a parameter's values.
struct DirectionCheck {
  double difference; ///< between the central difference that came nearest and the compiled gradient times the direction
  double size;       ///< what it is compared with: the larger of the gradient's length and the central difference
  double noise;      ///< what rounding of the loss alone may contribute at that distance
};

struct ParameterCheck {
  std::string name;
  double norm;  ///< of the compiled gradient
  double worst; ///< largest relative error
  bool passed;
  std::vector<DirectionCheck> directions;
};

/// Checks every trainable parameter with the loss of `batch`.
///
/// The compiled loss is a float: it carries a rounding error of about 4 units in the last place, so a difference over a
/// distance h is uncertain by 4 ulp(loss) / h, while curvature and the kinks of ReLU and max pooling add an error that
/// grows with h. Single elements would drown in that; the check therefore moves along directions of length one in which
/// the gradient is large: the gradient itself restricted to random halves of its elements, which tell a wrong element, and
/// one random direction, which tells a gradient that is zero where it must not be. Several h are tried, from large to
/// small as long as rounding stays below a tenth, and the nearest counts, as a wrong gradient is near at none.
std::vector<ParameterCheck> checkGradients(const Library &library, Weights &weights, Context &context, const Batch &batch,
                                           uint64_t seed, double tolerance);

} // namespace cnnc

#endif
