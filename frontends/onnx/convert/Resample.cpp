//===- Resample.cpp - images by tables ------------------------------------===//

#include "frontends/onnx/convert/Resample.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

mlir::Value onnx::resample(Call &call, mlir::Value input, llvm::ArrayRef<std::optional<cnn::ResampleTable>> tables) {
  Shape result(shapeOf(input));
  if (!asImages(call, input, nullptr))
    return {};
  cnn::ResampleTable both[2];
  for (size_t i = 0; i < 2; ++i) {
    size_t from = i + tables.size() - 2; // one table is that of the width
    bool given = i + tables.size() >= 2 && tables[from];
    int64_t size = shapeOf(input)[2 + i];
    if (size > maxTable || (given && tables[from]->size() > maxTable)) {
      call.refuse("resamples " + text(result) + ", more than " + llvm::Twine(maxTable) + " rows or columns", "cut the image into pieces");
      return {};
    }
    if (given) {
      both[i] = *tables[from];
      result[2 + from] = both[i].size();
      continue;
    }
    for (int64_t place = 0; place < size; ++place) {
      both[i].places.push_back(place);
      both[i].weights.push_back(1);
    }
  }
  Shape images{result[0], result[1], both[0].size(), both[1].size()};
  return call.reshape(call.emit<cnn::ResampleOp>(images, input, both[0].places, both[0].weights, both[0].taps, both[1].places, both[1].weights, both[1].taps), result);
}
