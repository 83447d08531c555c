//===- ShapeMath.h - sizes of results ----------------------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_SHAPEMATH_H
#define CNNC_DIALECTS_CNN_SHAPEMATH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>

namespace cnnc::cnn {

/// The number of places of a window of `kernel` elements, `dilation` apart,
/// that moves by `stride` over `size` elements with padding on both ends.
/// At most 0 if the window does not fit.
inline int64_t windowPlaces(int64_t size, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow, int64_t padHigh) {
  int64_t room = size + padLow + padHigh - dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

/// The same for a pool. With `ceilMode` a last window may reach beyond the
/// padding, if it starts before the padding at the end.
inline int64_t poolPlaces(int64_t size, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow, int64_t padHigh,
                          bool ceilMode) {
  int64_t places = windowPlaces(size, kernel, stride, dilation, padLow, padHigh);
  if (!ceilMode || places == 0)
    return places;
  int64_t room = size + padLow + padHigh - dilation * (kernel - 1) - 1;
  return places + (room % stride != 0 && places * stride < size + padLow);
}

/// True if each of `places` windows covers at least one of `size` elements.
inline bool windowsCover(int64_t size, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow, int64_t places) {
  if (padLow > dilation * (kernel - 1) || (places - 1) * stride - padLow >= size)
    return false;
  // A window that starts inside covers its start; one before it may step over all elements.
  for (int64_t start = -padLow, place = 0; dilation > 1 && start < 0 && place < places; start += stride, ++place) {
    int64_t first = start + (-start + dilation - 1) / dilation * dilation;
    if (first >= size || first > start + dilation * (kernel - 1))
      return false;
  }
  return true;
}

/// The size of the result of a transposed convolution of `size` elements;
/// `pad` is that of both ends. At most 0 if padding leaves nothing.
inline int64_t transposedSize(int64_t size, int64_t kernel, int64_t stride, int64_t dilation, int64_t pad,
                              int64_t outputPadding) {
  return (size - 1) * stride + dilation * (kernel - 1) + 1 + outputPadding - pad;
}

/// What NumPy broadcasts both shapes to; nothing if they do not fit. The batch
/// fits itself and 1.
inline std::optional<llvm::SmallVector<int64_t, 6>> broadcast(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b) {
  llvm::SmallVector<int64_t, 6> result(std::max(a.size(), b.size()));
  auto at = [&](llvm::ArrayRef<int64_t> shape, size_t i) {
    size_t missing = result.size() - shape.size();
    return i < missing ? 1 : shape[i - missing];
  };
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t x = at(a, i), y = at(b, i);
    if (x != y && x != 1 && y != 1)
      return std::nullopt;
    result[i] = x == 1 ? y : x;
  }
  return result;
}

} // namespace cnnc::cnn

#endif // CNNC_DIALECTS_CNN_SHAPEMATH_H
