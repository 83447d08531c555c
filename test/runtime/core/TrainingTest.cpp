#include "test/runtime/core/Model.h"

#include <cmath>
#include <gtest/gtest.h>

namespace {

// With zero weights every class has probability 1/3: all values are by hand.
const float x[8] = {1, 2, 0, -1, 0, 1, 1, 0};
const int32_t label[2] = {0, 2};
const std::vector<float> biasGradient = {-1.0f / 6, 1.0f / 3, -1.0f / 6};
const std::vector<float> weightGradient = {-1.0f / 3, -0.5f,     1.0f / 6, 1.0f / 3, 1.0f / 6,  0.5f,
                                           1.0f / 6,  -1.0f / 6, 1.0f / 6, 0,        -1.0f / 3, -1.0f / 6};

void expectNear(const std::vector<float> &a, const std::vector<float> &b, float scale = 1, float tolerance = 1e-6f) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], scale * b[i], tolerance) << i;
}

class Training : public testing::Test {
protected:
  Weights w = makeWeights();
  Context c = makeContext(w, 2, true);
  float value = 0;

  Training() {
    set(w, "weight", std::vector<float>(12, 0.0f));
    set(w, "bias", std::vector<float>(3, 0.0f));
  }
  std::string error() { return cnnc_core_error(c.get()); }
};

TEST_F(Training, LossAndGradientsAreThoseByHand) {
  ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
  EXPECT_NEAR(value, std::log(3.0), 1e-6);
  ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  expectNear(gradient(c, "weight", 12), weightGradient);
  expectNear(gradient(c, "bias", 3), biasGradient);
}

TEST_F(Training, GradientsAccumulateUntilTheUpdate) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
    ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  }
  expectNear(gradient(c, "weight", 12), weightGradient, 2);
  ASSERT_EQ(cnnc_core_update(c.get(), nullptr, 1), cnnc_ok);
  expectNear(gradient(c, "weight", 12), std::vector<float>(12, 0.0f));
  expectNear(get(w, "weight", 12), weightGradient, -0.2f);
  expectNear(get(w, "velocity/weight", 12), weightGradient, 2);
}

TEST_F(Training, AStepIsLossBackwardAndUpdate) {
  Weights other = makeWeights(2);
  ASSERT_EQ(load(other, save(w, true)), cnnc_ok);
  Context separate = makeContext(other, 2, true);
  for (uint64_t step = 1; step <= 3; ++step) {
    float separately;
    ASSERT_EQ(trainStep(c, 2, x, label, step, &value), cnnc_ok);
    ASSERT_EQ(loss(separate, 2, x, label, &separately, step), cnnc_ok);
    ASSERT_EQ(cnnc_core_backward(separate.get(), nullptr), cnnc_ok);
    ASSERT_EQ(cnnc_core_update(separate.get(), nullptr, step), cnnc_ok);
    EXPECT_EQ(value, separately);
  }
  EXPECT_EQ(save(w, true), save(other, true));
  EXPECT_LT(value, std::log(3.0f));
}

TEST_F(Training, MomentumFollowsItsFormula) {
  ASSERT_EQ(trainStep(c, 2, x, label, 1, &value), cnnc_ok);
  std::vector<float> before = get(w, "bias", 3), expected(3);
  ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
  ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  std::vector<float> g = gradient(c, "bias", 3);
  const float hyper[3] = {0.5f, 0.25f, 0.125f}; // lr, momentum, weight decay
  ASSERT_EQ(cnnc_core_update(c.get(), hyper, 2), cnnc_ok);
  for (int i = 0; i < 3; ++i)
    expected[i] = before[i] - 0.5f * (0.25f * biasGradient[i] + g[i] + 0.125f * before[i]);
  expectNear(get(w, "bias", 3), expected);
}

TEST_F(Training, InferenceSeesTheUpdate) {
  const float origin[4] = {0, 0, 0, 0};
  float logits[3];
  ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
  ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  ASSERT_EQ(forward(c, 1, origin, logits), cnnc_ok);
  ASSERT_EQ(cnnc_core_update(c.get(), nullptr, 1), cnnc_ok);
  ASSERT_EQ(forward(c, 1, origin, logits), cnnc_ok);
  expectNear(std::vector<float>(logits, logits + 3), biasGradient, -0.1f);
  ASSERT_EQ(trainStep(c, 2, x, label, 2, &value), cnnc_ok);
  ASSERT_EQ(forward(c, 1, origin, logits), cnnc_ok);
  EXPECT_EQ(std::vector<float>(logits, logits + 3), get(w, "bias", 3));
}

