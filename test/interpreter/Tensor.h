//===- Tensor.h - a value of the interpreter ---------------------*- C++ -*-===//

#ifndef CNNC_TEST_INTERPRETER_TENSOR_H
#define CNNC_TEST_INTERPRETER_TENSOR_H

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cnnc::interpreter {

/// A row-major array of doubles. Labels are whole numbers in it.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<double> values;

  Tensor() = default;
  /// Zeros.
  explicit Tensor(std::vector<int64_t> shape) : shape(std::move(shape)), values(elementsFrom(0)) {}
  Tensor(std::vector<int64_t> shape, std::vector<double> values) : shape(std::move(shape)), values(std::move(values)) {
    assert(static_cast<int64_t>(this->values.size()) == elementsFrom(0));
  }

  int64_t rank() const { return shape.size(); }
  int64_t size() const { return values.size(); }
  double &operator[](int64_t i) { return values[i]; }
  double operator[](int64_t i) const { return values[i]; }

  /// The product of the sizes of the dimensions from `dimension` on.
  int64_t elementsFrom(std::size_t dimension) const {
    int64_t elements = 1;
    for (; dimension < shape.size(); ++dimension)
      elements *= shape[dimension];
    return elements;
  }

  /// Examples; channels or features; elements of a channel of an example.
  /// A tensor seen as [batch, channels, inner].
  int64_t batch() const { return shape[0]; }
  int64_t channels() const { return shape[1]; }
  int64_t inner() const { return elementsFrom(2); }

  /// An element of images [N, C, H, W] or of a kernel [K, C, R, S].
  double &at(int64_t n, int64_t c, int64_t h, int64_t w) { return values[((n * shape[1] + c) * shape[2] + h) * shape[3] + w]; }
  double at(int64_t n, int64_t c, int64_t h, int64_t w) const { return const_cast<Tensor *>(this)->at(n, c, h, w); }
};

} // namespace cnnc::interpreter

#endif // CNNC_TEST_INTERPRETER_TENSOR_H
