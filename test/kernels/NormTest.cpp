//===- NormTest.cpp - batch norm and softmax on random shapes -------------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

struct Shape {
  explicit Shape(Random &random) {
    channels = random.channels();
    images = random.integer(0, 3) != 0;
    type = images ? batchType(channels, random.integer(1, 8), random.integer(1, 8)) : batchType(channels);
    vector = tensorType({channels});
  }
  int64_t channels;
  bool images;
  std::string type, vector;
  std::string layout(Random &random) const { return random.batchLayout(channels, images); }
};

TEST(Norm, BatchnormTrain) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Shape shape(random);
    Case c;
    c.n = i % 7 == 0 ? 1 : random.integer(2, 40);
    const std::string &v = shape.vector, types = v + ", " + v + ", " + v + ", " + v;
    // A mean far from zero: the variance must not come from a difference of large sums.
    c.arguments = {{shape.type, shape.layout(random), 9, 11}, {v, "channels", 0.5, 1.5}, {v, "channels"}, {v, "channels"}, {v, "channels", 0.5, 1.5}};
    c.body = "%r:5 = cnn.batchnorm_train %a0, %a1, %a2, %a3, %a4 {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (" + shape.type + ", " + types +
             ") -> (" + shape.type + ", " + types + ")\n%y = cnn.relu %r#0 : " + shape.type;
    c.results = {{i % 2 ? "%y" : "%r#0", shape.type, shape.layout(random)}};
    for (int k = 1; k < 5; ++k)
      if (i % 3 || k % 2)
        c.results.push_back({"%r#" + std::to_string(k), v, "channels"});
    if (c.n == 1 && !shape.images)
      c.arguments[0].low = 0, c.arguments[0].high = 1;
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Norm, BatchnormGrad) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Shape shape(random);
    Case c;
    c.n = random.integer(1, 40);
    const std::string &v = shape.vector;
    c.arguments = {{shape.type, shape.layout(random)}, {shape.type, shape.layout(random)}, {v, "channels", 0.5, 1.5}, {v, "channels"}, {v, "channels", 0.5, 1.5}};
    c.body = "%r:3 = cnn.batchnorm_grad %a0, %a1, %a2, %a3, %a4 : (" + shape.type + ", " + shape.type + ", " + v + ", " + v + ", " + v + ") -> (" +
             shape.type + ", " + v + ", " + v + ")";
    c.results = {{"%r#0", shape.type, shape.layout(random)}, {"%r#1", v, "channels accumulate = true"}, {"%r#2", v, "channels"}};
    if (i % 4 == 0)
      c.results.erase(c.results.begin() + 1 + i / 4 % 2);
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Norm, Softmax) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Shape shape(random);
    Case c;
    c.n = random.integer(1, 3);
    double range = i % 3 == 0 ? 200 : 4;
    c.arguments = {{shape.type, shape.layout(random), -range, range}};
    c.body = "%y = cnn.softmax %a0 : " + shape.type;
    c.results = {{"%y", shape.type, shape.layout(random)}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

TEST(Norm, SoftmaxGrad) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    Shape shape(random);
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{shape.type, shape.layout(random), 0, 1}, {shape.type, shape.layout(random)}};
    c.body = "%y = cnn.softmax_grad %a0, %a1 : " + shape.type;
    c.results = {{"%y", shape.type, shape.layout(random)}};
    cases.push_back(c);
  }
  expectAgree(cases);
}

} // namespace
