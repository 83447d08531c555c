//===- Conv.cpp - convolutions --------------------------------------------===//

#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

static void convertConv(Call &call) {
  Window window = readWindow(call);
  int64_t groups = call.integer("group", 1);
  if (!call.ready(2))
    return;
  call.useWhole(1);
  call.useWhole(2);
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input)), weight = call.shape(1);
  if (!isSpatial(call, shape))
    return;
  if (weight.size() != shape.size() || groups < 1 || llvm::is_contained(weight, dynamic) || shape[1] != weight[1] * groups ||
      weight[0] % groups != 0) {
    call.refuse("has an input " + text(shape) + ", a weight " + text(weight) + " and " + llvm::Twine(groups) +
                    " groups, which do not fit",
                "a weight is [M, C / groups, kernel…]");
    return;
  }
  if (call.has(2) && call.shape(2) != Shape{weight[0]}) {
    call.refuse("has a bias " + text(call.shape(2)) + " and a weight " + text(weight),
                "a bias has one element per output channel");
    return;
  }
  if (!fitWindow(call, window, llvm::ArrayRef(shape).drop_front(2), llvm::ArrayRef(weight).drop_front(2)))
    return;
  if (llvm::ArrayRef<int64_t>(window.kernel) != llvm::ArrayRef(weight).drop_front(2)) {
    call.refuse("has kernel_shape " + text(window.kernel) + " and a weight " + text(weight), "export the model again");
    return;
  }
  if (!hasFewPlanes(call, window))
    return;
  mlir::Value kernel = call.runtime(1), bias = kernel && call.has(2) ? call.runtime(2) : mlir::Value();
  if (!call.failed())
    call.set(0, windowsOf(call).conv(input, kernel, bias, window, groups));
}

void onnx::addConvolutions(Table &table) { table["Conv"] = convertConv; }
