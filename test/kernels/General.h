//===- General.h - random tensors of any rank for kernel tests ---*- C++ -*-===//

#ifndef CNNC_TEST_KERNELS_GENERAL_H
#define CNNC_TEST_KERNELS_GENERAL_H

#include "test/kernels/Harness.h"

namespace cnnc::test {

using Shape = std::vector<int64_t>;

/// A shape whose first size is the batch, or all of which is static.
struct General {
  Shape sizes;
  bool isBatch;
  std::string type(const char *element = "f32") const {
    std::string text = "tensor<";
    for (size_t i = 0; i < sizes.size(); ++i)
      text += (isBatch && i == 0 ? "?" : std::to_string(sizes[i])) + "x";
    return text + element + ">";
  }
  /// What an argument of this shape lies in.
  std::string layout() const { return sizes.empty() ? "scalar" : "plain"; }
  int64_t batch() const { return isBatch ? sizes[0] : 2; }
};

inline General randomShape(Random &random, int64_t least = 1, int64_t most = 5) {
  General shape{{}, random.coin()};
  for (int64_t rank = random.integer(least, most); rank > 0; --rank)
    shape.sizes.push_back(random.integer(0, 4) ? random.integer(1, 5) : random.integer(1, 40));
  return shape;
}
inline std::string list(const Shape &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text.empty() ? "array<i64>" : "array<i64: " + text + ">";
}
/// An operand of that shape, of values from -1 to 1.
inline Argument operand(const General &shape) { return {shape.type(), shape.layout()}; }
/// Whole numbers from low to high, in a tensor of floats or of i32.
inline Argument numbers(const General &shape, double low, double high, bool isFloat = false) {
  return {shape.type(isFloat ? "f32" : "i32"), shape.layout(), low, high, Fill::Integers};
}
/// `%y = cnn.<op> %a0, … {attributes} : (types) -> result`, of as many examples as `shape` has.
inline Case apply(const std::string &op, const std::string &attributes, const General &shape, std::vector<Argument> arguments,
                  const General &result) {
  std::string operands, types;
  for (size_t i = 0; i < arguments.size(); ++i) {
    operands += (i ? ", %a" : " %a") + std::to_string(i);
    types += (i ? ", " : "") + arguments[i].type;
  }
  Case c;
  c.n = shape.batch();
  c.body = "%y = cnn." + op + operands + " {" + attributes + "} : (" + types + ") -> " + result.type();
  c.arguments = std::move(arguments);
  c.results = {{"%y", result.type(), result.layout()}};
  return c;
}
/// What stands behind an op is fused: `op` on its result becomes the case's.
inline Case followed(Case c, const std::string &op) {
  const std::string type = c.results[0].type;
  c.body += "\n%z = cnn." + op + " : " + type;
  c.results[0].value = "%z";
  return c;
}
/// `cnn.<op>` from one tensor to another.
inline Case unary(const General &from, const General &to, const std::string &op, const std::string &layout = "plain") {
  Case c;
  c.n = from.isBatch ? from.batch() : to.batch();
  c.arguments = {{from.type(), layout}};
  c.body = "%y = cnn." + op + " : " + from.type() + " -> " + to.type();
  c.results = {{"%y", to.type(), "plain"}};
  return c;
}

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_GENERAL_H
