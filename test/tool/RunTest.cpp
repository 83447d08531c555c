/// \file The smaller parts of a run: order, metrics, curves, files, checkpoints' hashes.
#include "runtime/core/safetensors.h"
#include "runtime/tool/Curve.h"
#include "runtime/tool/Metric.h"
#include "runtime/tool/Order.h"
#include "runtime/tool/Safetensors.h"
#include "runtime/tool/Text.h"
#include "test/tool/Scratch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cnnc {
namespace {

TEST(OrderTest, PermutesAndReplays) {
  std::vector<uint32_t> all(100);
  std::iota(all.begin(), all.end(), 0u);
  auto first = shuffled(all, 1, 0), second = shuffled(all, 1, 1);
  EXPECT_EQ(first, shuffled(all, 1, 0));
  EXPECT_NE(first, second);
  EXPECT_NE(first, all);
  std::sort(first.begin(), first.end());
  EXPECT_EQ(first, all);
}

TEST(OrderTest, EveryPlaceIsEquallyLikely) {
  std::vector<int> counts(9);
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    auto order = shuffled({0, 1, 2}, seed, 0);
    for (size_t i = 0; i < 3; ++i)
      ++counts[3 * i + order[i]];
  }
  for (int count : counts)
    EXPECT_NEAR(count, 1000, 104); // four standard deviations
}

TEST(OrderTest, SplitIsDisjointAndFixedBySeed) {
  Split split = splitExamples(50, 0.1, 7);
  EXPECT_EQ(split.validation.size(), 5u);
  std::vector<uint32_t> all = split.train;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  std::sort(all.begin(), all.end());
  for (uint32_t i = 0; i < 50; ++i)
    EXPECT_EQ(all[i], i);
  EXPECT_EQ(splitExamples(50, 0.1, 7).validation, split.validation);
  EXPECT_NE(splitExamples(50, 0.1, 8).validation, split.validation);
  EXPECT_EQ(splitExamples(3, 1.0, 1).train.size(), 1u) << "something is left to train on";
  EXPECT_TRUE(splitExamples(3, 0, 1).validation.empty());
}

class MetricTest : public testing::Test {
protected:
  static double measure(const char *recipe, const cnnc_tensor_info &target, const std::string &name, const Judged &judged) {
    for (const auto &metric : makeMetrics(Recipe(Json::parse(recipe), {}), target))
      if (metric->name == name) {
        metric->add(judged);
        return metric->value();
      }
    ADD_FAILURE() << "no metric " << name;
    return NAN;
  }
  cnnc_tensor_info labels = {"label", "", cnnc_i32, 0, {}, 1, 3, -100};
  cnnc_tensor_info values = {"target", "", cnnc_f32, 1, {1}, 1, 0, 0};
};

TEST_F(MetricTest, AccuracyAndTopKPassOverIgnoredLabels) {
  const float logits[] = {3, 2, 1, 0, 5, 9, 1, 1, 1};
  const int32_t label[] = {1, 2, -100};
  Judged judged = {3, logits, 3, 3, label, nullptr, -100};
  EXPECT_DOUBLE_EQ(measure(R"({"metrics": ["accuracy"]})", labels, "accuracy", judged), 0.5);
  EXPECT_DOUBLE_EQ(measure(R"({"metrics": [{"call": "top_k", "args": [2]}]})", labels, "top_2", judged), 1);
}

TEST_F(MetricTest, CrossEntropyOfLogits) {
  const float logits[] = {1000, 1000, -1000};
  const int32_t label[] = {0};
  EXPECT_NEAR(measure("{}", labels, "loss", {1, logits, 3, 3, label, nullptr, -100}), std::log(2.0), 1e-12);
}

TEST_F(MetricTest, PixelsHaveClassesFirst) {
  const float logits[] = {1, 0, 0, 1}; // class 0: 1 0, class 1: 0 1
  const int32_t label[] = {0, 0};
  EXPECT_DOUBLE_EQ(measure("{}", labels, "accuracy", {1, logits, 4, 2, label, nullptr, -100}), 0.5);
}

