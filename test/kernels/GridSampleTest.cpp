//===- GridSampleTest.cpp - images read at places that are computed -------===//

#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// Random images, a grid and the samples, with random attributes.
struct Sampling {
  General images, grid, samples;
  std::string attributes;

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
    attributes = std::string("{mode = \"") + modes[random.integer(0, 2)] + "\", padding = \"" + paddings[random.integer(0, 2)] + "\"" +
                 (random.coin() ? ", align_corners}" : "}");
  }
};

TEST(GridSample, Samples) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Sampling s(random);
    Case c;
    c.n = s.images.batch();
    c.arguments = {{s.images.type(), "plain"}, {s.grid.type(), "plain", -2.3, 2.3}};
    c.body = "%y = cnn.grid_sample %a0, %a1 " + s.attributes + " : (" + s.images.type() + ", " + s.grid.type() + ") -> " + s.samples.type() +
             "\n%z = cnn.affine %y {scale = 2.0 : f64} : " + s.samples.type();
    c.results = {{"%z", s.samples.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(GridSample, Gradients) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Sampling s(random);
    bool byInput = i % 2;
    const General &to = byInput ? s.images : s.grid;
    Case c;
    c.n = s.images.batch();
    c.arguments = {{byInput ? s.samples.type() : s.images.type(), "plain"}, {s.grid.type(), "plain", -2.3, 2.3}};
    if (!byInput)
      c.arguments.push_back({s.samples.type(), "plain"});
    std::string types = c.arguments[0].type + ", " + c.arguments[1].type + (byInput ? "" : ", " + s.samples.type());
    c.body = std::string("%y = cnn.grid_sample_") + (byInput ? "input" : "grid") + "_grad %a0, %a1" + (byInput ? " " : ", %a2 ") + s.attributes + " : (" + types +
             ") -> " + to.type();
    c.results = {{"%y", to.type(), "plain"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

} // namespace
