//===- PoolTest.cpp - pooling kernels on random windows -------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "test/kernels/General.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// A random pooling op: its images before and behind, and its attributes.
struct Pool {
  explicit Pool(Random &random) {
    bool tiles = random.integer(0, 2) == 0;
    channels = random.channels();
    int64_t sizes[2], outputs[2];
    ceilMode = random.integer(0, 2) == 0;
    for (int i = 0; i < 2; ++i) {
      kernel.push_back(random.integer(1, 4));
      stride.push_back(tiles ? kernel[i] : random.integer(1, 5));
      dilation.push_back(tiles || random.coin() ? 1 : random.integer(2, 3));
      int64_t span = dilation[i] * (kernel[i] - 1) + 1, most = tiles ? 0 : span - 1;
      do {
        befores[i] = random.integer(0, most), behinds[i] = random.integer(0, most);
        sizes[i] = random.integer(1, 11);
        outputs[i] = cnnc::cnn::poolPlaces(sizes[i], kernel[i], stride[i], dilation[i], befores[i], behinds[i], ceilMode);
      } while (outputs[i] == 0 || !cnnc::cnn::windowsCover(sizes[i], kernel[i], stride[i], dilation[i], befores[i], outputs[i]));
    }
    input = batchType(channels, sizes[0], sizes[1]);
    output = batchType(channels, outputs[0], outputs[1]);
  }
  std::string attributes(const std::string &more = "") const {
    return "{kernel = " + list(kernel) + ", stride = " + list(stride) +
           ", pad = " + list({befores[0], befores[1], behinds[0], behinds[1]}) + ", dilation = " + list(dilation) +
           ", ceil_mode = " + (ceilMode ? "true" : "false") + more + "}";
  }
  int64_t channels;
  std::vector<int64_t> kernel, stride, dilation;
  bool ceilMode;
  int64_t befores[2], behinds[2];
  std::string input, output;
};

void expectForward(const std::string &op, const std::string &more = "", Fill fill = Fill::Uniform) {
  expectAgree(randomCases(shapesToTry(), [&](Random &random, int64_t i) {
    Pool pool(random);
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{pool.input, random.batchLayout(pool.channels, true), -3, 3, fill}};
    c.body = "%0 = cnn." + op + " %a0 " + pool.attributes(more) + " : " + pool.input + " -> " + pool.output;
    c.body += i % 4 == 0 ? "\n%y = cnn.relu %0 : " + pool.output
                         : "\n%y = cnn.affine %0 {scale = 2.0 : f64, offset = 1.0 : f64} : " + pool.output;
    c.results = {{"%y", pool.output, random.batchLayout(pool.channels, true)}};
    return c;
  }));
}

TEST(Pool, Max) { expectForward("maxpool"); }
TEST(Pool, MaxPassesNanOn) { expectForward("maxpool", "", Fill::SomeNan); }
TEST(Pool, Average) { expectForward("avgpool"); }
TEST(Pool, AverageOfWhatIsInside) { expectForward("avgpool", ", count_include_pad = false"); }

void expectAverageGrad(const std::string &more) {
  expectAgree(randomCases(shapesToTry(), [&](Random &random, int64_t) {
    Pool pool(random);
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{pool.output, random.batchLayout(pool.channels, true)}};
    c.body = "%y = cnn.avgpool_grad %a0 " + pool.attributes(more) + " : (" + pool.output + ") -> " + pool.input;
    c.results = {{"%y", pool.input, random.batchLayout(pool.channels, true)}};
    return c;
  }));
}
TEST(Pool, AverageGrad) { expectAverageGrad(""); }
TEST(Pool, AverageGradOfWhatIsInside) { expectAverageGrad(", count_include_pad = false"); }

TEST(Pool, MaxGradWithTies) {
  expectAgree(randomCases(shapesToTry(), [](Random &random, int64_t i) {
    Pool pool(random);
    Case c;
    c.n = random.integer(1, 3);
    c.arguments = {{pool.input, random.batchLayout(pool.channels, true), -2, 2, i % 2 ? Fill::Integers : Fill::Uniform},
                   {pool.output, random.batchLayout(pool.channels, true)}};
    c.body =
        "%y = cnn.maxpool_grad %a0, %a1 " + pool.attributes() + " : (" + pool.input + ", " + pool.output + ") -> " + pool.input;
    c.results = {{"%y", pool.input, random.batchLayout(pool.channels, true)}};
    return c;
  }));
}

void expectGlobal(const std::string &op, bool isGradient, Fill odd = Fill::Uniform) {
  bool readsInput = isGradient && op == "global_maxpool_grad";
  expectAgree(randomCases(shapesToTry(), [&](Random &random, int64_t i) {
    int64_t channels = random.channels();
    std::string image = batchType(channels, random.integer(1, 9), random.integer(1, 9)), one = batchType(channels, 1, 1);
    Case c;
    c.n = random.integer(1, 3);
    std::string types, from = isGradient ? one : image, to = isGradient ? image : one;
    if (readsInput)
      c.arguments.push_back({image, random.batchLayout(channels, true), -2, 2, i % 2 ? odd : Fill::Uniform});
    c.arguments.push_back({from, random.batchLayout(channels, true), -2, 2, i % 2 && !isGradient ? odd : Fill::Uniform});
    c.body = "%y = cnn." + op + (readsInput ? " %a0, %a1" : " %a0") + " : " +
             (isGradient ? "(" + (readsInput ? image + ", " : "") + from + ")" : from) + " -> " + to;
    c.results = {{"%y", to, random.batchLayout(channels, true)}};
    return c;
  }));
}
TEST(Pool, GlobalAverage) { expectGlobal("global_avgpool", false); }
TEST(Pool, GlobalMax) { expectGlobal("global_maxpool", false); }
TEST(Pool, GlobalMaxPassesNanOn) { expectGlobal("global_maxpool", false, Fill::SomeNan); }
TEST(Pool, GlobalAverageGrad) { expectGlobal("global_avgpool_grad", true); }
TEST(Pool, GlobalMaxGradWithTies) { expectGlobal("global_maxpool_grad", true, Fill::Integers); }

// More places than a task of whole examples has.
TEST(Pool, LargeImages) {
  std::string big = batchType(40, 33, 35), half = batchType(40, 16, 17),
              attributes = "{kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>}";
  Case forward, backward;
  forward.arguments = {{big, "batch halo = [1, 1, 1, 1]"}};
  forward.body = "%y = cnn.maxpool %a0 " + attributes + " : " + big + " -> " + half;
  forward.results = {{"%y", half, "batch halo = [2, 2, 2, 2]"}};
  backward.arguments = {{big, "batch"}, {half, "batch halo = [1, 0, 0, 1]"}};
  backward.body = "%y = cnn.maxpool_grad %a0, %a1 " + attributes + " : (" + big + ", " + half + ") -> " + big;
  backward.results = {{"%y", big, "batch halo = [1, 1, 1, 1]"}};
  expectAgree({forward, backward});
}

} // namespace
