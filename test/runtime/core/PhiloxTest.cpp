#include "runtime/core/philox.h"

#include "test/runtime/core/Model.h"

#include <cmath>
#include <gtest/gtest.h>

namespace {

struct KnownAnswer {
  cnnc_philox_block counter;
  uint32_t key0, key1;
  cnnc_philox_block words;
};

// philox4x32 with 10 rounds in Random123's tests/kat_vectors.
const KnownAnswer knownAnswers[] = {
    {{{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
    {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
     0xffffffff,
     0xffffffff,
     {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
    {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
     0xa4093822,
     0x299f31d0,
     {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
};

TEST(Philox, MatchesTheKnownAnswers) {
  for (const KnownAnswer &k : knownAnswers) {
    cnnc_philox_block words = cnnc_philox(k.counter, k.key0, k.key1);
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(words.v[i], k.words.v[i]);
  }
}

/// A model of one parameter, for statistics of its initial values.
struct OneParameter {
  static constexpr size_t count = 40001;
  cnnc_parameter_info parameter{};
  cnnc_model model = fixture_model;

  OneParameter(uint32_t init, float a, float b) {
    parameter.name = "p";
    parameter.rank = 1;
    parameter.dims[0] = count;
    parameter.elements = parameter.packed_elements = count;
    parameter.init = init;
    parameter.init_a = a;
    parameter.init_b = b;
    model.parameters = &parameter;
    model.parameter_count = 1;
    model.parameter_bytes = (count * 4 + 63) / 64 * 64;
  }
  std::vector<float> values(uint64_t seed) { return get(makeWeights(seed, model), "p", count); }
};

double mean(const std::vector<float> &v, double centre = 0, int power = 1) {
  double sum = 0;
  for (float x : v)
    sum += std::pow(x - centre, power);
  return sum / v.size();
}

TEST(Initialize, NormalHasItsMeanAndDeviation) {
  std::vector<float> v = OneParameter(cnnc_init_normal, 3.0f, 0.5f).values(7);
  EXPECT_NEAR(mean(v), 3.0, 0.0125); // five standard errors
  EXPECT_NEAR(std::sqrt(mean(v, 3.0, 2)), 0.5, 0.009);
  EXPECT_NEAR(mean(v, 3.0, 4) / std::pow(0.5, 4), 3.0, 0.25); // the kurtosis of a normal
}

TEST(Initialize, UniformStaysInItsRange) {
  std::vector<float> v = OneParameter(cnnc_init_uniform, -0.25f, 0.75f).values(7);
  EXPECT_NEAR(mean(v), 0.25, 0.0075);
  EXPECT_NEAR(mean(v, 0.25, 2), 1.0 / 12, 0.002);
  for (float x : v)
    ASSERT_TRUE(x >= -0.25f && x < 0.75f) << x;
}

TEST(Initialize, UniformNeverRoundsUpToItsEnd) {
  // Between neighbouring floats all but rounding's half would reach the end.
  float low = 1.0f, high = std::nextafter(1.0f, 2.0f);
  for (float x : OneParameter(cnnc_init_uniform, low, high).values(7))
    ASSERT_EQ(x, low);
}

TEST(Initialize, DependsOnTheSeedAndNothingElse) {
  OneParameter p(cnnc_init_normal, 0, 1);
  EXPECT_EQ(p.values(1ull << 40), p.values(1ull << 40));
  EXPECT_NE(p.values(1), p.values(2));
  EXPECT_NE(p.values(1), p.values(1 + (1ull << 32)));
}

TEST(Initialize, DoesNotDependOnOtherParameters) {
  cnnc_parameter_info swapped[6];
  std::memcpy(swapped, fixture_model.parameters, sizeof swapped);
  swapped[0].init = cnnc_init_constant; // draws nothing now
  cnnc_model model = fixture_model;
  model.parameters = swapped;
  EXPECT_EQ(get(makeWeights(5, model), "bias", 3), get(makeWeights(5), "bias", 3));
}

TEST(Initialize, EmbeddedValuesWin) {
  static const float values[] = {4, 5, 6};
  cnnc_parameter_info changed[6];
  std::memcpy(changed, fixture_model.parameters, sizeof changed);
  changed[1].embedded = values;
  cnnc_model model = fixture_model;
  model.parameters = changed;
  EXPECT_EQ(get(makeWeights(5, model), "bias", 3), (std::vector<float>{4, 5, 6}));
}

} // namespace
