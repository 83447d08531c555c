//===- FunctionTest.cpp - kernels of functions and arithmetic -------------===//

#include "test/kernels/ElementwiseCases.h"
#include <gtest/gtest.h>

using namespace cnnc::test;

/// One kernel of an op of one operand.
static void expectFunction(const std::string &name, double low = -3, double high = 3) {
  expectLanes("%y = cnn." + name + " %a0 : {T}", 1, low, high);
}

TEST(Function, Exp) { expectFunction("exp"); }
TEST(Function, Log) { expectFunction("log", 0.01, 10); }
TEST(Function, Sqrt) { expectFunction("sqrt", 0, 10); }
TEST(Function, Rsqrt) { expectFunction("rsqrt", 0.1, 10); }
TEST(Function, Reciprocal) { expectFunction("reciprocal", 0.1, 10); }
TEST(Function, Erf) { expectFunction("erf"); }
TEST(Function, Abs) { expectFunction("abs"); }
TEST(Function, Sign) { expectLanes("%y = cnn.sign %a0 : {T}", 1, -2, 2, Fill::Integers); }
TEST(Function, Floor) { expectFunction("floor"); }
TEST(Function, Ceil) { expectFunction("ceil"); }
TEST(Function, Round) { expectFunction("round"); }
TEST(Function, RoundHalves) {
  expectLanes("%0 = cnn.affine %a0 {scale = 0.5 : f64} : {T}\n%y = cnn.round %0 : {T}", 1, -9, 9, Fill::Integers);
}
TEST(Function, Sin) { expectFunction("sin", -50, 50); }
TEST(Function, Cos) { expectFunction("cos", -50, 50); }
TEST(Function, Tan) { expectFunction("tan", -1.4, 1.4); }
TEST(Function, Asin) { expectFunction("asin", -1, 1); }
TEST(Function, Acos) { expectFunction("acos", -1, 1); }
TEST(Function, Atan) { expectFunction("atan"); }
TEST(Function, Sinh) { expectFunction("sinh"); }
TEST(Function, Cosh) { expectFunction("cosh"); }
TEST(Function, Asinh) { expectFunction("asinh", -20, 20); }
TEST(Function, Acosh) { expectFunction("acosh", 1, 20); }
TEST(Function, Atanh) { expectFunction("atanh", -0.9, 0.9); }

TEST(Arithmetic, Div) { expectLanes("%y = cnn.div %a0, %a1 : {T}", 2, 0.5, 3); }
TEST(Arithmetic, Mod) { expectLanes("%y = cnn.mod %a0, %a1 : {T}", 2, 0.1, 9); }
TEST(Arithmetic, ModOfNegatives) { expectLanes("%y = cnn.mod %a0, %a1 : {T}", 2, -9, -1, Fill::Integers); }
TEST(Arithmetic, Min) { expectLanes("%y = cnn.min %a0, %a1 : {T}", 2); }
TEST(Arithmetic, Max) { expectLanes("%y = cnn.max %a0, %a1 : {T}", 2); }
TEST(Arithmetic, MinAndMaxOfNan) {
  // The root of a negative number on either side.
  expectLanes("%0 = cnn.sqrt %a0 : {T}\n%1 = cnn.min %0, %a1 : {T}\n%2 = cnn.max %a1, %0 : {T}\n%3 = cnn.add %1, %2 : {T}\n"
              "%4 = cnn.equal %3, %3 : {T}\n%y = cnn.logical_not %4 : {T}",
              2);
}
TEST(Arithmetic, Pow) { expectLanes("%y = cnn.pow %a0, %a1 : {T}", 2, 0.1, 4); }
TEST(Arithmetic, PowOfNegatives) { expectLanes("%y = cnn.pow %a0, %a1 : {T}", 2, -4, -1, Fill::Integers); }
TEST(Arithmetic, Power) {
  for (const char *exponent : {"-2.0", "-0.5", "0.0", "0.5", "1.0", "3.0", "1.7"})
    expectElementwise("%y = cnn.power %a0 {exponent = " + std::string(exponent) + " : f64} : {T}", 1, 0.3, 3, Fill::Uniform, 1);
}
TEST(Arithmetic, Equal) { expectLanes("%y = cnn.equal %a0, %a1 : {T}", 2, -2, 2, Fill::Integers); }
TEST(Arithmetic, Less) { expectLanes("%y = cnn.less %a0, %a1 : {T}", 2, -2, 2, Fill::Integers); }
TEST(Arithmetic, LogicalNot) { expectLanes("%y = cnn.logical_not %a0 : {T}", 1, -1, 1, Fill::Integers); }
TEST(Arithmetic, Where) { expectLanes("%y = cnn.where %a0, %a1, %a2 : {T}", 3, -1, 1, Fill::Integers); }
