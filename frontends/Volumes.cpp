//===- Volumes.cpp - convolutions over one and three dimensions -----------===//

#include "dialects/cnn/Cnn.h"
#include "dialects/cnn/ShapeMath.h"
#include "frontends/Windows.h"

using namespace cnnc;
using llvm::ArrayRef;
using Sizes = Windows::Sizes;

/// [A, B, L] as [A, B, 1, L].
static Sizes asImage(ArrayRef<int64_t> shape) { return {shape[0], shape[1], 1, shape[2]}; }

static Windows asImage(const Windows &windows) {
  auto before = [](const Sizes &sizes, int64_t first) { return Sizes{first, sizes[0]}; };
  return {before(windows.kernel, 1), before(windows.stride, 1), before(windows.dilation, 1), before(windows.low, 0),
          before(windows.high, 0)};
}

static int64_t placesAlong(ArrayRef<int64_t> shape, const Windows &windows, size_t i) {
  return cnn::windowPlaces(shape[2 + i], windows.kernel[i], windows.stride[i], windows.dilation[i], windows.low[i],
                           windows.high[i]);
}

mlir::Value WindowBuilder::addBias(mlir::Value value, mlir::Value bias) {
  if (!value || !bias)
    return value;
  ArrayRef<int64_t> shape = shapeOf(value);
  if (shape.size() == 4)
    return emit<cnn::BiasOp>(shape, value, bias);
  Sizes sizes(shape.size() - 1, 1);
  sizes[0] = shape[1];
  mlir::Value column = reshape(bias, sizes), everywhere = column ? emit<cnn::BroadcastOp>(shape, column) : column;
  return everywhere ? emit<cnn::AddOp>(shape, value, everywhere) : everywhere;
}

