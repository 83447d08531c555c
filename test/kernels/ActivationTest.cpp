//===- ActivationTest.cpp - kernels of activations ------------------------===//

#include "test/kernels/ElementwiseCases.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

TEST(Activation, Elu) { expectLanes("%y = cnn.elu %a0 {alpha = 0.7 : f64} : {T}", 1); }
TEST(Activation, Selu) { expectLanes("%y = cnn.selu %a0 : {T}", 1); }
TEST(Activation, Celu) { expectLanes("%y = cnn.celu %a0 {alpha = 0.7 : f64} : {T}", 1); }
TEST(Activation, Softplus) { expectLanes("%y = cnn.softplus %a0 : {T}", 1); }
TEST(Activation, Softsign) { expectLanes("%y = cnn.softsign %a0 : {T}", 1); }
TEST(Activation, Mish) { expectLanes("%y = cnn.mish %a0 : {T}", 1, -30, 30); }
TEST(Activation, HardSigmoid) {
  expectLanes("%0 = cnn.hard_sigmoid %a0 : {T}\n%1 = cnn.hard_sigmoid %a0 {alpha = 0.2 : f64, beta = 0.25 : f64} : {T}\n"
              "%y = cnn.add %0, %1 : {T}",
              1, -5, 5);
}
TEST(Activation, HardSwish) { expectLanes("%y = cnn.hard_swish %a0 : {T}", 1, -5, 5); }
TEST(Activation, Swish) { expectLanes("%y = cnn.swish %a0 {beta = 1.5 : f64} : {T}", 1, -9, 9); }
TEST(Activation, Gelu) { expectLanes("%y = cnn.gelu %a0 : {T}", 1, -6, 6); }
TEST(Activation, GeluOfTanh) { expectLanes("%y = cnn.gelu %a0 {approximate = \"tanh\"} : {T}", 1, -6, 6); }
TEST(Activation, ThresholdedRelu) { expectLanes("%y = cnn.thresholded_relu %a0 {alpha = 0.5 : f64} : {T}", 1); }
TEST(Activation, Clip) { expectLanes("%y = cnn.clip %a0 {min = 0.25 : f64, max = 1.5 : f64} : {T}", 1); }
TEST(Activation, ClipWithOneBound) {
  expectLanes("%0 = cnn.clip %a0 {min = -1.0 : f64} : {T}\n%y = cnn.clip %0 {max = -0.5 : f64} : {T}", 1);
}
TEST(Activation, Prelu) { expectLanes("%y = cnn.prelu %a0, %a1 : ({T}, {C}) -> {T}", 1); }

// %y is 1 where the function of the root of a negative number is no number.
TEST(Activation, NanPassesOn) {
  std::vector<Case> cases;
  for (const char *activation : {"relu",         "leaky_relu", "sigmoid",  "tanh",     "elu",
                                 "selu",         "celu",       "softplus", "softsign", "mish",
                                 "hard_sigmoid", "hard_swish", "swish",    "gelu",     "thresholded_relu",
                                 "exp",          "log",        "sqrt",     "rsqrt",    "reciprocal",
                                 "erf",          "abs",        "sign",     "floor",    "ceil",
                                 "round",        "sin",        "cos",      "tan",      "asin",
                                 "acos",         "atan",       "sinh",     "cosh",     "asinh",
                                 "acosh",        "atanh"}) {
    std::string type = batchType(5, 3, 4);
    Case c;
    c.arguments = {{type, "batch"}};
    c.body = "%0 = cnn.sqrt %a0 : " + type + "\n%1 = cnn." + activation + " %0 : " + type + "\n%2 = cnn.equal %1, %1 : " + type +
             "\n%y = cnn.logical_not %2 : " + type;
    c.results = {{"%y", type, "batch"}};
    cases.push_back(c);
  }
  expectAgree(cases);
}
