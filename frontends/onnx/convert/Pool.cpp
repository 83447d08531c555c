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

/// Indices are i32 inside, and whole numbers in f32 as every integer at run time; who wants them exact looks behind the cast.
static mlir::Value indicesOf(Call &call, mlir::Value input, const Window &window, bool columnMajor) {
  Shape shape(shapeOf(input));
  for (size_t i = 0; i < window.rank(); ++i) {
    int64_t size = shape[2 + i];
    shape[2 + i] = cnn::poolPlaces(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], window.high[i],
                                   window.ceilMode);
    if (!cnn::windowsCover(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], shape[2 + i])) {
      call.refuse("numbers elements of windows of " + llvm::Twine(window.kernel[i]) + " with pads of " +
                      llvm::Twine(window.low[i]) + " and " + llvm::Twine(window.high[i]) + ", and one covers nothing else",
                  "pad by less than the window");
      return {};
    }
  }
  mlir::RankedTensorType type = call.checked(shape);
  if (!type)
    return {};
  mlir::OpBuilder &b = call.conversion.builder;
  Shape pads = window.pads();
  mlir::Value indices = cnn::MaxpoolIndicesOp::create(b, call.location(), type.clone(b.getI32Type()), input, window.kernel,
                                                      window.stride, pads, window.dilation, window.ceilMode, columnMajor);
  return cnn::CastOp::create(b, call.location(), type, indices);
}

static void convertMaxPool(Call &call) {
  Window window;
  bool columnMajor = call.flag("storage_order", false);
  mlir::Value input = readPool(call, window);
  if (!input)
    return;
  call.set(0, windowsOf(call).maxpool(input, window));
  if (call.node.outputs.size() > 1 && !call.node.outputs[1].empty())
    call.set(1, indicesOf(call, input, window, columnMajor), ElementType::I64);
}

/// Indices count the elements of the result that the window alone gives; output_shape puts zeros behind that.
static void convertMaxUnpool(Call &call) {
  Window window = readWindow(call);
  if (window.kernel.empty())
    call.refuse("has no kernel_shape", "export the model again");
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0), numbers = input ? call.runtime(1) : input;
  if (!numbers || !isSpatial(call, shapeOf(input)))
    return;
  Shape shape(shapeOf(input)), result(shape), wanted;
  // As a pool over any size: only the defaults are needed.
  if (!fitWindow(call, window, Shape(shape.size() - 2, int64_t(1) << 31), {}))
    return;
  for (size_t i = 0; i < window.rank(); ++i)
    result[2 + i] = (shape[2 + i] - 1) * window.stride[i] + window.kernel[i] - window.low[i] - window.high[i];
  if (call.has(2)) {
    std::optional<Shape> given = call.constantIntegers(2, "a shape");
    if (!given)
      return;
    wanted = *given;
  }
  bool fits = shapeOf(numbers) == shapeOf(input) && (wanted.empty() || wanted.size() == shape.size());
  for (size_t i = 2; fits && i < shape.size(); ++i)
    fits &= result[i] > 0 && (wanted.empty() || wanted[i] >= result[i]);
  if (!fits)
    return call.refuse("has an input " + text(shape) + ", indices " + text(shapeOf(numbers)) + " and windows that make it " +
                           text(result) + (wanted.empty() ? std::string() : ", and an output_shape " + text(wanted)),
                       "indices have the shape of the input, and an output_shape is no smaller than what the windows make");
  mlir::OpBuilder &b = call.conversion.builder;
  auto cast = numbers.getDefiningOp<cnn::CastOp>();
  bool areExact = cast && cast.getInput().getType().getElementType().isInteger(32);
  mlir::Value indices =
      areExact ? cast.getInput()
               : cnn::CastOp::create(b, call.location(),
                                     llvm::cast<mlir::RankedTensorType>(numbers.getType()).clone(b.getI32Type()), numbers)
                     .getResult();
  mlir::Value value = call.emit<cnn::MaxunpoolOp>(result, input, indices);
  if (value && !wanted.empty()) {
    Shape zeros(shape.size() - 1, 0), behind(zeros);
    for (size_t i = 2; i < shape.size(); ++i)
      behind[i - 1] = wanted[i] - result[i];
    value = windowsOf(call).pad(value, zeros, behind, zeros, 0);
  }
  call.set(0, value);
}

static void convertAveragePool(Call &call) {
  Window window;
  bool countPad = call.flag("count_include_pad", false);
  mlir::Value input = readPool(call, window);
  for (size_t i = 0; input && !countPad && i < window.rank(); ++i) {
    int64_t size = shapeOf(input)[2 + i];
    int64_t places = cnn::poolPlaces(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], window.high[i],
                                     window.ceilMode);
    if (!cnn::windowsCover(size, window.kernel[i], window.stride[i], window.dilation[i], window.low[i], places))
      return call.refuse("averages windows of " + llvm::Twine(window.kernel[i]) + " with pads of " + llvm::Twine(window.low[i]) +
                             " and " + llvm::Twine(window.high[i]) + " that do not count, and one covers nothing else",
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
    call.set(0, windowsOf(call).toPlace(input, [&](mlir::Value images) {
      return call.emit<Op>({shapeOf(images)[0], shapeOf(images)[1], 1, 1}, images);
    }));
}

void onnx::addPools(Table &table) {
  table["MaxPool"] = convertMaxPool;
  table["AveragePool"] = convertAveragePool;
  table["MaxUnpool"] = convertMaxUnpool;
  table["LpPool"] = convertLpPool;
  table["GlobalLpPool"] = convertGlobalLpPool;
  table["GlobalAveragePool"] = convertGlobal<cnn::GlobalAvgpoolOp>;
  table["GlobalMaxPool"] = convertGlobal<cnn::GlobalMaxpoolOp>;
}