mlir::Value WindowBuilder::planeOfKernel(mlir::Value kernel, int64_t r) {
  Sizes shape(shapeOf(kernel));
  return reshape(slice(kernel, 2, r, 1), {shape[0], shape[1], shape[3], shape[4]});
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

mlir::Value WindowBuilder::conv(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows, int64_t groups) {
  if (windows.rank() == 3)
    return convVolumes(input, kernel, bias, windows, groups);
  if (windows.rank() == 2)
    return addBias(convImages(input, kernel, windows, groups), bias);
  mlir::Value row = reshape(input, asImage(shapeOf(input))), weights = row ? reshape(kernel, asImage(shapeOf(kernel))) : row;
  mlir::Value result = weights ? addBias(convImages(row, weights, asImage(windows), groups), bias) : weights;
  return result ? reshape(result, {shapeOf(result)[0], shapeOf(result)[1], shapeOf(result)[3]}) : result;
}

mlir::Value WindowBuilder::convImages(mlir::Value input, mlir::Value kernel, const Windows &windows, int64_t groups) {
  Sizes shape(shapeOf(input)), pads = windows.pads();
  Sizes result{shape[0], shapeOf(kernel)[0], placesAlong(shape, windows, 0), placesAlong(shape, windows, 1)};
  return emit<cnn::ConvOp>(result, input, kernel, ArrayRef<int64_t>(windows.stride), ArrayRef<int64_t>(pads),
                           ArrayRef<int64_t>(windows.dilation), static_cast<uint64_t>(groups));
}

mlir::Value WindowBuilder::convVolumes(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows,
                                       int64_t groups) {
  Sizes shape(shapeOf(input));
  int64_t depth = placesAlong(shape, windows, 0), height = placesAlong(shape, windows, 1), stride = windows.stride[1];
  // A plane has as many rows as its windows reach, and the windows of the next one start a whole number of strides behind.
  int64_t planes = std::max((depth - 1) * windows.stride[0] + windows.reach(0), windows.low[0] + 1);
  int64_t rows = std::max((height - 1) * stride + windows.reach(1), windows.low[1] + 1);
  rows = (rows + stride - 1) / stride * stride;
  int64_t ownPlanes = std::min(shape[2], planes - windows.low[0]), ownRows = std::min(shape[3], rows - windows.low[1]);
  mlir::Value volume = slice(slice(input, 2, 0, ownPlanes), 3, 0, ownRows);
  volume = pad(volume, {0, windows.low[0], windows.low[1], 0},
               {0, planes - windows.low[0] - ownPlanes, rows - windows.low[1] - ownRows, 0}, {0, 0, 0, 0}, 0);
  bool isDense = windows.stride[0] == 1;
  mlir::Value image = volume && isDense ? reshape(volume, {shape[0], shape[1], planes * rows, shape[4]}) : volume;

  Windows plane = windows.slice(1, 2);
  plane.low[0] = 0;
  plane.high[0] = std::max<int64_t>(windows.reach(1) - stride, 0);
  mlir::Value sum;
  for (int64_t r = 0; image && r < windows.kernel[0]; ++r) {
    int64_t first = r * windows.dilation[0];
    mlir::Value part = isDense ? slice(image, 2, first * rows, depth * rows) : slice(volume, 2, first, depth, windows.stride[0]);
    part = reshape(part, {shape[0], shape[1], depth * rows, shape[4]});
    mlir::Value weights = part ? planeOfKernel(kernel, r) : part,
                product = weights ? convImages(part, weights, plane, groups) : weights;
    if (!product)
      return {};
    sum = sum ? emit<cnn::AddOp>(shapeOf(product), sum, product) : addBias(product, bias);
  }
  if (!sum)
    return {};
  return slice(reshape(sum, {shape[0], shapeOf(sum)[1], depth, rows / stride, shapeOf(sum)[3]}), 3, 0, height);
}

//===----------------------------------------------------------------------===//
// Transposed convolution
//===----------------------------------------------------------------------===//

mlir::Value WindowBuilder::convTranspose(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows,
                                         ArrayRef<int64_t> outputPadding, int64_t groups) {
  if (windows.rank() == 3)
    return addBias(transposeVolumes(input, kernel, windows, outputPadding, groups), bias);
  if (windows.rank() == 2)
    return addBias(transposeImages(input, kernel, windows, Sizes(outputPadding), groups), bias);
  mlir::Value row = reshape(input, asImage(shapeOf(input))), weights = row ? reshape(kernel, asImage(shapeOf(kernel))) : row;
  mlir::Value result =
      weights ? addBias(transposeImages(row, weights, asImage(windows), {0, outputPadding[0]}, groups), bias) : weights;
  return result ? reshape(result, {shapeOf(result)[0], shapeOf(result)[1], shapeOf(result)[3]}) : result;
}

mlir::Value WindowBuilder::transposeImages(mlir::Value input, mlir::Value kernel, Windows windows, Sizes more, int64_t groups) {
  Sizes shape(shapeOf(input)), result{shape[0], shapeOf(kernel)[1] * groups}, behind{0, 0, 0};
  for (size_t i = 0; i < 2; ++i) {
    // What no window reaches is zero: less padding is cut off first, then zeros follow.
    int64_t uncut = std::min(std::max<int64_t>(0, more[i] - windows.stride[i] + 1), windows.high[i]);
    windows.high[i] -= uncut;
    more[i] -= uncut;
    behind[1 + i] = std::max<int64_t>(0, more[i] - windows.stride[i] + 1);
    more[i] -= behind[1 + i];
    result.push_back(cnn::transposedSize(shape[2 + i], windows.kernel[i], windows.stride[i], windows.dilation[i],
                                         windows.low[i] + windows.high[i], more[i]));
  }
  Sizes pads = windows.pads();
  mlir::Value value =
      emit<cnn::ConvTransposeOp>(result, input, kernel, ArrayRef<int64_t>(windows.stride), ArrayRef<int64_t>(pads),
                                 ArrayRef<int64_t>(more), ArrayRef<int64_t>(windows.dilation), static_cast<uint64_t>(groups));
  return pad(value, {0, 0, 0}, behind, {0, 0, 0}, 0);
}

mlir::Value WindowBuilder::transposeVolumes(mlir::Value input, mlir::Value kernel, const Windows &windows,
                                            ArrayRef<int64_t> outputPadding, int64_t groups) {
  Sizes shape(shapeOf(input)), whole;
  for (size_t i = 0; i < 2; ++i)
    whole.push_back(
        cnn::transposedSize(shape[2 + i], windows.kernel[i], windows.stride[i], windows.dilation[i], 0, outputPadding[i]));
  // Zeros below each plane, so that what it becomes does not reach into the next.
  int64_t stride = windows.stride[1], rows = (whole[1] + stride - 1) / stride;
  mlir::Value image = pad(input, {0, 0, 0, 0}, {0, 0, rows - shape[3], 0}, {0, 0, 0, 0}, 0);
  image = reshape(image, {shape[0], shape[1], shape[2] * rows, shape[4]});
  Windows plane = windows.slice(1, 2);
  plane.low[0] = 0;
  plane.high[0] = std::max<int64_t>(windows.reach(1) - stride, 0);
  Sizes more{std::max<int64_t>(stride - windows.reach(1), 0), outputPadding[2]};
  mlir::Value sum;
  for (int64_t r = 0; image && r < windows.kernel[0]; ++r) {
    mlir::Value weights = planeOfKernel(kernel, r),
                value = weights ? transposeImages(image, weights, plane, more, groups) : weights;
    value = value ? reshape(value, {shape[0], shapeOf(value)[1], shape[2], rows * stride, shapeOf(value)[3]}) : value;
    value = slice(value, 3, windows.low[1], whole[1] - windows.low[1] - windows.high[1]);
    int64_t before = r * windows.dilation[0], behind = windows.reach(0) - 1 - before + outputPadding[0];
    value = pad(value, {0, before, 0, 0}, {0, behind, 0, 0}, {0, windows.stride[0] - 1, 0, 0}, 0);
    if (!value)
      return {};
    sum = sum ? emit<cnn::AddOp>(shapeOf(value), sum, value) : value;
  }
  return slice(sum, 2, windows.low[0], whole[0] - windows.low[0] - windows.high[0]);
}
