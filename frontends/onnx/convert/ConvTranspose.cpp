//===- ConvTranspose.cpp - transposed convolutions ------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// The pads that give the sizes `wanted`; what is odd goes to the beginning but
/// with SAME_UPPER. A result that is larger than all windows ends in zeros.
static void padTo(Window &window, ArrayRef<int64_t> sizes, ArrayRef<int64_t> wanted, Shape &more) {
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t whole = cnn::transposedSize(sizes[i], window.kernel[i], window.stride[i], window.dilation[i], 0, more[i]);
    int64_t total = whole - wanted[i], half = std::max<int64_t>(total, 0) / 2;
    window.low[i] = window.autoPad == "SAME_UPPER" ? half : std::max<int64_t>(total, 0) - half;
    window.high[i] = std::max<int64_t>(total, 0) - window.low[i];
    more[i] += std::max<int64_t>(-total, 0);
  }
}

/// True if padding leaves something of the result.
static bool leavesSomething(Call &call, const Window &window, ArrayRef<int64_t> sizes, ArrayRef<int64_t> more) {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (cnn::transposedSize(sizes[i], window.kernel[i], window.stride[i], window.dilation[i], window.low[i] + window.high[i],
                            more[i]) < 1) {
      call.refuse("has pads of " + llvm::Twine(window.low[i]) + " and " + llvm::Twine(window.high[i]) +
                      ", which leave nothing of the result",
                  "use smaller pads: they are cut off");
      return false;
    }
  return true;
}

static void convertConvTranspose(Call &call) {
  Window window = readWindow(call);
  int64_t groups = call.integer("group", 1);
  std::optional<Shape> padding = call.integers("output_padding"), wanted = call.integers("output_shape");
  for (const auto &list : {padding, wanted})
    for (int64_t size : list.value_or(Shape()))
      if (size < 0 || size >= int64_t(1) << 31)
        call.refuse("has " + llvm::Twine(size) + " in output_padding or output_shape", "sizes are not negative");
  if (!call.ready(2))
    return;
  call.useWhole(1);
  call.useWhole(2);
  mlir::Value input = call.runtime(0);
  if (!input || !isSpatial(call, shapeOf(input)))
    return;
  Shape shape(shapeOf(input)), weight = call.shape(1);
  size_t spatial = shape.size() - 2;
  if (weight.size() != shape.size() || groups < 1 || llvm::is_contained(weight, dynamic) || weight[0] != shape[1] ||
      shape[1] % groups) {
    call.refuse("has an input " + text(shape) + ", a weight " + text(weight) + " and " + llvm::Twine(groups) +
                    " groups, which do not fit",
                "a weight is [C, M / groups, kernel…]");
    return;
  }
  int64_t channels = weight[1] * groups;
  if (call.has(2) && call.shape(2) != Shape{channels}) {
    call.refuse("has a bias " + text(call.shape(2)) + " and a weight " + text(weight),
                "a bias has one element per output channel");
    return;
  }
  // Pads are cut off the result here, so that any window fits.
  ArrayRef<int64_t> sizes = ArrayRef(shape).drop_front(2);
  Window bounds = window;
  bounds.autoPad = "NOTSET";
  Shape reach(spatial, 0);
  for (size_t i = 0; i < spatial; ++i)
    reach[i] = int64_t(1) << 31;
  if (!fitWindow(call, bounds, reach, ArrayRef(weight).drop_front(2)))
    return;
  bounds.autoPad = window.autoPad;
  if (wanted && wanted->size() == shape.size())
    wanted->erase(wanted->begin(), wanted->begin() + 2);
  Shape more = padding.value_or(Shape(spatial, 0));
  if (ArrayRef<int64_t>(bounds.kernel) != ArrayRef(weight).drop_front(2) || more.size() != spatial ||
      (wanted && wanted->size() != spatial)) {
    call.refuse("has sizes in kernel_shape, output_padding or output_shape that do not fit a weight " + text(weight),
                "export the model again");
    return;
  }
  if (!wanted && window.autoPad.starts_with("SAME")) {
    wanted = Shape(sizes);
    for (size_t i = 0; i < spatial; ++i)
      (*wanted)[i] *= bounds.stride[i];
  }
  if (wanted)
    padTo(bounds, sizes, *wanted, more);
  if (!leavesSomething(call, bounds, sizes, more) || !hasFewPlanes(call, bounds))
    return;
  mlir::Value kernel = call.runtime(1), bias = kernel && call.has(2) ? call.runtime(2) : mlir::Value();
  if (!call.failed())
    call.set(0, windowsOf(call).convTranspose(input, kernel, bias, bounds, more, groups));
}

void onnx::addTransposedConvolutions(Table &table) { table["ConvTranspose"] = convertConvTranspose; }
