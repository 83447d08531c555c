//===- NormTest.cpp - batch norm and softmax on random shapes -------------===//

#include "test/kernels/Batch.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

TEST(Norm, BatchnormTrain) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Batch batch(random, random.channels());
    Case c;
    c.n = i % 7 == 0 ? 1 : random.integer(2, 40);
    const std::string &v = batch.vector, types = v + ", " + v + ", " + v + ", " + v;
    // A mean far from zero: the variance must not come from a difference of large sums.
    c.arguments = {{batch.type, batch.layout(random), 9, 11},
                   {v, "channels", 0.5, 1.5},
                   {v, "channels"},
                   {v, "channels"},
                   {v, "channels", 0.5, 1.5}};
    c.body = "%r:5 = cnn.batchnorm_train %a0, %a1, %a2, %a3, %a4 {epsilon = 1.0e-5 : f64, momentum = 0.1 : f64} : (" +
             batch.type + ", " + types + ") -> (" + batch.type + ", " + types + ")\n%y = cnn.relu %r#0 : " + batch.type;
    c.results = {{i % 2 ? "%y" : "%r#0", batch.type, batch.layout(random)}};
    for (int k = 1; k < 5; ++k)
      if (i % 3 || k % 2)
        c.results.push_back({"%r#" + std::to_string(k), v, "channels"});
    if (c.n == 1 && !batch.images)
      c.arguments[0].low = 0, c.arguments[0].high = 1;
    return c;
  }));
}

TEST(Norm, BatchnormGrad) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Batch batch(random, random.channels());
    Case c;
    c.n = random.integer(1, 40);
    const std::string &v = batch.vector;
    c.arguments = {{batch.type, batch.layout(random)},
                   {batch.type, batch.layout(random)},
                   {v, "channels", 0.5, 1.5},
                   {v, "channels"},
                   {v, "channels", 0.5, 1.5}};
    c.body = "%r:3 = cnn.batchnorm_grad %a0, %a1, %a2, %a3, %a4 : (" + batch.type + ", " + batch.type + ", " + v + ", " + v +
             ", " + v + ") -> (" + batch.type + ", " + v + ", " + v + ")";
    c.results = {{"%r#0", batch.type, batch.layout(random)}, {"%r#1", v, "channels accumulate = true"}, {"%r#2", v, "channels"}};
    if (i % 4 == 0)
      c.results.erase(c.results.begin() + 1 + i / 4 % 2);
    return c;
  }));
}

TEST(Norm, Softmax) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Batch batch(random, random.channels());
    Case c;
    c.n = random.integer(1, 3);
    double range = i % 3 == 0 ? 200 : 4;
    c.arguments = {{batch.type, batch.layout(random), -range, range}};
    c.body = "%y = cnn.softmax %a0 : " + batch.type;
    c.results = {{"%y", batch.type, batch.layout(random)}};
    return c;
  }));
}

TEST(Norm, SoftmaxGrad) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t) {
    Batch batch(random, random.channels());
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{batch.type, batch.layout(random), 0, 1}, {batch.type, batch.layout(random)}};
    c.body = "%y = cnn.softmax_grad %a0, %a1 : " + batch.type;
    c.results = {{"%y", batch.type, batch.layout(random)}};
    return c;
  }));
}

} // namespace
