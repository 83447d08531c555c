//===- ResampleGradientTest.cpp - every interpolation ---------------------===//

#include "dialects/cnn/ResampleTable.h"
#include "test/gradients/GradientCheck.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

static cnn::ResampleTable randomTable(Random &random, int64_t size) {
  if (random.integer(0, 4) == 0) {
    auto mode = static_cast<cnn::PadMode>(random.integer(0, 2));
    return cnn::padTable(mode, size, random.integer(1 - size, 3), random.integer(0, 3));
  }
  cnn::ResizeAxis axis;
  axis.inputs = size;
  axis.outputs = random.integer(1, 9);
  axis.mode = static_cast<cnn::ResizeAxis::Mode>(random.integer(0, 2));
  axis.coordinates = static_cast<cnn::ResizeAxis::Coordinates>(random.integer(0, 5));
  axis.rounding = static_cast<cnn::ResizeAxis::Rounding>(random.integer(0, 3));
  axis.excludeOutside = random.coin();
  axis.antialias = random.coin();
  axis.roiStart = random.uniform(0, 0.4);
  axis.roiEnd = random.uniform(0.5, 1);
  return cnn::resizeTable(axis).table;
}

TEST(Gradient, Resample) {
  Random random(42);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    std::vector<int64_t> shape{random.integer(1, 3), random.integer(1, 3), random.integer(1, 8), random.integer(1, 8)};
    cnn::ResampleTable rows = randomTable(random, shape[2]), columns = randomTable(random, shape[3]);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ResampleOp::create(builder, loc, arguments[0], rows.places, rows.weights, rows.taps, columns.places,
                                     columns.weights, columns.taps);
    };
    checkGradients(random, {{random.tensor(shape)}}, build, "resample");
  }
}
