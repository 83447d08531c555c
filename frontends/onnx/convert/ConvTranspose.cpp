//===- ConvTranspose.cpp - transposed convolutions ------------------------===//

#include "dialects/cnn/ShapeMath.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

namespace {
/// What is cut off the result of all windows, and what comes behind it.
struct Ends {
  Shape low, high, more, behind, size;
};
} // namespace

/// The pads that give the sizes `wanted`; what is odd goes to the beginning but
/// with SAME_UPPER. A result that is larger than all windows ends in zeros.
static void padTo(const Window &window, ArrayRef<int64_t> sizes, ArrayRef<int64_t> wanted, Ends &ends) {
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t whole = cnn::transposedSize(sizes[i], window.kernel[i], window.stride[i], window.dilation[i], 0, ends.more[i]);
    int64_t total = whole - wanted[i], half = std::max<int64_t>(total, 0) / 2;
    ends.low[i] = window.autoPad == "SAME_UPPER" ? half : std::max<int64_t>(total, 0) - half;
    ends.high[i] = std::max<int64_t>(total, 0) - ends.low[i];
    ends.more[i] += std::max<int64_t>(-total, 0);
  }
}

/// What no window reaches is zero: less padding cut off first, then a pad.
static bool fitEnds(Call &call, const Window &window, ArrayRef<int64_t> sizes, Ends &ends) {
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t uncut = std::min(std::max<int64_t>(0, ends.more[i] - window.stride[i] + 1), ends.high[i]);
    ends.high[i] -= uncut;
    ends.more[i] -= uncut;
    ends.behind[i] = std::max<int64_t>(0, ends.more[i] - window.stride[i] + 1);
    ends.more[i] -= ends.behind[i];
    ends.size[i] = cnn::transposedSize(sizes[i], window.kernel[i], window.stride[i], window.dilation[i], ends.low[i] + ends.high[i], ends.more[i]);
    if (ends.size[i] < 1) {
      call.refuse("has pads of " + llvm::Twine(ends.low[i]) + " and " + llvm::Twine(ends.high[i]) + ", which leave nothing of the result", "use smaller pads: they are cut off");
      return false;
    }
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
  mlir::Value input = call.runtime(0);
  if (!input || !asImages(call, input, nullptr))
    return;
  Shape original = call.shape(0), shape(shapeOf(input)), weight = call.shape(1);
  size_t spatial = original.size() - 2;
  if (weight.size() != original.size() || groups < 1 || llvm::is_contained(weight, dynamic) || weight[0] != shape[1] || shape[1] % groups) {
    call.refuse("has an input " + text(original) + ", a weight " + text(weight) + " and " + llvm::Twine(groups) + " groups, which do not fit",
                "a weight is [C, M / groups, kernel…]");
    return;
  }
  int64_t channels = weight[1] * groups;
  if (call.has(2) && call.shape(2) != Shape{channels}) {
    call.refuse("has a bias " + text(call.shape(2)) + " and a weight " + text(weight), "a bias has one element per output channel");
    return;
  }
  // Pads are cut off the result here, so that any window fits.
  ArrayRef<int64_t> sizes = ArrayRef(original).drop_front(2);
  Window bounds = window;
  bounds.autoPad = "NOTSET";
  Shape reach(spatial, 0);
  for (size_t i = 0; i < spatial; ++i)
    reach[i] = int64_t(1) << 31;
  if (!fitWindow(call, bounds, reach, ArrayRef(weight).drop_front(2)))
    return;
  bounds.autoPad = window.autoPad;
  if (wanted && wanted->size() == original.size())
    wanted->erase(wanted->begin(), wanted->begin() + 2);
  Ends ends{bounds.low, bounds.high, padding.value_or(Shape(spatial, 0)), Shape(spatial, 0), Shape(spatial, 0)};
  if (ArrayRef<int64_t>(bounds.kernel) != ArrayRef(weight).drop_front(2) || ends.more.size() != spatial || (wanted && wanted->size() != spatial)) {
    call.refuse("has sizes in kernel_shape, output_padding or output_shape that do not fit a weight " + text(weight), "export the model again");
    return;
  }
  if (!wanted && window.autoPad.starts_with("SAME")) {
    wanted = Shape(sizes);
    for (size_t i = 0; i < spatial; ++i)
      (*wanted)[i] *= bounds.stride[i];
  }
  if (wanted)
    padTo(bounds, sizes, *wanted, ends);
  if (!fitEnds(call, bounds, sizes, ends))
    return;
  mlir::Value kernel = spatial == 2 ? call.runtime(1) : call.reshape(call.runtime(1), {weight[0], weight[1], 1, weight[2]});
  if (spatial == 1 && call.isConstant(1))
    kernel = call.conversion.parameter(call.operand(1).constant.reshaped({weight[0], weight[1], 1, weight[2]}), cnn::ParameterKind::Weight, call.node.str());
  for (Shape *list : {&bounds.stride, &bounds.dilation})
    list->insert(list->begin(), 2 - spatial, 1);
  for (Shape *list : {&ends.low, &ends.high, &ends.more, &ends.behind})
    list->insert(list->begin(), 2 - spatial, 0);
  ends.size.insert(ends.size.begin(), 2 - spatial, 1);
  Shape pads(ends.low);
  pads.append(ends.high);
  Shape result{shape[0], channels, ends.size[0], ends.size[1]};
  mlir::Value value = kernel ? call.emit<cnn::ConvTransposeOp>(result, input, kernel, ArrayRef<int64_t>(bounds.stride), ArrayRef<int64_t>(pads),
                                                               ArrayRef<int64_t>(ends.more), ArrayRef<int64_t>(bounds.dilation), static_cast<uint64_t>(groups))
                             : mlir::Value();
  if (value && (ends.behind[0] || ends.behind[1])) {
    Shape zeros(3, 0), high{0, ends.behind[0], ends.behind[1]};
    result[2] += ends.behind[0];
    result[3] += ends.behind[1];
    value = call.emit<cnn::PadOp>(result, value, ArrayRef<int64_t>(zeros), ArrayRef<int64_t>(high), ArrayRef<int64_t>(zeros), llvm::APFloat(0.0));
  }
  if (value && call.has(2)) {
    mlir::Value bias = call.runtime(2);
    value = bias ? call.emit<cnn::BiasOp>(result, value, bias) : mlir::Value();
  }
  if (value && spatial == 1)
    value = call.reshape(value, {result[0], result[1], result[3]});
  call.set(0, value);
}

void onnx::addTransposedConvolutions(Table &table) { table["ConvTranspose"] = convertConvTranspose; }