TEST_F(Training, TheOptimizersMissingFieldsAreTheRecipes) {
  struct {
    cnnc_optimizer head;
    float lr, momentum, weightDecay;
  } optimizer = {{offsetof(decltype(optimizer), momentum), 1}, 0.5f, NAN, NAN};
  const void *inputs[] = {x, label};
  ASSERT_EQ(cnnc_core_train_step_optimizer(c.get(), 2, inputs, nullptr, &optimizer.head, &value), cnnc_ok) << error();
  expectNear(get(w, "bias", 3), biasGradient, -0.5f);
  optimizer.head.struct_size = sizeof optimizer;
  EXPECT_EQ(cnnc_core_train_step_optimizer(c.get(), 2, inputs, nullptr, &optimizer.head, &value), cnnc_bad_argument);
  EXPECT_EQ(error(), "hyper-parameter 'momentum' is nan: pass a finite number");
  optimizer.head.struct_size = 4;
  EXPECT_EQ(cnnc_core_update_optimizer(c.get(), &optimizer.head), cnnc_bad_argument);
  EXPECT_EQ(error(), "the optimizer's struct_size is 4 and should be at least 16: set it to sizeof");
}

TEST_F(Training, TheInputsGradientMatchesDifferences) {
  Weights random = makeWeights(3);
  Context context = makeContext(random, 2, true);
  float at[8], plus, minus, gradients[8];
  std::memcpy(at, x, sizeof at);
  ASSERT_EQ(loss(context, 2, at, label, &value), cnnc_ok);
  void *outputs[] = {gradients};
  ASSERT_EQ(cnnc_core_backward(context.get(), outputs), cnnc_ok);
  for (int i = 0; i < 8; ++i) {
    at[i] = x[i] + 0.05f;
    loss(context, 2, at, label, &plus);
    at[i] = x[i] - 0.05f;
    loss(context, 2, at, label, &minus);
    at[i] = x[i];
    EXPECT_NEAR(gradients[i], (plus - minus) / 0.1f, 1e-4) << i;
  }
  ASSERT_EQ(loss(context, 2, at, label, &value), cnnc_ok);
  void *none[] = {nullptr};
  EXPECT_EQ(cnnc_core_backward(context.get(), none), cnnc_ok);
}

TEST_F(Training, ALibraryMayHaveNoInputGradients) {
  cnnc_code code = fixture_model.codes[0];
  code.input_gradient = nullptr;
  cnnc_model model = fixture_model;
  model.codes = &code;
  Weights without = makeWeights(1, model);
  Context context = makeContext(without, 2, true);
  float gradients[8];
  void *outputs[] = {gradients}, *none[] = {nullptr};
  ASSERT_EQ(loss(context, 2, x, label, &value), cnnc_ok);
  EXPECT_EQ(cnnc_core_backward(context.get(), outputs), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(context.get()), "model 'linear' was compiled without gradients of its inputs: pass NULL");
  EXPECT_EQ(cnnc_core_backward(context.get(), none), cnnc_ok);
}

TEST_F(Training, CallsOutOfOrderAreRefused) {
  EXPECT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_bad_argument);
  EXPECT_EQ(error(), "backward without a finite loss just before it: call loss, then backward once");
  EXPECT_EQ(cnnc_core_update(c.get(), nullptr, 1), cnnc_bad_argument);
  EXPECT_EQ(error(), "update without a gradient: call loss and backward first");
  ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
  float logits[6];
  ASSERT_EQ(forward(c, 2, x, logits), cnnc_ok) << "a training context runs inference";
  EXPECT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_bad_argument) << "the arena was overwritten";
  ASSERT_EQ(loss(c, 2, x, label, &value), cnnc_ok);
  ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  EXPECT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_bad_argument);
  EXPECT_EQ(cnnc_core_update(c.get(), nullptr, 0), cnnc_bad_argument);
  EXPECT_EQ(error(), "an update in step 0: steps count from 1");
}

TEST_F(Training, AnInferenceContextDoesNotTrain) {
  Context inference = makeContext(w, 2);
  float values[3];
  EXPECT_EQ(loss(inference, 2, x, label, &value), cnnc_bad_argument);
  EXPECT_STREQ(cnnc_core_error(inference.get()), "loss in a context created for inference: create one with training set to 1");
  EXPECT_EQ(cnnc_core_backward(inference.get(), nullptr), cnnc_bad_argument);
  EXPECT_EQ(cnnc_core_update(inference.get(), nullptr, 1), cnnc_bad_argument);
  EXPECT_EQ(cnnc_core_gradient(inference.get(), "bias", values, 3), cnnc_bad_argument);
  EXPECT_EQ(trainStep(inference, 2, x, label, 1, &value), cnnc_bad_argument);
}

