//===- PackTest.cpp - kernels that are computed, packed -------------------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

TEST(Pack, Kernels) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    bool isDense = i % 4 == 0;
    int64_t inputs = random.channels(), block = std::min<int64_t>(inputs, 16);
    std::string type = isDense ? tensorType({random.channels(), inputs})
                               : tensorType({random.channels(), inputs, random.integer(1, 3), random.integer(1, 5)});
    Case c;
    c.arguments = {{type, "plain"}};
    c.results = {{"%a0", type, "kernel block = " + std::to_string(block)}};
    return c;
  }));
}

} // namespace
