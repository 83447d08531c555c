//===- LossTest.cpp - losses and their gradients on random shapes ---------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

namespace {

/// A loss whose target has the shape of the prediction, and its gradient.
void expectMeanLoss(const std::string &op, double low, double high, Fill targets, const std::string &attributes = "") {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    int64_t channels = random.channels();
    bool images = random.integer(0, 3) == 0;
    std::string type = images ? batchType(channels, random.integer(1, 5), random.integer(1, 5)) : batchType(channels);
    Case loss;
    loss.n = random.integer(1, 40);
    loss.arguments = {{type, random.batchLayout(channels, images), low, high}, {type, "plain", 0, 1, targets}};
    loss.body = "%y = cnn." + op + " %a0, %a1 " + attributes + " : (" + type + ", " + type + ") -> tensor<f32>";
    loss.results = {{"%y", "tensor<f32>", i % 2 ? "scalar" : "plain"}};
    loss.tolerance = 2e-6;
    Case gradient = loss;
    gradient.arguments.push_back({"tensor<f32>", "scalar", 0.5, 2});
    gradient.body =
        "%y = cnn." + op + "_grad %a0, %a1, %a2 " + attributes + " : (" + type + ", " + type + ", tensor<f32>) -> " + type;
    gradient.results = {{"%y", type, random.batchLayout(channels, images)}};
    gradient.tolerance = 1e-5;
    cases.push_back(loss);
    cases.push_back(gradient);
  }
  expectAgree(cases);
}

TEST(Loss, MeanSquaredError) { expectMeanLoss("mean_squared_error", -2, 2, Fill::Uniform); }
TEST(Loss, BinaryCrossEntropy) { expectMeanLoss("binary_cross_entropy", 0.001, 0.999, Fill::Probability); }
TEST(Loss, BinaryCrossEntropyOfSoftTargets) { expectMeanLoss("binary_cross_entropy", 0.05, 0.95, Fill::Uniform); }
TEST(Loss, BinaryCrossEntropyFromLogits) {
  expectMeanLoss("binary_cross_entropy", -30, 30, Fill::Probability, "{from_logits = true}");
}
TEST(Loss, PerceptronLoss) { expectMeanLoss("perceptron_loss", -2, 2, Fill::Probability); }

/// Cross entropy with labels from `lowest` on, which may be ignored ones.
void expectCrossEntropy(const std::string &attributes, bool weights, int64_t lowest) {
  Random random;
  std::vector<Case> cases;
  for (int64_t i = 0; i < shapesToTry(); ++i) {
    int64_t classes = i % 5 == 0 ? random.integer(1, 100) : random.channels();
    bool images = random.integer(0, 3) == 0;
    int64_t height = random.integer(1, 5), width = random.integer(1, 5);
    std::string type = images ? batchType(classes, height, width) : batchType(classes);
    std::string labels = images ? "tensor<?x" + std::to_string(height) + "x" + std::to_string(width) + "xi32>" : "tensor<?xi32>";
    std::string all = attributes;
    if (weights) {
      all += (all.empty() ? "" : ", ") + std::string("class_weights = array<f64: ");
      for (int64_t c = 0; c < classes; ++c)
        all += (c ? ", " : "") + std::to_string(random.integer(c ? 0 : 1, 8) / 4.0);
      all += ">";
    }
    Case loss;
    loss.n = random.integer(1, 40);
    loss.arguments = {{type, random.batchLayout(classes, images), -6, 6},
                      {labels, "plain", double(lowest), double(classes - 1), Fill::Integers}};
    loss.body = "%y = cnn.softmax_cross_entropy %a0, %a1 {" + all + "} : (" + type + ", " + labels + ") -> tensor<f32>";
    loss.results = {{"%y", "tensor<f32>", "scalar"}};
    loss.tolerance = 2e-6;
    Case gradient = loss;
    gradient.arguments.push_back({"tensor<f32>", "scalar", 0.5, 2});
    gradient.body = "%y = cnn.softmax_cross_entropy_grad %a0, %a1, %a2 {" + all + "} : (" + type + ", " + labels +
                    ", tensor<f32>) -> " + type;
    gradient.results = {{"%y", type, random.batchLayout(classes, images)}};
    gradient.tolerance = 1e-5;
    if (classes > 1 || !images)
      cases.push_back(loss);
    cases.push_back(gradient);
  }
  expectAgree(cases);
}

TEST(Loss, CrossEntropy) { expectCrossEntropy("", false, 0); }
TEST(Loss, CrossEntropyWithSmoothing) { expectCrossEntropy("label_smoothing = 0.1 : f64", false, 0); }
TEST(Loss, CrossEntropyWithWeights) { expectCrossEntropy("", true, 0); }
TEST(Loss, CrossEntropyWithIgnoredLabels) {
  expectCrossEntropy("ignore_label = -1 : i64, label_smoothing = 0.2 : f64", true, -1);
}

// No label counts: the loss and its gradient are 0.
TEST(Loss, CrossEntropyOfNothing) {
  Case loss;
  loss.arguments = {{"tensor<?x10xf32>", "batch"}, {"tensor<?xi32>", "plain", 4, 4, Fill::Integers}};
  loss.body =
      "%y = cnn.softmax_cross_entropy %a0, %a1 {ignore_label = 4 : i64} : (tensor<?x10xf32>, tensor<?xi32>) -> tensor<f32>";
  loss.results = {{"%y", "tensor<f32>", "scalar"}};
  Case gradient = loss;
  gradient.arguments.push_back({"tensor<f32>", "scalar", 0.5, 2});
  gradient.body = "%y = cnn.softmax_cross_entropy_grad %a0, %a1, %a2 {ignore_label = 4 : i64} : "
                  "(tensor<?x10xf32>, tensor<?xi32>, tensor<f32>) -> tensor<?x10xf32>";
  gradient.results = {{"%y", "tensor<?x10xf32>", "batch"}};
  expectAgree({loss, gradient});
}

} // namespace