TEST_F(Training, ArgumentsAreChecked) {
  const void *inputs[] = {x, nullptr};
  cnnc_step step{4, 0, 1};
  EXPECT_EQ(cnnc_core_loss(c.get(), 2, inputs, nullptr, &value), cnnc_bad_argument);
  EXPECT_EQ(error(), "target 'label' is a null pointer: pass a buffer for all n examples");
  inputs[1] = label;
  EXPECT_EQ(cnnc_core_loss(c.get(), 2, inputs, &step, &value), cnnc_bad_argument);
  EXPECT_EQ(error(), "the step's struct_size is 4 and should be 24: set it to sizeof");
  EXPECT_EQ(cnnc_core_loss(c.get(), 2, inputs, nullptr, nullptr), cnnc_bad_argument);
  EXPECT_EQ(error(), "loss is a null pointer: pass the address of a float");
  EXPECT_EQ(loss(c, 3, x, label, &value), cnnc_bad_argument);
  float values[4];
  EXPECT_EQ(cnnc_core_gradient(c.get(), "norm.running_mean", values, 4), cnnc_bad_argument);
  EXPECT_EQ(error(), "'norm.running_mean' is not trained and has no gradient: describe lists the trainable parameters");
  EXPECT_EQ(cnnc_core_gradient(c.get(), "head.bias", values, 4), cnnc_bad_argument);
  EXPECT_EQ(error(), "the model has no parameter 'head.bias': describe lists the names");
  EXPECT_EQ(cnnc_core_gradient(c.get(), "bias", values, 4), cnnc_bad_argument);
  EXPECT_EQ(error(), "the gradient of 'bias' has 3 values and the buffer 4: pass a buffer of that many floats");
}

TEST_F(Training, LabelsOutOfRangeAreRefused) {
  for (int32_t bad : {3, -1, INT32_MAX, INT32_MIN}) {
    const int32_t labels[2] = {1, bad};
    EXPECT_EQ(loss(c, 2, x, labels, &value), cnnc_bad_argument);
    EXPECT_EQ(error(),
              "'label' of example 1 is " + std::to_string(bad) + " and the model has classes 0 to 2: check the data's labels");
  }
}

TEST_F(Training, TheIgnoredLabelIsPassedOver) {
  const int32_t labels[2] = {0, -100};
  ASSERT_EQ(loss(c, 2, x, labels, &value), cnnc_ok) << error();
  EXPECT_NEAR(value, std::log(3.0), 1e-6);
  ASSERT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_ok);
  expectNear(gradient(c, "bias", 3), {-2.0f / 3, 1.0f / 3, 1.0f / 3});
}

TEST_F(Training, ALossThatIsNotFiniteStops) {
  float hot[8] = {1, 2, 0, INFINITY};
  std::string before = save(w, true);
  EXPECT_EQ(trainStep(c, 2, hot, label, 17, &value), cnnc_not_finite);
  EXPECT_FALSE(std::isfinite(value));
  EXPECT_EQ(error(), "the loss is nan in step 17: lower the learning rate, clip the gradients or check the inputs");
  EXPECT_EQ(cnnc_core_backward(c.get(), nullptr), cnnc_bad_argument);
  EXPECT_EQ(save(w, true), before);
}

TEST_F(Training, AGradientThatIsNotFiniteWritesNothing) {
  // A huge input with zero weights: the loss is finite, its gradient is not.
  float huge[8] = {3e38f, 0, 0, 0, 3e38f, 0, 0, 0};
  const int32_t same[2] = {1, 1};
  std::string before = save(w, true);
  EXPECT_EQ(trainStep(c, 2, huge, same, 4, &value), cnnc_not_finite);
  EXPECT_TRUE(std::isfinite(value));
  EXPECT_EQ(error(), "the gradient of 'weight' is not finite in step 4, nothing was updated: lower the learning rate "
                     "or clip the gradients");
  EXPECT_EQ(save(w, true), before);
  expectNear(gradient(c, "weight", 12), std::vector<float>(12, 0.0f));
  EXPECT_EQ(trainStep(c, 2, x, label, 5, &value), cnnc_ok) << "the next step starts clean";
}

} // namespace
