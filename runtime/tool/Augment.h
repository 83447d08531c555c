/// \file Random changes of training images, replayed exactly from (seed, epoch, example, place in the list).
#ifndef RUNTIME_TOOL_AUGMENT_H
#define RUNTIME_TOOL_AUGMENT_H

#include "runtime/tool/Image.h"
#include "runtime/tool/Json.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace cnnc {

using RandomBits = std::array<uint32_t, 4>;

/// One step of the pipeline.
class AugmentStep {
public:
  virtual ~AugmentStep() = default;
  /// The changed image; `random` is nullptr outside of training, where the step does what is on average the same: a crop takes
  /// the centre, the rest nothing.
  virtual Image apply(const Image &image, const RandomBits *random) const = 0;
};

/// The list of steps of a recipe.
class Augmentation {
public:
  Augmentation() = default;
  /// An Error for unknown steps and bad arguments.
  explicit Augmentation(const Json &list);
  bool empty() const { return steps.empty(); }
  Image train(Image image, uint64_t seed, uint32_t epoch, uint32_t example) const;
  Image evaluate(Image image) const;

private:
  std::vector<std::unique_ptr<AugmentStep>> steps;
};

} // namespace cnnc

#endif
