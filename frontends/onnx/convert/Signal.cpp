//===- Signal.cpp - Fourier transforms, causal convolutions ---------------===//
//
// A transform of known length is a product with a matrix; that of windows which
// move over a signal is a convolution with its rows.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// e^(2πi · turns / length), real part and imaginary.
static std::pair<double, double> root(int64_t turns, int64_t length) {
  constexpr double pi = 3.14159265358979323846;
  double angle = 2 * pi * static_cast<double>(turns % length) / static_cast<double>(length);
  return {std::cos(angle), std::sin(angle)};
}

namespace {

/// A transform of `length` elements: how many of real or complex numbers it reads and gives.
struct Transform {
  int64_t length, given, made;
  bool isComplex, givesReal, inverse;

  int64_t rows() const { return given * (isComplex ? 2 : 1); }
  int64_t columns() const { return made * (givesReal ? 1 : 2); }
  /// [given, 1 or 2, made, 1 or 2] in row-major order; elements from `length` on count as 0.
  std::vector<double> matrix() const;
};

std::vector<double> Transform::matrix() const {
  std::vector<double> result(rows() * columns());
  int64_t used = givesReal ? std::min(given, length / 2 + 1) : std::min(given, length);
  for (int64_t n = 0; n < used; ++n)
    for (int64_t k = 0; k < made; ++k) {
      auto [cosine, sine] = root(n * k, length);
      if (!inverse)
        sine = -sine;
      // One half of a spectrum stands for both; its ends are there once.
      double weight = inverse ? 1.0 / static_cast<double>(length) : 1;
      if (givesReal && n != 0 && 2 * n != length)
        weight *= 2;
      auto at = [&](int64_t in, int64_t out) -> double & {
        return result[(n * (isComplex ? 2 : 1) + in) * columns() + k * (givesReal ? 1 : 2) + out];
      };
      at(0, 0) = weight * cosine;
      if (!givesReal)
        at(0, 1) = weight * sine;
      if (isComplex)
        at(1, 0) = -weight * sine;
      if (isComplex && !givesReal)
        at(1, 1) = weight * cosine;
    }
  return result;
}

} // namespace

/// The one integer that operand `i` holds; nothing, and an error, where it is none.
static std::optional<int64_t> number(Call &call, size_t i, llvm::StringRef why) {
  std::optional<Shape> list = call.constantIntegers(i, why);
  if (list && list->size() == 1)
    return list->front();
  if (list)
    call.refuse("takes " + why + " from " + llvm::Twine(list->size()) + " numbers", "it is one integer");
  return std::nullopt;
}

/// [.., L, .., 1 or 2]: the last dimension holds real parts, or these and imaginary ones.
static void convertDft(Call &call) {
  bool inverse = call.flag("inverse", false), isOneSided = call.flag("onesided", false), isOld = call.node.version < 20;
  int64_t given = call.integer("axis", isOld ? 1 : -2);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<int64_t> place = !isOld && call.has(2) ? number(call, 2, "an axis") : given;
  std::optional<size_t> axis = place ? call.axis(*place, shape.size()) : std::nullopt;
  if (!axis)
    return;
  bool givesReal = inverse && isOneSided;
  std::optional<int64_t> length = shape[*axis] == dynamic ? 0 : givesReal ? 2 * (shape[*axis] - 1) : shape[*axis];
  if (call.has(1) && !(length = number(call, 1, "a length")))
    return;
  if (shape.size() < 2 || *axis + 1 == shape.size() || shape[*axis] == dynamic || (shape.back() != 1 && shape.back() != 2) ||
      (givesReal && shape.back() != 2) || *length < 1 || *length > (1 << 24))
    return call.refuse("transforms " + llvm::Twine(*length) + " elements of dimension " + llvm::Twine(*axis) + " of " +
                           text(shape),
                       "the last dimension holds one or two parts of each number, and the batch is not transformed");
  Transform transform{*length,           shape[*axis], isOneSided && !inverse ? *length / 2 + 1 : *length,
                      shape.back() == 2, givesReal,    inverse};
  if (transform.rows() > mostComputed / transform.columns())
    return call.refuse("transforms " + llvm::Twine(*length) + " elements",
                       "transforms are products with matrices of up to 2^24 elements");
  Compose compose(call);
  size_t last = shape.size() - 2;
  Shape order = llvm::to_vector<8>(llvm::seq<int64_t>(shape.size())), back = order;
  std::rotate(order.begin() + *axis, order.begin() + *axis + 1, order.end() - 1);
  std::rotate(back.begin() + *axis, back.end() - 2, back.end() - 1);
  mlir::Value moved = compose.transpose(input, order);
  if (!moved)
    return;
  Shape result(shapeOf(moved));
  int64_t first = last ? result[0] : 1, between = last ? elementsOf(ArrayRef(result).slice(1, last - 1)) : 1;
  mlir::Value product = compose.matmul(compose.reshape(moved, {first, between, transform.rows()}),
                                       compose.constant({transform.rows(), transform.columns()}, transform.matrix()));
  result[last] = transform.made, result[last + 1] = givesReal ? 1 : 2;
  call.set(0, compose.transpose(compose.reshape(product, result), back));
}

