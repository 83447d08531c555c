/// \file From examples in memory to what a model takes: types, resizing, augmentation, batches.
#ifndef RUNTIME_TOOL_FEED_H
#define RUNTIME_TOOL_FEED_H

#include "runtime/tool/Augment.h"
#include "runtime/tool/Recipe.h"
#include "runtime/tool/data/Dataset.h"

#include <optional>
#include <span>
#include <vector>

namespace cnnc {

/// The arrays of one call of the model: inputs, then targets.
struct Batch {
  std::vector<std::vector<float>> floats;     ///< one per input and target; empty for int32
  std::vector<std::vector<int32_t>> integers; ///< one per input and target; empty for float32
  std::vector<const void *> pointers;
  unsigned n = 0;
};

/// Which pass over the training part an example is drawn for.
struct AugmentKey {
  uint64_t seed;
  uint32_t epoch;
};

/// Checks once that a data set fits the model, then fills batches.
class Feed {
public:
  /// `part` gives the shapes. An Error suggests `resize` where the image sizes differ.
  Feed(std::span<const cnnc_tensor_info> inputs, std::span<const cnnc_tensor_info> targets, const Recipe &recipe,
       const Part &part);

  /// Fills `batch` with examples of `part`; with a key, augmented.
  void fill(Batch &batch, const Part &part, std::span<const uint32_t> examples, std::optional<AugmentKey> key) const;

  size_t inputCount() const { return inputs.size(); }

private:
  void checkImage(const Part &part) const;
  Image image(const Column &column, size_t row, std::optional<AugmentKey> key) const;

  std::span<const cnnc_tensor_info> inputs, targets;
  Augmentation augmentation;
  size_t height = 0, width = 0; ///< of resize; 0: none
  bool isImage = false;         ///< the first input goes through resize and augmentation
};

} // namespace cnnc

#endif
