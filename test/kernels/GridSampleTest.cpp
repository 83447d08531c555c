//===- GridSampleTest.cpp - images read at places that are computed -------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// Random images, a grid and the samples, with random attributes.
struct Sampling {
  General images, grid, samples;
  std::string attributes;

  /// Also outside of the images.
  Argument places() const { return {grid.type(), "plain", -2.3, 2.3}; }

  explicit Sampling(Random &random) {
    bool isBatch = random.coin();
    int64_t dims = random.integer(1, 3), n = random.integer(1, 3), channels = random.integer(1, 4);
    images = samples = {{n, channels}, isBatch};
    grid = {{n}, isBatch};
    for (int64_t d = 0; d < dims; ++d) {
      images.sizes.push_back(random.integer(1, 7));
      grid.sizes.push_back(random.integer(1, d + 1 == dims ? 20 : 4));
      samples.sizes.push_back(grid.sizes.back());
    }
    grid.sizes.push_back(dims);
    const char *modes[] = {"nearest", "linear", "cubic"}, *paddings[] = {"zeros", "border", "reflection"};
    attributes = std::string("mode = \"") + modes[random.integer(0, 2)] + "\", padding = \"" + paddings[random.integer(0, 2)] +
                 "\"" + (random.coin() ? ", align_corners" : "");
  }
};

TEST(GridSample, Samples) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    Sampling s(random);
    Case c = apply("grid_sample", s.attributes, s.images, {operand(s.images), s.places()}, s.samples);
    return followed(c, "affine %y {scale = 2.0 : f64}");
  }));
}

TEST(GridSample, Gradients) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Sampling s(random);
    bool byInput = i % 2;
    if (byInput)
      return apply("grid_sample_input_grad", s.attributes, s.images, {operand(s.samples), s.places()}, s.images);
    return apply("grid_sample_grid_grad", s.attributes, s.images, {operand(s.images), s.places(), operand(s.samples)}, s.grid);
  }));
}

} // namespace
