//===- Resample.cpp - shapes of resampled images --------------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

/// Checks one table and appends the number of its results.
static LogicalResult inferAxis(std::optional<Location> loc, StringRef axis, int64_t size, ArrayRef<int64_t> places,
                               ArrayRef<double> weights, int64_t taps, SmallVectorImpl<int64_t> &shape) {
  int64_t count = places.size();
  // resample_c1
  if (count == 0 || taps < 1 || count % taps)
    return emitOptionalError(loc, "'cnn.resample' cannot split a table of ", count, " ", axis, " into ", taps, " taps each");
  // resample_c2
  if (weights.size() != places.size())
    return emitOptionalError(loc, "'cnn.resample' has ", static_cast<int64_t>(weights.size()), " weights for ", count, " ", axis);
  // resample_c3
  for (int64_t place : places)
    if (place < 0 || place >= size)
      return emitOptionalError(loc, "'cnn.resample' reads number ", place, " of ", size, " ", axis);
  shape.push_back(count / taps);
  return success();
}

LogicalResult ResampleOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  SmallVector<int64_t, 4> shape(input.getShape().take_front(2));
  if (failed(
          inferAxis(loc, "rows", input.getDimSize(2), adaptor.getRows(), adaptor.getRowWeights(), adaptor.getRowTaps(), shape)) ||
      failed(inferAxis(loc, "columns", input.getDimSize(3), adaptor.getColumns(), adaptor.getColumnWeights(),
                       adaptor.getColumnTaps(), shape)))
    return failure();
  types.push_back(RankedTensorType::get(shape, input.getElementType()));
  return success();
}

int64_t ResampleOp::getFlopsPerExample() {
  RankedTensorType input = getInput().getType(), result = getType();
  int64_t rowTaps = getRowTaps(), columnTaps = getColumnTaps();
  return 2 * result.getDimSize(1) * result.getDimSize(2) * (input.getDimSize(3) * rowTaps + result.getDimSize(3) * columnTaps);
}
