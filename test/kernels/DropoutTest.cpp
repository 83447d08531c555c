//===- DropoutTest.cpp - the mask depends on the logical place alone ------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

TEST(Dropout, MaskOfAnyLayout) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    bool images = random.coin();
    int64_t channels = random.channels();
    std::string type = images ? batchType(channels, random.integer(1, 7), random.integer(1, 7)) : batchType(channels);
    Case c;
    c.n = random.integer(1, 4);
    c.seed = uint64_t(random.integer(0, INT64_MAX)) * 2 + 1;
    c.step = random.integer(0, 100000);
    c.arguments = {{type, random.batchLayout(channels, images), 1, 2}};
    c.body = "%y = cnn.dropout_mask %a0 {ratio = 0." + std::to_string(random.integer(1, 9)) +
             " : f64, id = " + std::to_string(random.integer(0, 1000)) + " : i64} : " + type;
    c.results = {{"%y", type, random.batchLayout(channels, images)}};
    return c;
  }));
}

TEST(Dropout, MaskOfParameters) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    std::vector<int64_t> shape{random.channels()};
    std::string layout = "channels";
    if (i % 4) {
      shape.push_back(random.channels());
      layout = shape[1] < 16 ? "kernel block = " + std::to_string(shape[1]) : "kernel";
    }
    if (i % 4 > 2)
      shape.insert(shape.end(), {random.integer(1, 3), random.integer(1, 3)});
    std::string type = tensorType(shape);
    Case c;
    c.step = random.integer(0, 100000);
    c.arguments = {{type, layout, 1, 2}};
    c.body = "%y = cnn.dropout_mask %a0 {ratio = 0.4 : f64, id = " + std::to_string(i) + " : i64} : " + type;
    c.results = {{"%y", type, layout}};
    return c;
  }));
}

TEST(Dropout, OfNothing) {
  std::string type = batchType(20, 3, 3);
  Case keep;
  keep.arguments = {{type, "batch", 1, 2}};
  keep.body = "%y = cnn.dropout_mask %a0 {ratio = 0.0 : f64, id = 1 : i64} : " + type;
  keep.results = {{"%y", type, "batch"}};
  expectAgree({keep});
}