TEST_F(MetricTest, LossesOfValues) {
  const float output[] = {0.25f, -1}, wanted[] = {1, 0};
  Judged judged = {2, output, 1, 1, nullptr, wanted, 0};
  EXPECT_DOUBLE_EQ(measure("{}", values, "loss", judged), (0.5625 + 1) / 2);
  EXPECT_DOUBLE_EQ(measure(R"({"loss": {"call": "perceptron"}})", values, "loss", judged), 0);
  EXPECT_DOUBLE_EQ(measure(R"({"loss": {"call": "perceptron"}})", values, "accuracy", judged), 1);
  const char *logits = R"({"loss": {"call": "binary_cross_entropy", "named": {"from_logits": true}}})";
  EXPECT_NEAR(measure(logits, values, "loss", judged), (std::log1p(std::exp(-0.25)) + std::log1p(std::exp(-1.0))) / 2, 1e-12);
  const float shares[] = {0.25f, 0};
  EXPECT_NEAR(measure(R"({"loss": "binary_cross_entropy"})", values, "loss", {2, shares, 1, 1, nullptr, wanted, 0}),
              -std::log(0.25) / 2, 1e-12);
}

TEST(CurveTest, Terminal) {
  Points points = {{1, 1}, {2, 0}};
  std::string text = terminalCurve(points, "loss", 4, 2);
  EXPECT_EQ(text, "           loss\n"
                  "         1 ⠑⢄⡀⠀\n"
                  "         0 ⠀⠀⠑⢄\n"
                  "           step 12\n");
  EXPECT_EQ(terminalCurve({}, "loss", 4, 2), "");
}

TEST(CurveTest, SvgHasALinePerQuantity) {
  History history;
  for (uint64_t step = 1; step <= 1000; ++step)
    history.losses.emplace_back(step, 1.0 / double(step));
  history.validations = {{500, {{"accuracy", 0.5}}}, {1000, {{"accuracy", 0.75}}}};
  std::string svg = svgCurve(history, "a < b", "accuracy");
  auto count = [&](const std::string &text) {
    size_t found = 0;
    for (size_t at = svg.find(text); at != std::string::npos; at = svg.find(text, at + 1))
      ++found;
    return found;
  };
  EXPECT_EQ(count("<polyline"), 2u);
  EXPECT_EQ(count("a &lt; b"), 1u);
  EXPECT_EQ(count("0.75"), 1u);
  EXPECT_LE(count(","), 330u) << "a long run is thinned";
}

TEST(TextTest, Suggestion) {
  const std::string known[] = {"batch", "stop"};
  EXPECT_EQ(suggestion("bacth", known), "; did you mean 'batch'");
  EXPECT_EQ(suggestion("zzzzzz", known), "; known: batch, stop");
}

class FileTest : public Scratch {};

TEST_F(FileTest, ReplacesAtOnce) {
  writeFile(folder / "a", std::string_view("old"));
  writeFile(folder / "a", std::string_view("new"));
  EXPECT_EQ(readText(folder / "a", 10), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  expectError([&] { readText(folder / "a", 2); }, "has 3 bytes, more than the 2 that are read");
  expectError([&] { writeFile(folder / "none" / "a", std::string_view("x")); }, "cannot write");
}

/// One tensor `w` of four floats.
Bytes oneTensor() {
  cnnc_safetensors_writer writer;
  const uint32_t dims[] = {4};
  Bytes bytes(4096);
  cnnc_safetensors_begin(&writer, bytes.data(), bytes.size(), nullptr, 0);
  cnnc_safetensors_tensor(&writer, "", "w", dims, 1);
  bytes.resize(cnnc_safetensors_end(&writer) + 16, std::byte(7));
  return bytes;
}

TEST(SafetensorsTest, HashesFindEveryChangedByte) {
  Bytes file = withMetadata(oneTensor(), {{"step", "12"}, {"note", "quotes \" and \\"}});
  Metadata metadata = verifyHashes(file, "a");
  EXPECT_EQ(metadata["step"], "12");
  EXPECT_EQ(metadata["note"], "quotes \" and \\");
  for (size_t i = 0; i < file.size(); ++i) {
    Bytes changed = file;
    changed[i] ^= std::byte(1);
    bool same = false;
    try {
      same = verifyHashes(changed, "a") == metadata;
    } catch (const Error &) {
      continue;
    }
    // What is left are bytes that mean the same: padding, and a tensor's name, which the model checks.
    EXPECT_TRUE(same) << "byte " << i;
  }
}

} // namespace
} // namespace cnnc
