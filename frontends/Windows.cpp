//===- Windows.cpp - shapes, pools and what works channel by channel ------===//

#include "frontends/Windows.h"
#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"
#include <limits>
#include <numeric>

using namespace cnnc;
using llvm::ArrayRef;
using Sizes = Windows::Sizes;

Windows Windows::slice(size_t first, size_t count) const {
  auto part = [&](const Sizes &sizes) { return Sizes(ArrayRef(sizes).slice(first, count)); };
  return {part(kernel), part(stride), part(dilation), part(low), part(high), ceilMode};
}

Sizes Windows::pads() const {
  Sizes all(low);
  all.append(high);
  return all;
}

mlir::Value WindowBuilder::reshape(mlir::Value value, ArrayRef<int64_t> shape) {
  return !value || shapeOf(value) == shape ? value : emit<cnn::ReshapeOp>(shape, value);
}

mlir::Value WindowBuilder::pad(mlir::Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high, ArrayRef<int64_t> interior,
                               double with) {
  if (!value)
    return {};
  Sizes shape(shapeOf(value));
  for (size_t i = 0; i < low.size(); ++i)
    shape[i + 1] += low[i] + high[i] + (shape[i + 1] - 1) * interior[i];
  return shapeOf(value) == ArrayRef(shape) ? value : emit<cnn::PadOp>(shape, value, low, high, interior, llvm::APFloat(with));
}

mlir::Value WindowBuilder::slice(mlir::Value value, size_t dimension, int64_t start, int64_t count, int64_t step) {
  if (!value)
    return {};
  Sizes shape(shapeOf(value)), starts(shape.size() - 1, 0), stops(ArrayRef(shape).drop_front()), steps(shape.size() - 1, 1);
  if (shape[dimension] == count)
    return value;
  starts[dimension - 1] = start;
  stops[dimension - 1] = start + (count - 1) * step + 1;
  steps[dimension - 1] = step;
  shape[dimension] = count;
  return emit<cnn::SliceOp>(shape, value, ArrayRef<int64_t>(starts), ArrayRef<int64_t>(stops), ArrayRef<int64_t>(steps));
}

mlir::Value WindowBuilder::onImages(mlir::Value input, llvm::function_ref<mlir::Value(mlir::Value)> op) {
  Sizes shape(shapeOf(input));
  if (shape.size() == 2 || shape.size() == 4)
    return op(input);
  // The last dimension stays: rows are what kernels tile.
  int64_t height = std::accumulate(shape.begin() + 2, shape.end() - 1, int64_t(1), std::multiplies<>());
  mlir::Value images = reshape(input, {shape[0], shape[1], height, shape.back()});
  mlir::Value result = images ? op(images) : images;
  return reshape(result, shape);
}

