//===- OptimizerTest.cpp - updates of packed parameters -------------------===//

#include "test/kernels/Harness.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

/// An update with its slots (drawn from [0, 1)) and the ranges of its hyper-parameters.
static void expectUpdate(const std::string &op, int slots, const std::vector<std::pair<double, double>> &hypers,
                         const std::string &attributes = "") {
  static const std::pair<std::vector<int64_t>, const char *> shapes[] = {{{6, 1, 5, 5}, "kernel block = 1"},
                                                                         {{20, 19, 3, 2}, "kernel"},
                                                                         {{10, 84}, "kernel"},
                                                                         {{10}, "channels"},
                                                                         {{48}, "channels"}};
  std::vector<Case> cases;
  for (double step : {1.0, 2.0, 1000.0, 70000.0})
    for (const auto &[shape, layout] : shapes) {
      std::string type = tensorType(shape), operands, operandTypes, values, types;
      Case c;
      for (int i = 0; i < 2 + slots; ++i)
        c.arguments.push_back({type, layout, i < 2 ? -1.0 : 0.0, 1});
      for (auto [low, high] : hypers)
        c.arguments.push_back({"tensor<f32>", "scalar", low, high});
      if (op.rfind("adam", 0) == 0)
        c.arguments.push_back({"tensor<f32>", "scalar", step, step, Fill::Integers});
      for (size_t i = 0; i < c.arguments.size(); ++i) {
        operands += (i ? ", %a" : "%a") + std::to_string(i);
        operandTypes += (i ? ", " : "") + c.arguments[i].type;
      }
      for (int i = 0; i < 1 + slots; ++i) {
        types += (i ? ", " : "") + type;
        c.results.push_back({"%y#" + std::to_string(i), type, layout});
      }
      c.body = "%y:" + std::to_string(1 + slots) + " = cnn." + op + " " + operands + " " + attributes + " : (" + operandTypes +
               ") -> (" + types + ")";
      c.tolerance = 2e-6;
      cases.push_back(c);
    }
  expectAgree(cases);
}

TEST(Optimizer, Sgd) { expectUpdate("sgd", 1, {{0.01, 0.1}, {0.8, 0.95}, {0, 0.1}}); }
TEST(Optimizer, Nesterov) { expectUpdate("sgd", 1, {{0.01, 0.1}, {0.8, 0.95}, {0, 0.1}}, "{nesterov}"); }
TEST(Optimizer, Adagrad) { expectUpdate("adagrad", 1, {{0.01, 0.1}, {1e-10, 1e-8}, {0, 0.1}}); }
TEST(Optimizer, Rmsprop) { expectUpdate("rmsprop", 2, {{0.001, 0.01}, {0.9, 0.99}, {1e-8, 1e-6}, {0, 0.1}, {0, 0.9}}); }
TEST(Optimizer, Adam) { expectUpdate("adam", 2, {{0.001, 0.01}, {0.85, 0.95}, {0.99, 0.9999}, {1e-8, 1e-6}, {0, 0.1}}); }
TEST(Optimizer, Adamw) { expectUpdate("adamw", 2, {{0.001, 0.01}, {0.85, 0.95}, {0.99, 0.9999}, {1e-8, 1e-6}, {0, 0.1}}); }
