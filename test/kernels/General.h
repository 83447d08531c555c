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
