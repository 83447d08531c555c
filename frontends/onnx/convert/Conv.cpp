//===- Conv.cpp - convolutions --------------------------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// [M, C, W] as [M, C, 1, W], with the shape of the window.
static mlir::Value kernelOf(Call &call, size_t spatial) {
  if (spatial == 2)
    return call.runtime(1);
  if (call.isConstant(1)) {
    const Tensor &weight = call.operand(1).constant;
    llvm::ArrayRef<int64_t> shape = weight.shape();
    return call.conversion.parameter(weight.reshaped({shape[0], shape[1], 1, shape[2]}), cnn::ParameterKind::Weight, call.node.str());
  }
  Shape shape = call.shape(1);
  return call.reshape(call.runtime(1), {shape[0], shape[1], 1, shape[2]});
}

static void convertConv(Call &call) {
  Window window = readWindow(call);
  int64_t groups = call.integer("group", 1);
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input)), weight = call.shape(1);
  size_t spatial = shape.size() - std::min<size_t>(shape.size(), 2);
  if (shape.size() < 3 || weight.size() != shape.size() || groups < 1 || llvm::is_contained(weight, dynamic) || shape[1] != weight[1] * groups || weight[0] % groups != 0) {
    call.refuse("has an input " + text(shape) + ", a weight " + text(weight) + " and " + llvm::Twine(groups) + " groups, which do not fit",
                "a weight is [M, C / groups, kernel…]");
    return;
  }
  if (call.has(2) && call.shape(2) != Shape{weight[0]}) {
    call.refuse("has a bias " + text(call.shape(2)) + " and a weight " + text(weight), "a bias has one element per output channel");
    return;
  }
  if (!fitWindow(call, window, llvm::ArrayRef(shape).drop_front(2), llvm::ArrayRef(weight).drop_front(2)))
    return;
  if (llvm::ArrayRef<int64_t>(window.kernel) != llvm::ArrayRef(weight).drop_front(2)) {
    call.refuse("has kernel_shape " + text(window.kernel) + " and a weight " + text(weight), "export the model again");
    return;
  }
  Shape places = placesOf(window, llvm::ArrayRef(shape).drop_front(2));
  if (!asImages(call, input, &window))
    return;
  mlir::Value kernel = kernelOf(call, spatial);
  Shape result{shape[0], weight[0], spatial == 1 ? 1 : places[0], places.back()};
  mlir::Value value = kernel ? call.emit<cnn::ConvOp>(result, input, kernel, llvm::ArrayRef<int64_t>(window.stride), llvm::ArrayRef<int64_t>(window.pads()),
                                                      llvm::ArrayRef<int64_t>(window.dilation), static_cast<uint64_t>(groups))
                             : mlir::Value();
  if (value && call.has(2)) {
    mlir::Value bias = call.runtime(2);
    value = bias ? call.emit<cnn::BiasOp>(result, value, bias) : mlir::Value();
  }
  if (value && spatial == 1)
    value = call.reshape(value, {shape[0], weight[0], places[0]});
  call.set(0, value);
}

void onnx::addConvolutions(Table &table) { table["Conv"] = convertConv; }