mlir::Value WindowBuilder::toPlace(mlir::Value input, llvm::function_ref<mlir::Value(mlir::Value)> op) {
  Sizes shape(shapeOf(input)), places(shape);
  std::fill(places.begin() + 2, places.end(), 1);
  int64_t height = std::accumulate(shape.begin() + 2, shape.end() - 1, int64_t(1), std::multiplies<>());
  mlir::Value images = reshape(input, {shape[0], shape[1], height, shape.back()});
  return images ? reshape(op(images), places) : images;
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

static bool isWhole(const Windows &windows) {
  for (size_t i = 0; i < windows.rank(); ++i)
    if (windows.kernel[i] != 1 || windows.stride[i] != 1 || windows.low[i] || windows.high[i])
      return false;
  return true;
}

/// The sizes of what a pool of images gives.
static Sizes pooled(ArrayRef<int64_t> shape, const Windows &windows) {
  Sizes result(shape);
  for (size_t i = 0; i < 2; ++i)
    result[2 + i] = cnn::poolPlaces(shape[2 + i], windows.kernel[i], windows.stride[i], windows.dilation[i], windows.low[i],
                                    windows.high[i], windows.ceilMode);
  return result;
}

/// True if every window covers an element of the images.
static bool covers(ArrayRef<int64_t> shape, const Windows &windows) {
  Sizes places = pooled(shape, windows);
  for (size_t i = 0; i < 2; ++i)
    if (!cnn::windowsCover(shape[2 + i], windows.kernel[i], windows.stride[i], windows.dilation[i], windows.low[i],
                           places[2 + i]))
      return false;
  return true;
}

/// A pool is one over height and width of all planes, as channels, and then one over depth.
mlir::Value WindowBuilder::pool(mlir::Value input, const Windows &windows,
                                llvm::function_ref<mlir::Value(mlir::Value, const Windows &)> poolImages) {
  Sizes shape(shapeOf(input));
  if (windows.rank() == 2)
    return poolImages(input, windows);
  auto along = [&](const Windows &one) {
    Windows two = one;
    two.kernel.push_back(1), two.stride.push_back(1), two.dilation.push_back(1), two.low.push_back(0), two.high.push_back(0);
    return two;
  };
  if (windows.rank() == 1) {
    mlir::Value column = reshape(input, {shape[0], shape[1], shape[2], 1});
    mlir::Value result = column ? poolImages(column, along(windows)) : column;
    return result ? reshape(result, shapeOf(result).drop_back()) : result;
  }
  Windows plane = windows.slice(1, 2), depth = along(windows.slice(0, 1));
  mlir::Value value = reshape(input, {shape[0], shape[1] * shape[2], shape[3], shape[4]});
  if (value && !isWhole(plane))
    value = poolImages(value, plane);
  if (!value)
    return {};
  int64_t height = shapeOf(value)[2], width = shapeOf(value)[3];
  if (!isWhole(depth)) {
    value = reshape(value, {shape[0], shape[1], shape[2], height * width});
    value = value ? poolImages(value, depth) : value;
    shape[2] = value ? shapeOf(value)[2] : 0;
  }
  return reshape(value, {shape[0], shape[1], shape[2], height, width});
}

/// Padding that no op does by itself.
static Windows padded(const Windows &windows) {
  Windows inside = windows;
  inside.low.assign(windows.rank(), 0);
  inside.high.assign(windows.rank(), 0);
  return inside;
}

mlir::Value WindowBuilder::maxpool(mlir::Value input, const Windows &windows) {
  return pool(input, windows, [&](mlir::Value images, const Windows &own) {
    if (!covers(shapeOf(images), own)) {
      images = padImages(images, own, -std::numeric_limits<double>::infinity());
      return images ? emitPool<cnn::MaxpoolOp>(images, padded(own)) : images;
    }
    return emitPool<cnn::MaxpoolOp>(images, own);
  });
}

mlir::Value WindowBuilder::avgpool(mlir::Value input, const Windows &windows, bool countIncludePad) {
  return pool(input, windows, [&](mlir::Value images, const Windows &own) {
    if (countIncludePad && !covers(shapeOf(images), own)) {
      images = padImages(images, own, 0);
      return images ? emitPool<cnn::AvgpoolOp>(images, padded(own), true) : images;
    }
    return emitPool<cnn::AvgpoolOp>(images, own, countIncludePad);
  });
}

mlir::Value WindowBuilder::padImages(mlir::Value images, const Windows &windows, double with) {
  return pad(images, {0, windows.low[0], windows.low[1]}, {0, windows.high[0], windows.high[1]}, {0, 0, 0}, with);
}

template <typename Op, typename... Args>
mlir::Value WindowBuilder::emitPool(mlir::Value images, const Windows &windows, Args... args) {
  Sizes pads = windows.pads();
  return emit<Op>(pooled(shapeOf(images), windows), images, ArrayRef<int64_t>(windows.kernel), ArrayRef<int64_t>(windows.stride),
                  ArrayRef<int64_t>(pads), args..., ArrayRef<int64_t>(windows.dilation), windows.ceilMode);
}

mlir::Value WindowBuilder::powers(mlir::Value value, double p) {
  ArrayRef<int64_t> shape = shapeOf(value);
  if (p == 2)
    return emit<cnn::MulOp>(shape, value, value);
  value = emit<cnn::AbsOp>(shape, value);
  return p == 1 ? value : emit<cnn::PowerOp>(shape, value, llvm::APFloat(p));
}

mlir::Value WindowBuilder::root(mlir::Value value, double p) {
  if (!value || p == 1)
    return value;
  return p == 2 ? emit<cnn::SqrtOp>(shapeOf(value), value) : emit<cnn::PowerOp>(shapeOf(value), value, llvm::APFloat(1 / p));
}

mlir::Value WindowBuilder::lppool(mlir::Value input, const Windows &windows, double p) {
  // An average over whole windows, times their size: zeros go where a window reaches beyond the padding.
  Windows whole = windows;
  double size = 1;
  for (size_t i = 0; i < windows.rank(); ++i) {
    int64_t extent = shapeOf(input)[2 + i];
    int64_t places = cnn::poolPlaces(extent, windows.kernel[i], windows.stride[i], windows.dilation[i], windows.low[i],
                                     windows.high[i], windows.ceilMode);
    whole.high[i] = std::max(windows.high[i], (places - 1) * windows.stride[i] + windows.reach(i) - extent - windows.low[i]);
    size *= windows.kernel[i];
  }
  whole.ceilMode = false;
  mlir::Value mean = avgpool(powers(input, p), whole, /*countIncludePad=*/true);
  return mean ? root(emit<cnn::AffineOp>(shapeOf(mean), mean, llvm::APFloat(size), llvm::APFloat(0.0)), p) : mean;
}
