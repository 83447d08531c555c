#include "test/runtime/core/Model.h"

#include <gtest/gtest.h>
#include <random>

namespace {

const std::vector<float> weight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, bias = {-1, 0.5, 2}, average = {1, 1, 2, 0};

/// Everything that can be read of some weights.
std::vector<float> all(const Weights &w) {
  std::vector<float> values;
  for (auto [name, count] : std::initializer_list<std::pair<const char *, size_t>>{
           {"weight", 12}, {"bias", 3}, {"norm.running_mean", 4}, {"velocity/weight", 12}, {"velocity/bias", 3}}) {
    std::vector<float> v = get(w, name, count);
    EXPECT_EQ(v.size(), count) << name;
    values.insert(values.end(), v.begin(), v.end());
  }
  return values;
}

Weights filled() {
  Weights w = makeWeights();
  EXPECT_EQ(set(w, "weight", weight), cnnc_ok);
  EXPECT_EQ(set(w, "bias", bias), cnnc_ok);
  EXPECT_EQ(set(w, "norm.running_mean", average), cnnc_ok);
  EXPECT_EQ(set(w, "velocity/bias", {7, 8, 9}), cnnc_ok);
  return w;
}

std::string error(const Weights &w) { return cnnc_core_weights_error(w.get()); }

TEST(Weights, SetAndGetKeepCanonicalOrder) {
  Weights w = filled();
  EXPECT_EQ(get(w, "weight", 12), weight);
  EXPECT_EQ(get(w, "bias", 3), bias);
}

TEST(Weights, SlotsStartAtZero) { EXPECT_EQ(get(makeWeights(), "velocity/weight", 12), std::vector<float>(12, 0.0f)); }

TEST(Weights, AnUnknownNameIsRefused) {
  Weights w = makeWeights();
  EXPECT_EQ(set(w, "conv.weight", bias), cnnc_bad_argument);
  EXPECT_EQ(error(w), "model 'linear' has no parameter 'conv.weight': describe lists the names");
  float value[3];
  EXPECT_EQ(cnnc_core_weights_get(w.get(), "folded", value, 3), cnnc_bad_argument) << "derived parameters are not readable";
  EXPECT_EQ(cnnc_core_weights_get(w.get(), nullptr, value, 3), cnnc_bad_argument);
}

TEST(Weights, AWrongCountIsRefused) {
  Weights w = filled();
  EXPECT_EQ(set(w, "weight", bias), cnnc_bad_argument);
  EXPECT_EQ(error(w), "'weight' has shape [3, 4], 12 values, and 3 were handed in: pass a buffer of that many floats");
  EXPECT_EQ(cnnc_core_weights_set(w.get(), "weight", nullptr, 12), cnnc_bad_argument);
  EXPECT_EQ(get(w, "weight", 12), weight);
}

TEST(Weights, ACheckpointKeepsEverything) {
  Weights w = filled(), other = makeWeights(9);
  ASSERT_EQ(load(other, save(w, true)), cnnc_ok) << error(other);
  EXPECT_EQ(all(other), all(w));
}

TEST(Weights, PlainWeightsStartTheOptimizerAnew) {
  Weights w = filled(), other = makeWeights(9);
  set(other, "velocity/bias", {1, 1, 1});
  ASSERT_EQ(load(other, save(w, false)), cnnc_ok) << error(other);
  EXPECT_EQ(get(other, "weight", 12), weight);
  EXPECT_EQ(get(other, "norm.running_mean", 4), average);
  EXPECT_EQ(get(other, "velocity/bias", 3), std::vector<float>(3, 0.0f));
}

TEST(Weights, AnInferenceLibraryLoadsACheckpoint) {
  cnnc_model inference = fixture_model;
  inference.parameter_count = 3; // without slots
  Weights w = makeWeights(1, inference);
  ASSERT_EQ(load(w, save(filled(), true)), cnnc_ok) << error(w);
  EXPECT_EQ(get(w, "bias", 3), bias);
}

TEST(Weights, SaveSaysHowMuchRoomItNeeds) {
  Weights w = filled();
  size_t size = 0;
  ASSERT_EQ(cnnc_core_weights_save(w.get(), 0, nullptr, &size), cnnc_ok);
  std::string bytes(size, '\0');
  size_t room = size - 1;
  EXPECT_EQ(cnnc_core_weights_save(w.get(), 0, bytes.data(), &room), cnnc_bad_argument);
  EXPECT_EQ(room, size);
  EXPECT_EQ(bytes, std::string(size, '\0'));
  EXPECT_NE(error(w).find("takes " + std::to_string(size) + " bytes and the buffer has " + std::to_string(size - 1)),
            std::string::npos)
      << error(w);
  EXPECT_EQ(cnnc_core_weights_save(w.get(), 0, nullptr, nullptr), cnnc_bad_argument);
}

TEST(Weights, SaveAndLoadTakeAnyAlignment) {
  Weights w = filled(), other = makeWeights(9);
  std::string aligned = save(w, true);
  for (size_t shift = 1; shift < 4; ++shift) {
    std::vector<char> buffer(aligned.size() + shift);
    size_t size = aligned.size();
    ASSERT_EQ(cnnc_core_weights_save(w.get(), 1, buffer.data() + shift, &size), cnnc_ok);
    EXPECT_EQ(std::string(buffer.data() + shift, size), aligned);
    ASSERT_EQ(cnnc_core_weights_load(other.get(), buffer.data() + shift, size), cnnc_ok);
    EXPECT_EQ(all(other), all(w));
  }
}

/// Header entries of the fixture's parameters; data: weight 48, bias 12, mean 16 bytes.
const char weightEntry[] = R"("weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]})";
const char biasEntry[] = R"("bias":{"dtype":"F32","shape":[3],"data_offsets":[48,60]})";
const char meanEntry[] = R"("norm.running_mean":{"dtype":"F32","shape":[4],"data_offsets":[60,76]})";

