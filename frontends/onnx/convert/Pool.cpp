//===- Pool.cpp - pooling -------------------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// The window and the input of a pool; null after an error.
static mlir::Value readPool(Call &call, Window &window) {
  window = readWindow(call);
  if (window.kernel.empty())
    call.refuse("has no kernel_shape", "export the model again");
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  bool fits = input && isSpatial(call, shapeOf(input)) && fitWindow(call, window, shapeOf(input).drop_front(2), {});
  return fits ? input : mlir::Value();
}

static void convertMaxPool(Call &call) {
  Window window;
  if (mlir::Value input = readPool(call, window))
    call.set(0, windowsOf(call).maxpool(input, window));
}

static void convertAveragePool(Call &call) {
  Window window;
  bool countPad = call.flag("count_include_pad", false);
  mlir::Value input = readPool(call, window);
  for (size_t i = 0; input && !countPad && i < window.rank(); ++i) {
    int64_t size = shapeOf(input)[2 + i];
    int64_t places = cnn::poolPlaces(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], window.high[i], window.ceilMode);
    if (!cnn::windowsCover(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], places))
      return call.refuse("averages windows of " + llvm::Twine(window.kernel[i]) + " with pads of " + llvm::Twine(window.low[i]) + " and " +
                             llvm::Twine(window.high[i]) + " that do not count, and one covers nothing else",
                         "pad by less than the window");
  }
  if (input)
    call.set(0, windowsOf(call).avgpool(input, window, countPad));
}

static int64_t readPower(Call &call) {
  int64_t p = call.integer("p", 2);
  if (p < 1)
    call.refuse("has a power of " + llvm::Twine(p), "p is positive");
  return p;
}

static void convertLpPool(Call &call) {
  Window window;
  int64_t p = readPower(call);
  if (mlir::Value input = readPool(call, window))
    call.set(0, windowsOf(call).lppool(input, window, static_cast<double>(p)));
}

static void convertGlobalLpPool(Call &call) {
  int64_t p = readPower(call);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input || !isSpatial(call, shapeOf(input)))
    return;
  Shape shape(shapeOf(input)), axes;
  for (size_t i = 2; i < shape.size(); ++i)
    axes.push_back(i), shape[i] = 1;
  WindowBuilder windows = windowsOf(call);
  mlir::Value powers = windows.powers(input, static_cast<double>(p));
  mlir::Value sum = powers ? call.emit<cnn::ReduceSumOp>(shape, powers, ArrayRef<int64_t>(axes)) : powers;
  call.set(0, windows.root(sum, static_cast<double>(p)));
}

template <typename Op> static void convertGlobal(Call &call) {
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (input && isSpatial(call, shapeOf(input)))
    call.set(0, windowsOf(call).toPlace(input, [&](mlir::Value images) { return call.emit<Op>({shapeOf(images)[0], shapeOf(images)[1], 1, 1}, images); }));
}

void onnx::addPools(Table &table) {
  table["MaxPool"] = convertMaxPool;
  table["AveragePool"] = convertAveragePool;
  table["LpPool"] = convertLpPool;
  table["GlobalLpPool"] = convertGlobalLpPool;
  table["GlobalAveragePool"] = convertGlobal<cnn::GlobalAvgpoolOp>;
  table["GlobalMaxPool"] = convertGlobal<cnn::GlobalMaxpoolOp>;
}
