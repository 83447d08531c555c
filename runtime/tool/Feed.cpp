#include "runtime/tool/Feed.h"

#include "runtime/tool/Error.h"

#include <algorithm>

namespace cnnc {

static std::vector<size_t> dimsOf(const cnnc_tensor_info &tensor) { return {tensor.dims, tensor.dims + tensor.rank}; }

/// The shape of an example as an image, [h, w] counting as one channel; empty if it is none.
static std::vector<size_t> imageShape(const Column &column) {
  std::vector<size_t> shape = column.shape;
  if (shape.size() == 2)
    shape.insert(shape.begin(), 1);
  return shape.size() == 3 ? shape : std::vector<size_t>();
}

Feed::Feed(std::span<const cnnc_tensor_info> inputs, std::span<const cnnc_tensor_info> targets, const Recipe &recipe,
           const Part &part)
    : inputs(inputs), targets(targets) {
  if (const Json *steps = recipe.find("augment"))
    augmentation = Augmentation(*steps);
  if (const Json *size = recipe.find("resize"))
    std::tie(height, width) = sidesOf(*size, "resize");
  bool changes = height != 0 || !augmentation.empty();
  isImage =
      !inputs.empty() && inputs[0].dtype == cnnc_f32 && !imageShape(part.columns[0]).empty() && (inputs[0].rank == 3 || changes);
  if (!augmentation.empty() && !isImage)
    fail("augment works on images, '{}' has examples of shape {}: leave it out", part.columns[0].file,
         shapeText(part.columns[0].shape));
  if (isImage)
    checkImage(part);
  for (size_t i = isImage ? 1 : 0; i < inputs.size(); ++i)
    if (part.columns[i].elements() != inputs[i].elements)
      fail("'{}' has examples of shape {}, the model's '{}' takes {}", part.columns[i].file, shapeText(part.columns[i].shape),
           inputs[i].name, shapeText(dimsOf(inputs[i])));
  for (size_t i = 0; i < targets.size(); ++i) {
    const Column &column = part.columns[inputs.size() + i];
    bool oneHot = targets[i].dtype == cnnc_f32 && column.elements() == 1 && column.type != Element::F32;
    if (column.elements() != targets[i].elements && !oneHot)
      fail("'{}' has targets of shape {}, the model's '{}' takes {}", column.file, shapeText(column.shape), targets[i].name,
           shapeText(dimsOf(targets[i])));
  }
}

void Feed::checkImage(const Part &part) const {
  const Column &column = part.columns[0];
  std::vector<size_t> wanted = dimsOf(inputs[0]), given = imageShape(column);
  Image sample = image(column, 0, std::nullopt);
  std::vector<size_t> made = {sample.channels, sample.height, sample.width};
  if (wanted == made || (wanted.size() != 3 && sample.values.size() == inputs[0].elements))
    return;
  if (wanted.size() == 3 && wanted[0] == made[0])
    fail("'{}' gives images of {}×{}, the model's '{}' takes {}×{}: add resize = {} to the recipe, or --set resize={}",
         column.file, made[1], made[2], inputs[0].name, wanted[1], wanted[2],
         wanted[1] == wanted[2] ? fmt::format("{}", wanted[1]) : fmt::format("[{}, {}]", wanted[1], wanted[2]),
         wanted[1] == wanted[2] ? fmt::format("{}", wanted[1]) : fmt::format("[{},{}]", wanted[1], wanted[2]));
  fail("'{}' gives images of shape {}, the model's '{}' takes {}", column.file, shapeText(made), inputs[0].name,
       shapeText(wanted));
}

Image Feed::image(const Column &column, size_t row, std::optional<AugmentKey> key) const {
  std::vector<size_t> shape = imageShape(column);
  Image image(shape[0], shape[1], shape[2]);
  column.row(row, image.values.data());
  if (height != 0)
    image = resizeBilinear(image, height, width);
  return key ? augmentation.train(std::move(image), key->seed, key->epoch, static_cast<uint32_t>(row))
             : augmentation.evaluate(std::move(image));
}

void Feed::fill(Batch &batch, const Part &part, std::span<const uint32_t> examples, std::optional<AugmentKey> key) const {
  size_t count = inputs.size() + targets.size();
  batch.n = static_cast<unsigned>(examples.size());
  batch.floats.resize(count);
  batch.integers.resize(count);
  batch.pointers.assign(count, nullptr);
  for (size_t t = 0; t < count; ++t) {
    const cnnc_tensor_info &tensor = t < inputs.size() ? inputs[t] : targets[t - inputs.size()];
    const Column &column = part.columns[t];
    size_t elements = tensor.elements, stored = column.elements();
    if (tensor.dtype == cnnc_i32) {
      batch.integers[t].resize(elements * examples.size());
      for (size_t i = 0; i < examples.size(); ++i)
        for (size_t j = 0; j < elements; ++j)
          batch.integers[t][i * elements + j] = column.integer(examples[i] * stored + j);
      batch.pointers[t] = batch.integers[t].data();
      continue;
    }
    batch.floats[t].assign(elements * examples.size(), 0.0f);
    for (size_t i = 0; i < examples.size(); ++i) {
      float *to = batch.floats[t].data() + i * elements;
      if (t == 0 && isImage) {
        Image made = image(column, examples[i], key);
        std::copy(made.values.begin(), made.values.end(), to);
      } else if (stored == elements) {
        column.row(examples[i], to);
      } else { // a class number for a model that compares with one value per class
        int32_t label = column.integer(examples[i]);
        if (label < 0 || static_cast<size_t>(label) >= elements)
          fail("'{}' has the label {} at example {}, the model's '{}' has {} values", column.file, label, examples[i],
               tensor.name, elements);
        to[label] = 1.0f;
      }
    }
    batch.pointers[t] = batch.floats[t].data();
  }
}

} // namespace cnnc
