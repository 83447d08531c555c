//===- Windows.h - windows over one, two and three dimensions ----*- C++ -*-===//
//
// Convolutions, pools and norms have kernels for images. Here they become ops
// on images for [N, C, L] and [N, C, D, H, W] too, so that derivatives,
// kernels and the interpreter are those of images.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_WINDOWS_H
#define CNNC_FRONTENDS_WINDOWS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include <functional>

namespace cnnc {

/// How windows move over the spatial dimensions of [N, C, D1, …]: one element
/// per dimension, of which there are one to three.
struct Windows {
  using Sizes = llvm::SmallVector<int64_t, 6>;
  Sizes kernel, stride, dilation;
  Sizes low, high; ///< the padding on both ends
  bool ceilMode = false;

  size_t rank() const { return kernel.size(); }
  /// Elements from the first to the last of a window.
  int64_t reach(size_t i) const { return dilation[i] * (kernel[i] - 1) + 1; }
  /// The windows over some of the dimensions.
  Windows slice(size_t first, size_t count) const;
  /// [low…, high…], as attributes of the cnn dialect have it.
  Sizes pads() const;
};

/// Builds layers out of ops on images. Operands fit; a method returns null
/// where `typeOf` has.
class WindowBuilder {
public:
  /// `typeOf` makes the type of a shape within bounds, else reports an error
  /// and returns null.
  using TypeOf = std::function<mlir::RankedTensorType(llvm::ArrayRef<int64_t>)>;
  WindowBuilder(mlir::OpBuilder &builder, mlir::Location loc, TypeOf typeOf)
      : builder(builder), loc(loc), typeOf(std::move(typeOf)) {}

  /// A convolution with a kernel [K, C / groups, …]; `bias` [K] may be null. In
  /// three dimensions the planes of a volume lie below each other in one
  /// image, and a layer is the sum of a convolution for each plane of the kernel.
  mlir::Value conv(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows, int64_t groups);
  /// A transposed convolution with a kernel [C, K / groups, …]. Padding is cut
  /// off the result; `outputPadding` of any size adds to its ends.
  mlir::Value convTranspose(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows,
                            llvm::ArrayRef<int64_t> outputPadding, int64_t groups);

  /// A value per channel added to all places.
  mlir::Value addBias(mlir::Value value, mlir::Value bias);

  /// Pools; a window that covers no element gives -∞.
  mlir::Value maxpool(mlir::Value input, const Windows &windows);
  /// Without `countIncludePad` every window covers an element.
  mlir::Value avgpool(mlir::Value input, const Windows &windows, bool countIncludePad);
  /// The p-th root of the sum of the p-th powers of each window's absolute values.
  mlir::Value lppool(mlir::Value input, const Windows &windows, double p);
  /// `|x|^p`, and its inverse for what is not negative.
  mlir::Value powers(mlir::Value value, double p);
  mlir::Value root(mlir::Value value, double p);

  /// `op` of all places of each channel as an image; the result has the shape of `input`.
  mlir::Value onImages(mlir::Value input, llvm::function_ref<mlir::Value(mlir::Value)> op);
  /// The same for an op that leaves one place of each channel.
  mlir::Value toPlace(mlir::Value input, llvm::function_ref<mlir::Value(mlir::Value)> op);

  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  /// More elements around, and between with `interior`; one size per dimension but the first.
  mlir::Value pad(mlir::Value value, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high, llvm::ArrayRef<int64_t> interior,
                  double with);
  /// `count` elements from `start` on by `step` along a dimension.
  mlir::Value slice(mlir::Value value, size_t dimension, int64_t start, int64_t count, int64_t step = 1);

private:
  static llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
    return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
  }
  /// An op whose result has `shape`; null where that has no type.
  template <typename Op, typename... Args> mlir::Value emit(llvm::ArrayRef<int64_t> shape, Args &&...args) {
    mlir::RankedTensorType type = typeOf(shape);
    return type ? Op::create(builder, loc, type, std::forward<Args>(args)...).getResult() : mlir::Value();
  }
  template <typename Op, typename... Args> mlir::Value emitPool(mlir::Value images, const Windows &windows, Args... args);
  mlir::Value padImages(mlir::Value images, const Windows &windows, double with);
  mlir::Value convImages(mlir::Value input, mlir::Value kernel, const Windows &windows, int64_t groups);
  mlir::Value convVolumes(mlir::Value input, mlir::Value kernel, mlir::Value bias, const Windows &windows, int64_t groups);
  mlir::Value transposeImages(mlir::Value input, mlir::Value kernel, Windows windows, Windows::Sizes outputPadding,
                              int64_t groups);
  mlir::Value transposeVolumes(mlir::Value input, mlir::Value kernel, const Windows &windows,
                               llvm::ArrayRef<int64_t> outputPadding, int64_t groups);
  /// Plane `r` of a kernel [K, C, D, H, W].
  mlir::Value planeOfKernel(mlir::Value kernel, int64_t r);
  mlir::Value pool(mlir::Value input, const Windows &windows,
                   llvm::function_ref<mlir::Value(mlir::Value, const Windows &)> poolImages);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  TypeOf typeOf;
};

} // namespace cnnc

#endif // CNNC_FRONTENDS_WINDOWS_H
