#include "runtime/tool/Augment.h"
#include "runtime/tool/Feed.h"
#include "runtime/tool/Preview.h"
#include "runtime/tool/Value.h"
#include "runtime/tool/data/Png.h"
#include "test/tool/Scratch.h"

#include <png.h>

#include <numeric>
#include <set>

namespace cnnc {
namespace {

using testing::ElementsAre;

Image counted(size_t channels, size_t height, size_t width) {
  Image image(channels, height, width);
  std::iota(image.values.begin(), image.values.end(), 1.0f);
  return image;
}

Augmentation augmentation(const char *text) { return Augmentation(parseValue(text, "augment")); }

TEST(Resize, DoublesWithHalfPixelCentres) {
  Image image(1, 1, 2);
  image.values = {0, 4};
  EXPECT_THAT(resizeBilinear(image, 1, 4).values, ElementsAre(0, 1, 3, 4));
}

TEST(Resize, HalvesBetweenNeighbours) {
  EXPECT_THAT(resizeBilinear(counted(1, 2, 2), 1, 1).values, ElementsAre(2.5f));
  EXPECT_EQ(resizeBilinear(counted(2, 3, 3), 3, 3).values, counted(2, 3, 3).values);
}

TEST(Augment, PadThenCentreCropIsNothingInEvaluation) {
  Image image = counted(2, 5, 5);
  EXPECT_EQ(augmentation("[pad(4), random_crop(5), hflip(100%), shift(3)]").evaluate(image).values, image.values);
}

TEST(Augment, FlipMirrorsRows) {
  EXPECT_THAT(augmentation("[hflip(100%)]").train(counted(1, 2, 3), 1, 0, 0).values, ElementsAre(3, 2, 1, 6, 5, 4));
  EXPECT_THAT(augmentation("[hflip(0%)]").train(counted(1, 2, 3), 1, 0, 0).values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Augment, FlipHappensHalfTheTime) {
  int flips = 0;
  for (uint32_t example = 0; example < 4000; ++example)
    flips += augmentation("[hflip(50%)]").train(counted(1, 1, 2), 9, 3, example).values[0] == 2;
  EXPECT_NEAR(flips, 2000, 130); // four standard deviations
}

TEST(Augment, ShiftReachesEveryPlaceAndFillsWithZeros) {
  Image dot(1, 5, 5);
  dot.at(0, 2, 2) = 1;
  std::set<std::pair<size_t, size_t>> places;
  for (uint32_t example = 0; example < 400; ++example) {
    Image moved = augmentation("[shift(1)]").train(dot, 1, 0, example);
    size_t at = size_t(std::max_element(moved.values.begin(), moved.values.end()) - moved.values.begin());
    EXPECT_EQ(std::accumulate(moved.values.begin(), moved.values.end(), 0.0f), 1);
    places.insert({at / 5, at % 5});
  }
  EXPECT_EQ(places.size(), 9u);
  for (auto [y, x] : places)
    EXPECT_TRUE(y >= 1 && y <= 3 && x >= 1 && x <= 3);
}

TEST(Augment, ReplaysExactlyAndDiffersByEpochAndExample) {
  Augmentation steps = augmentation("[pad(2), random_crop(6), shift(2), hflip(50%)]");
  Image image = counted(1, 6, 6);
  std::set<std::vector<float>> results;
  for (uint32_t epoch = 0; epoch < 4; ++epoch)
    for (uint32_t example = 0; example < 4; ++example) {
      EXPECT_EQ(steps.train(image, 1, epoch, example).values, steps.train(image, 1, epoch, example).values);
      results.insert(steps.train(image, 1, epoch, example).values);
    }
  EXPECT_GT(results.size(), 12u);
}

TEST(Augment, CropThatDoesNotFit) {
  expectError([] { augmentation("[random_crop(9)]").train(counted(1, 8, 8), 1, 0, 0); },
              "random_crop takes 9×9 out of an image of 8×8");
}

/// A model of images [1, 4, 4] and labels 0 to 2.
class FeedTest : public testing::Test {
protected:
  static Part part(std::vector<size_t> shape, size_t rows) {
    Part part;
    part.columns.resize(2);
    part.columns[0] = {Element::U8, shape, {}, "images"};
    for (size_t i = 0; i < rows * part.columns[0].elements(); ++i)
      part.columns[0].bytes.push_back(static_cast<std::byte>(i));
    part.columns[1] = {Element::U8, {}, Bytes(rows, std::byte(2)), "labels"};
    return part;
  }
  static Recipe recipe(const char *text) { return Recipe(parseJson(text, "recipe"), {}); }

  cnnc_tensor_info image = {"image", "", cnnc_f32, 3, {1, 4, 4}, 16, 0, 0, 0, 0};
  cnnc_tensor_info label = {"label", "", cnnc_i32, 0, {}, 1, 3, -100, 0, 0};
};

TEST_F(FeedTest, HandsOverPixelsAndLabels) {
  Part data = part({1, 4, 4}, 3);
  Feed feed({&image, 1}, {&label, 1}, recipe("{}"), data);
  Batch batch;
  uint32_t examples[] = {2, 0};
  feed.fill(batch, data, examples, std::nullopt);
  EXPECT_EQ(batch.n, 2u);
  EXPECT_EQ(batch.floats[0][0], 32);
  EXPECT_EQ(batch.floats[0][16], 0);
  EXPECT_THAT(batch.integers[1], ElementsAre(2, 2));
  EXPECT_EQ(batch.pointers[0], batch.floats[0].data());
}

TEST_F(FeedTest, SuggestsResize) {
  expectError([&] { Feed({&image, 1}, {&label, 1}, recipe("{}"), part({1, 8, 8}, 1)); },
              "'images' gives images of 8×8, the model's 'image' takes 4×4: add resize = 4 to the recipe, or --set resize=4");
  expectError([&] { Feed({&image, 1}, {&label, 1}, recipe("{\"resize\": 4}"), part({3, 8, 8}, 1)); },
              "gives images of shape [3, 4, 4], the model's 'image' takes [1, 4, 4]");
}

TEST_F(FeedTest, ResizesAndFlattens) {
  Part data = part({2, 2}, 1);
  cnnc_tensor_info flat = {"x", "", cnnc_f32, 1, {16}, 16, 0, 0, 0, 0};
  for (const cnnc_tensor_info &input : {image, flat}) {
    Feed feed({&input, 1}, {&label, 1}, recipe("{\"resize\": 4}"), data);
    Batch batch;
    uint32_t first = 0;
    feed.fill(batch, data, {&first, 1}, std::nullopt);
    EXPECT_EQ(batch.floats[0].front(), 0);
    EXPECT_EQ(batch.floats[0].back(), 3);
  }
}

TEST_F(FeedTest, OneHotWhereTheTargetHasAValuePerClass) {
  Part data = part({1, 4, 4}, 1);
  cnnc_tensor_info values = {"t", "", cnnc_f32, 1, {3}, 3, 0, 0, 0, 0};
  Feed feed({&image, 1}, {&values, 1}, recipe("{}"), data);
  Batch batch;
  uint32_t first = 0;
  feed.fill(batch, data, {&first, 1}, std::nullopt);
  EXPECT_THAT(batch.floats[1], ElementsAre(0, 0, 1));
}

TEST(PreviewTest, ShadesAndCaptions) {
  Image black(1, 28, 28), white(3, 8, 8);
  std::fill(white.values.begin(), white.values.end(), 255.0f);
  std::string text = previewText({{black, {"0 (99 %)"}}, {white, {"1 (98 %)", "is 7"}}}, true, 80);
  std::string row = std::string(16, ' ') + "  " + std::string(16, '@') + "  \n", expected;
  for (int i = 0; i < 8; ++i)
    expected += row;
  EXPECT_EQ(text, expected + "0 (99 %)          1 (98 %)          \n                  is 7              \n");
}

TEST(PreviewTest, WrapsAtTheWidth) {
  std::vector<Preview> three(3, {Image(1, 8, 8), {"a"}});
  std::string text = previewText(three, true, 40);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 18) << "two rows of eight lines and a caption";
}

class PngTest : public Scratch {};

TEST_F(PngTest, GreyAndColour) {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  png.width = 2;
  png.height = 1;
  png.format = PNG_FORMAT_RGB;
  const png_byte pixels[] = {10, 20, 30, 255, 255, 255};
  fs::path path = folder / "a.png";
  ASSERT_TRUE(png_image_write_to_file(&png, path.c_str(), 0, pixels, 0, nullptr));
  EXPECT_THAT(readPng(path, 3).values, ElementsAre(10, 255, 20, 255, 30, 255));
  Image grey = readPng(path, 1);
  EXPECT_EQ(grey.channels, 1u);
  EXPECT_EQ(grey.values[1], 255);
  expectError([&] { readPng(path, 2); }, "only 1 and 3 can be read");
  std::string bytes = readText(path, 1 << 20);
  expectError([&] { readPng(write("cut.png", bytes.substr(0, bytes.size() / 2)), 1); }, "as PNG");
  expectError([&] { readPng(write("no.png", "hello"), 1); }, "as PNG");
}

} // namespace
} // namespace cnnc
