//===- Resample.cpp - images by tables ------------------------------------===//

#include "frontends/onnx/convert/Resample.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// [N, C, H, W] along height and width; a table that is not given changes nothing.
static mlir::Value resampleImages(Call &call, mlir::Value input, const std::optional<cnn::ResampleTable> (&given)[2]) {
  Shape shape(shapeOf(input));
  if (!given[0] && !given[1])
    return input;
  cnn::ResampleTable both[2];
  for (size_t i = 0; i < 2; ++i) {
    if (shape[2 + i] > maxTable || (given[i] && given[i]->size() > maxTable)) {
      call.refuse("resamples " + text(shape) + ", more than " + llvm::Twine(maxTable) + " rows or columns",
                  "cut the image into pieces");
      return {};
    }
    for (int64_t place = 0; !given[i] && place < shape[2 + i]; ++place) {
      both[i].places.push_back(place);
      both[i].weights.push_back(1);
    }
    both[i] = given[i] ? *given[i] : both[i];
    shape[2 + i] = both[i].size();
  }
  return call.emit<cnn::ResampleOp>(shape, input, both[0].places, both[0].weights, both[0].taps, both[1].places, both[1].weights,
                                    both[1].taps);
}

/// Volumes: the planes of all channels first, then depth.
mlir::Value onnx::resample(Call &call, mlir::Value input, llvm::ArrayRef<std::optional<cnn::ResampleTable>> tables) {
  Shape shape(shapeOf(input));
  if (!isSpatial(call, shape))
    return {};
  if (shape.size() == 4)
    return resampleImages(call, input, {tables[0], tables[1]});
  if (shape.size() == 3) {
    mlir::Value row = call.reshape(input, {shape[0], shape[1], 1, shape[2]}),
                result = row ? resampleImages(call, row, {std::nullopt, tables[0]}) : row;
    return result ? call.reshape(result, {shape[0], shape[1], shapeOf(result)[3]}) : result;
  }
  mlir::Value planes = call.reshape(input, {shape[0], shape[1] * shape[2], shape[3], shape[4]});
  planes = planes ? resampleImages(call, planes, {tables[1], tables[2]}) : planes;
  if (!planes)
    return {};
  int64_t height = shapeOf(planes)[2], width = shapeOf(planes)[3];
  if (tables[0]) {
    planes = call.reshape(planes, {shape[0], shape[1], shape[2], height * width});
    planes = planes ? resampleImages(call, planes, {tables[0], std::nullopt}) : planes;
    shape[2] = tables[0]->size();
  }
  return call.reshape(planes, {shape[0], shape[1], shape[2], height, width});
}
