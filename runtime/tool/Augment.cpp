#include "runtime/tool/Augment.h"

#include "runtime/tool/Error.h"
#include "runtime/tool/Philox.h"
#include "runtime/tool/Text.h"
#include "runtime/tool/Value.h"

#include <algorithm>
#include <tuple>

namespace cnnc {

namespace {

constexpr int64_t maxSide = 16384;

class Pad : public AugmentStep {
public:
  explicit Pad(Call &call) {
    call.takes({"size"});
    size = integerOf(call.at("size"), 0, maxSide, call.describe("size"));
  }
  Image apply(const Image &image, const RandomBits *) const override {
    return window(image, -size, -size, image.height + 2 * size_t(size), image.width + 2 * size_t(size));
  }

private:
  ptrdiff_t size;
};

class RandomCrop : public AugmentStep {
public:
  explicit RandomCrop(Call &call) {
    call.takes({"size"});
    std::tie(height, width) = sidesOf(call.at("size"), call.describe("size"));
  }
  Image apply(const Image &image, const RandomBits *random) const override {
    if (image.height < height || image.width < width)
      fail("random_crop takes {}×{} out of an image of {}×{}: put pad or resize before it", height, width, image.height,
           image.width);
    size_t rows = image.height - height, columns = image.width - width;
    size_t top = random ? below(rows + 1, (*random)[0], (*random)[1]) : rows / 2;
    size_t left = random ? below(columns + 1, (*random)[2], (*random)[3]) : columns / 2;
    return window(image, ptrdiff_t(top), ptrdiff_t(left), height, width);
  }

private:
  size_t height, width;
};

class HorizontalFlip : public AugmentStep {
public:
  explicit HorizontalFlip(Call &call) {
    call.takes({"probability"});
    if (const Json *given = call.find("probability"))
      probability = fractionOf(*given, call.describe("probability"));
  }
  Image apply(const Image &image, const RandomBits *random) const override {
    Image result = image;
    if (random == nullptr || !((*random)[0] < probability * 4294967296.0))
      return result;
    for (size_t row = 0; row < image.channels * image.height; ++row)
      std::reverse(result.values.begin() + ptrdiff_t(row * image.width),
                   result.values.begin() + ptrdiff_t((row + 1) * image.width));
    return result;
  }

private:
  double probability = 0.5;
};

class Shift : public AugmentStep {
public:
  explicit Shift(Call &call) {
    call.takes({"size"});
    pixels = integerOf(call.at("size"), 0, maxSide, call.describe("size"));
  }
  Image apply(const Image &image, const RandomBits *random) const override {
    if (random == nullptr)
      return image;
    uint64_t range = 2 * uint64_t(pixels) + 1;
    auto down = ptrdiff_t(below(range, (*random)[0], (*random)[1])) - pixels;
    auto right = ptrdiff_t(below(range, (*random)[2], (*random)[3])) - pixels;
    return window(image, -down, -right, image.height, image.width);
  }

private:
  ptrdiff_t pixels;
};

template <typename Step> std::unique_ptr<AugmentStep> make(Call &call) { return std::make_unique<Step>(call); }

struct Entry {
  const char *name;
  std::unique_ptr<AugmentStep> (*make)(Call &call);
};

constexpr Entry table[] = {
    {"pad", make<Pad>},
    {"random_crop", make<RandomCrop>},
    {"hflip", make<HorizontalFlip>},
    {"shift", make<Shift>},
};

std::unique_ptr<AugmentStep> makeStep(const Json &value) {
  Call call(value, "a step of augment");
  std::vector<std::string> names;
  for (const Entry &entry : table) {
    if (call.name() == entry.name)
      return entry.make(call);
    names.emplace_back(entry.name);
  }
  fail("unknown augmentation '{}'{}", call.name(), suggestion(call.name(), names));
}

} // namespace

Augmentation::Augmentation(const Json &list) {
  if (!list.is_array())
    fail("augment is {}, expected a list such as [shift(2)]", valueText(list));
  for (const Json &value : list)
    steps.push_back(makeStep(value));
}

Image Augmentation::train(Image image, uint64_t seed, uint32_t epoch, uint32_t example) const {
  for (size_t i = 0; i < steps.size(); ++i) {
    RandomBits random = randomBits(seed, Purpose::Augment, static_cast<uint32_t>(i), epoch, example);
    image = steps[i]->apply(image, &random);
  }
  return image;
}

Image Augmentation::evaluate(Image image) const {
  for (const auto &step : steps)
    image = step->apply(image, nullptr);
  return image;
}

} // namespace cnnc