std::string header(std::initializer_list<std::string> entries) {
  std::string text = "{";
  for (const std::string &e : entries)
    text += (text.size() > 1 ? "," : "") + e;
  return text + "}";
}

TEST(WeightsLoad, PassesOverBookKeeping) {
  Weights w = makeWeights();
  std::string counter = R"("norm.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[76,84]})";
  EXPECT_EQ(load(w, makeFile(header({weightEntry, biasEntry, meanEntry, counter}), 84)), cnnc_ok) << error(w);
  EXPECT_EQ(get(w, "weight", 12), std::vector<float>(12, 0.0f));
}

TEST(WeightsLoad, ReadsHalfAndDoublePrecision) {
  std::string bytes = makeFile(header({R"("bias":{"dtype":"F64","shape":[3],"data_offsets":[0,24]})",
                                       R"("weight":{"dtype":"F16","shape":[3,4],"data_offsets":[24,48]})",
                                       R"("norm.running_mean":{"dtype":"BF16","shape":[4],"data_offsets":[48,56]})"}),
                               56);
  char *data = bytes.data() + bytes.size() - 56;
  const double doubles[] = {1.5, -2.25, 1e300};
  // 1, -2, the largest, the smallest normal, the smallest and largest subnormals, -0, inf, ...
  const uint16_t halves[] = {0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x8000, 0x7c00, 0xfc00, 0x3555, 0, 0x4248};
  const uint16_t bfloats[] = {0x3f80, 0xc040, 0x0080, 0x7f80};
  std::memcpy(data, doubles, 24);
  std::memcpy(data + 24, halves, 24);
  std::memcpy(data + 48, bfloats, 8);
  Weights w = makeWeights();
  ASSERT_EQ(load(w, bytes), cnnc_ok) << error(w);
  const float inf = INFINITY;
  EXPECT_EQ(get(w, "bias", 3), (std::vector<float>{1.5f, -2.25f, inf}));
  EXPECT_EQ(get(w, "weight", 12),
            (std::vector<float>{1, -2, 65504, 0x1p-14f, 0x1p-24f, -0x1.ff8p-15f, -0.0f, inf, -inf, 0x1.554p-2f, 0, 0x1.92p+1f}));
  EXPECT_EQ(get(w, "norm.running_mean", 4), (std::vector<float>{1, -3, 0x1p-126f, inf}));
}

struct BadWeights {
  std::string header;
  size_t data;
  const char *text;
};