/// A signal [N, S, 1 or 2] in frames [N, F, K, 2].
static void convertStft(Call &call) {
  bool isOneSided = call.flag("onesided", true);
  if (!call.ready(2))
    return;
  std::optional<int64_t> step = number(call, 1, "a step");
  const Tensor *window = step && call.has(2) ? call.constant(2, "a window") : nullptr;
  mlir::Value signal = call.failed() ? mlir::Value() : call.runtime(0);
  if (!signal)
    return;
  Shape shape(shapeOf(signal));
  std::optional<int64_t> length = window ? window->elements() : shape.size() == 3 ? shape[1] : 0;
  if (call.has(3) && !(length = number(call, 3, "the length of frames")))
    return;
  bool fits = shape.size() == 3 && (shape[2] == 1 || shape[2] == 2) && *step > 0 && *length > 0 && *length <= shape[1] &&
              (!window || (isReal(window->type()) && window->shape() == ArrayRef(*length)));
  if (!fits)
    return call.refuse("takes frames of " + llvm::Twine(*length) + " elements, each " + llvm::Twine(*step) +
                           " behind the one before it, from " + text(shape),
                       "signals are [N, length, 1 or 2], and a window is as long as a frame");
  Transform transform{*length, *length, isOneSided ? *length / 2 + 1 : *length, shape[2] == 2, false, false};
  int64_t parts = shape[2], kernels = transform.columns();
  if (transform.rows() > mostComputed / kernels)
    return call.refuse("transforms " + llvm::Twine(*length) + " elements",
                       "transforms are products with matrices of up to 2^24 elements");
  std::vector<double> matrix = transform.matrix(), kernel(matrix.size());
  for (int64_t n = 0; n < *length; ++n)
    for (int64_t part = 0; part < parts; ++part)
      for (int64_t k = 0; k < kernels; ++k)
        kernel[(k * parts + part) * *length + n] = matrix[(n * parts + part) * kernels + k] * (window ? window->at(n).real : 1);
  Compose compose(call);
  mlir::Value channels = parts == 1 ? compose.reshape(signal, {shape[0], 1, shape[1]}) : compose.transpose(signal, {0, 2, 1}),
              weights = compose.constant({kernels, parts, *length}, kernel);
  if (!channels || !weights)
    return;
  Windows frames;
  frames.kernel = {*length}, frames.stride = {*step}, frames.dilation = {1}, frames.low = frames.high = {0};
  mlir::Value spectrum = compose.transpose(windowsOf(call).conv(channels, weights, {}, frames, 1), {0, 2, 1});
  call.set(0, compose.reshape(spectrum, {shape[0], (shape[1] - *length) / *step + 1, transform.made, 2}));
}

/// Each channel with a kernel of its own over what was before; the last elements are the state for the next call.
static void convertCausalConv(Call &call) {
  std::string activation = call.string("activation", "none");
  if (activation != "none" && activation != "silu" && activation != "swish")
    call.refuse("has activation '" + activation + "'", "it is none, silu or swish");
  mlir::Value input = call.ready(2) ? call.runtime(0) : mlir::Value(), kernel = input ? call.runtime(1) : input,
              bias = kernel && call.has(2) ? call.runtime(2) : mlir::Value(),
              past = kernel && call.has(3) ? call.runtime(3) : mlir::Value();
  if (!kernel || call.failed())
    return;
  Shape shape(shapeOf(input)), weight(shapeOf(kernel));
  bool fits = shape.size() == 3 && weight.size() == 3 && weight[0] == shape[1] && weight[1] == 1 &&
              (!bias || shapeOf(bias) == ArrayRef(shape[1]));
  int64_t before = fits ? weight[2] - 1 : 0;
  fits &= !past || before == 0 || shapeOf(past) == ArrayRef<int64_t>({shape[0], shape[1], before});
  if (!fits)
    return call.refuse("has an input " + text(shape) + " and a weight " + text(weight),
                       "these are [N, C, L] and [C, 1, K], and the state [N, C, K - 1]");
  Compose compose(call);
  if (before > 0) {
    mlir::Value zeros = past ? past : compose.repeat(compose.splat({1, 1, 1}, 0), {shape[0], shape[1], before});
    input = compose.concat({zeros, input}, 2);
  }
  if (!input)
    return;
  Windows windows;
  windows.kernel = {weight[2]}, windows.stride = windows.dilation = {1}, windows.low = windows.high = {0};
  mlir::Value result = windowsOf(call).conv(input, kernel, bias, windows, shape[1]);
  call.set(0, activation == "none" ? result : compose.map<cnn::SwishOp>(result));
  if (before > 0)
    call.set(1, compose.slice(input, 2, shape[2], shape[2] + before), call.type(0));
  else if (call.isRead(1)) { // of no elements, which only a known batch has
    call.conversion.isBatchFixed |= shape[0] == dynamic;
    call.set(
        1, Tensor(call.type(0), {shape[0] == dynamic ? call.conversion.fixedBatch : shape[0], shape[1], 0}, ArrayRef<Scalar>()));
  }
}

void onnx::addSignals(Table &table) {
  table["DFT"] = convertDft;
  table["STFT"] = convertStft;
  table["CausalConvWithState"] = convertCausalConv;
}
