//===- Pool.cpp - pooling -------------------------------------------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"
#include <limits>

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// `value` [N, C, H, W] with more elements around.
static mlir::Value padImages(Call &call, mlir::Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high, double with) {
  Shape shape(shapeOf(value)), below{0}, above{0}, zeros(3, 0);
  for (size_t i = 0; i < 2; ++i) {
    shape[2 + i] += low[i] + high[i];
    below.push_back(low[i]);
    above.push_back(high[i]);
  }
  return call.emit<cnn::PadOp>(shape, value, ArrayRef<int64_t>(below), ArrayRef<int64_t>(above), ArrayRef<int64_t>(zeros), llvm::APFloat(with));
}

static void convertPool(Call &call, bool isMax) {
  Window window = readWindow(call);
  bool countPad = call.flag("count_include_pad", false);
  if (window.kernel.empty())
    call.refuse("has no kernel_shape", "export the model again");
  if (llvm::any_of(window.dilation, [](int64_t dilation) { return dilation != 1; }))
    call.refuse("has dilations other than 1", "pool without dilation");
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  if (shape.size() < 3)
    return call.refuse("pools a tensor " + text(shape), "it has one or two spatial dimensions: [N, C, W] or [N, C, H, W]");
  ArrayRef<int64_t> sizes = ArrayRef(shape).drop_front(2);
  if (!fitWindow(call, window, sizes, {}))
    return;
  Shape result = placesOf(window, sizes);
  result.insert(result.begin(), shape.begin(), shape.begin() + 2);
  if (!asImages(call, input, &window))
    return;
  Shape images(result);
  if (images.size() == 3)
    images.insert(images.begin() + 2, 1);
  // The padding at the end is what the windows reach: less where none starts there, more, which an average never counts,
  // where sizes are rounded up.
  Shape more{0, 0};
  for (size_t i = 0; i < 2; ++i) {
    int64_t end = (images[2 + i] - 1) * window.stride[i] + window.kernel[i];
    int64_t reached = std::max<int64_t>(end - shapeOf(input)[2 + i] - window.low[i], 0);
    window.high[i] = std::min(window.high[i], reached);
    more[i] = reached - window.high[i];
  }
  bool isMore = more[0] || more[1], tooWide = false;
  for (size_t i = 0; i < 2; ++i)
    tooWide |= window.low[i] > window.kernel[i] / 2 || window.high[i] + more[i] > window.kernel[i] / 2;
  if (isMax && tooWide) {
    Shape high{window.high[0] + more[0], window.high[1] + more[1]};
    input = padImages(call, input, window.low, high, -std::numeric_limits<double>::infinity());
    window.low = window.high = more = {0, 0};
  } else if (!isMax && countPad && (isMore || tooWide)) {
    input = padImages(call, input, window.low, window.high, 0);
    window.low = window.high = {0, 0};
    countPad = false;
  }
  for (size_t i = 0; input && i < 2; ++i) {
    window.high[i] += more[i];
    if (window.low[i] > window.kernel[i] / 2 || window.high[i] > window.kernel[i] / 2)
      call.refuse("averages windows of " + llvm::Twine(window.kernel[i]) + " with pads of " + llvm::Twine(window.low[i]) + " and " +
                      llvm::Twine(window.high[i]) + " that do not count",
                  "pad by at most half of the window");
  }
  if (!input || call.failed())
    return;
  Shape pads = window.pads();
  ArrayRef<int64_t> kernel(window.kernel), stride(window.stride), pad(pads);
  mlir::Value value = isMax ? call.emit<cnn::MaxpoolOp>(images, input, kernel, stride, pad) : call.emit<cnn::AvgpoolOp>(images, input, kernel, stride, pad, countPad);
  call.set(0, call.reshape(value, result));
}

template <typename Op> static void convertGlobal(Call &call) {
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape result(shapeOf(input));
  std::fill(result.begin() + std::min<size_t>(result.size(), 2), result.end(), 1);
  if (asImages(call, input, nullptr))
    call.set(0, call.reshape(call.emit<Op>({result[0], result[1], 1, 1}, input), result));
}

void onnx::addPools(Table &table) {
  table["MaxPool"] = [](Call &call) { convertPool(call, /*isMax=*/true); };
  table["AveragePool"] = [](Call &call) { convertPool(call, /*isMax=*/false); };
  table["GlobalAveragePool"] = convertGlobal<cnn::GlobalAvgpoolOp>;
  table["GlobalMaxPool"] = convertGlobal<cnn::GlobalMaxpoolOp>;
}