const BadWeights badWeights[] = {
    {header({weightEntry, biasEntry}), 60,
     "tensor 'norm.running_mean' of shape [4] is missing among the file's 2 tensors: load weights of model 'linear'"},
    {header({weightEntry, biasEntry, meanEntry, R"("fc.bias":{"dtype":"F32","shape":[1],"data_offsets":[76,80]})"}), 80,
     "tensor 'fc.bias' of shape [1] is not in model 'linear': load weights of this model or rename it"},
    {header({weightEntry, R"("bias":{"dtype":"F32","shape":[1,3],"data_offsets":[48,60]})", meanEntry}), 76,
     "tensor 'bias' has shape [1, 3] in the file and [3] in model 'linear': load weights of this model"},
    {header({weightEntry, R"("bias":{"dtype":"I32","shape":[3],"data_offsets":[48,60]})", meanEntry}), 76,
     "tensor 'bias' has type I32 and the model reads F32, F64, F16 or BF16: save it as F32"},
    {header({R"("param/weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]})", biasEntry}), 60,
     "tensor 'bias' has no prefix and others of the file have (param/, buf/, opt/): save it as plain weights or as a "
     "checkpoint"},
    {header({R"("buf/weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]})"}), 48,
     "tensor 'buf/weight' of shape [3, 4] is not in model 'linear': load weights of this model or rename it"},
    {header({R"("opt/m/weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]})"}), 48,
     "tensor 'opt/m/weight' of shape [3, 4] is not in model 'linear': load weights of this model, or save them without "
     "the optimizer"},
    {header({R"("velocity/bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]})"}), 12,
     "tensor 'velocity/bias' of shape [3] is not in model 'linear': load weights of this model or rename it"},
    {header({R"("param/weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]})",
             R"("param/bias":{"dtype":"F32","shape":[3],"data_offsets":[48,60]})",
             R"("buf/norm.running_mean":{"dtype":"F32","shape":[4],"data_offsets":[60,76]})",
             R"("opt/velocity/bias":{"dtype":"F32","shape":[3],"data_offsets":[76,88]})"}),
     88,
     "tensor 'opt/velocity/weight' of shape [3, 4] is missing among the file's 4 tensors: load weights of model "
     "'linear'"},
};

TEST(WeightsLoad, ErrorsNameTheTensorAndChangeNothing) {
  Weights w = filled();
  std::vector<float> before = all(w);
  for (const BadWeights &bad : badWeights) {
    EXPECT_EQ(load(w, makeFile(bad.header, bad.data)), cnnc_bad_weights) << bad.header;
    EXPECT_EQ(error(w), bad.text);
    EXPECT_EQ(all(w), before);
  }
  EXPECT_EQ(cnnc_core_weights_load(w.get(), nullptr, 8), cnnc_bad_argument);
}

/// Mutates as a damaged or hostile file would be: bytes, digits, lengths.
std::string mutate(std::string bytes, std::mt19937 &random) {
  for (unsigned edits = 1 + random() % 3; edits > 0; --edits) {
    size_t at = random() % 3 ? random() % bytes.size() : 8 + random() % 300;
    at = std::min(at, bytes.size() - 1);
    switch (random() % 5) {
    case 0:
      bytes[at] = static_cast<char>(random());
      break;
    case 1:
      bytes[at] ^= static_cast<char>(1 << random() % 8);
      break;
    case 2:
      bytes.insert(at, 1, "0123456789[]{}\",:\\u "[random() % 20]);
      break;
    case 3:
      bytes.erase(at, 1 + random() % 8);
      break;
    case 4:
      bytes.resize(1 + at);
      break;
    }
  }
  return bytes;
}

TEST(WeightsLoad, SurvivesHostileFiles) {
  Weights w = filled();
  const std::string good = save(w, true);
  std::mt19937 random(20);
  unsigned refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<float> before = all(w);
    std::string bytes = mutate(good, random);
    // An exact allocation, so that reading one byte past the end is seen.
    std::unique_ptr<char[]> exact(new char[bytes.size()]);
    std::memcpy(exact.get(), bytes.data(), bytes.size());
    cnnc_status status = cnnc_core_weights_load(w.get(), exact.get(), bytes.size());
    if (status == cnnc_ok)
      continue;
    ++refused;
    ASSERT_EQ(status, cnnc_bad_weights);
    std::vector<float> after = all(w);
    ASSERT_EQ(std::memcmp(after.data(), before.data(), after.size() * 4), 0);
    for (char c : error(w))
      ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20) << "one line";
  }
  EXPECT_GT(refused, 1000u);
}

} // namespace
