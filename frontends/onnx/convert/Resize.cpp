//===- Resize.cpp - Resize and Upsample -----------------------------------===//

#include "frontends/onnx/convert/Resample.h"
#include "frontends/onnx/convert/Tables.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;
using Axis = cnn::ResizeAxis;

namespace {
/// A Resize in the words of its newest version.
struct Resize {
  Axis axis; // what all axes share
  std::optional<Shape> axes;
  std::vector<double> scales, roi; // or
  std::optional<Shape> sizes;
  std::string policy;
  double outside = 0;
};
} // namespace

/// The value that `name` has among the words, or an error.
template <typename Word> static Word wordOf(Call &call, llvm::StringRef name, llvm::StringRef fallback, llvm::ArrayRef<std::pair<llvm::StringRef, Word>> words) {
  std::string given = call.string(name, fallback);
  for (auto [word, value] : words)
    if (word == given)
      return value;
  call.refuse("has " + name + " '" + given + "'", "see the attribute in ONNX's description of the operator");
  return words[0].second;
}

static Resize readAttributes(Call &call) {
  Resize resize;
  bool isNew = call.node.op == "Resize" && call.node.version >= 11;
  resize.axis.mode = wordOf<Axis::Mode>(call, "mode", "nearest",
                                        {{"nearest", Axis::Mode::Nearest}, {"linear", Axis::Mode::Linear}, {"bilinear", Axis::Mode::Linear}, {"cubic", Axis::Mode::Cubic}});
  using C = Axis::Coordinates;
  // Before version 11 there is only one way.
  resize.axis.coordinates = wordOf<C>(call, "coordinate_transformation_mode", isNew ? "half_pixel" : "asymmetric",
                                      {{"half_pixel", C::HalfPixel},
                                       {"half_pixel_symmetric", C::HalfPixelSymmetric},
                                       {"pytorch_half_pixel", C::PytorchHalfPixel},
                                       {"align_corners", C::AlignCorners},
                                       {"asymmetric", C::Asymmetric},
                                       {"tf_crop_and_resize", C::TfCropAndResize},
                                       {"tf_half_pixel_for_nn", C::TfHalfPixelForNn}});
  using R = Axis::Rounding;
  resize.axis.rounding = wordOf<R>(call, "nearest_mode", isNew ? "round_prefer_floor" : "floor",
                                   {{"round_prefer_floor", R::RoundPreferFloor}, {"round_prefer_ceil", R::RoundPreferCeil}, {"floor", R::Floor}, {"ceil", R::Ceil}});
  resize.axis.cubicCoefficient = call.number("cubic_coeff_a", -0.75);
  resize.axis.excludeOutside = call.flag("exclude_outside", false);
  resize.axis.antialias = call.flag("antialias", false);
  resize.outside = call.number("extrapolation_value", 0);
  resize.policy = call.string("keep_aspect_ratio_policy", "stretch");
  resize.axes = call.integers("axes");
  if (const Attribute *scales = call.node.attribute("scales"); scales && call.node.op == "Upsample")
    resize.scales = scales->reals;
  if (resize.policy != "stretch" && resize.policy != "not_larger" && resize.policy != "not_smaller")
    call.refuse("has keep_aspect_ratio_policy '" + resize.policy + "'", "it is stretch, not_larger or not_smaller");
  return resize;
}

/// A list of numbers, empty where the operand is left out or empty.
static std::vector<double> numbers(Call &call, size_t i, llvm::StringRef why) {
  std::vector<double> list;
  const Tensor *tensor = call.has(i) ? call.constant(i, why) : nullptr;
  for (int64_t j = 0; tensor && j < std::min<int64_t>(tensor->elements(), 32); ++j)
    list.push_back(tensor->at(j).real);
  return list;
}

static bool readOperands(Call &call, Resize &resize, size_t rank) {
  bool isNew = call.node.op == "Resize" && call.node.version >= 11;
  if (isNew)
    resize.roi = numbers(call, 1, "a region");
  if (call.has(isNew ? 2 : 1))
    resize.scales = numbers(call, isNew ? 2 : 1, "scales");
  if (isNew && call.has(3) && call.shape(3) != Shape{0}) {
    // Sizes of the batch and of channels stay: they may be N.
    const Tensor *sizes = call.constant(3, "sizes");
    resize.sizes.emplace();
    for (int64_t i = 0; sizes && i < std::min<int64_t>(sizes->elements(), 8); ++i)
      resize.sizes->push_back(sizes->at(i).batch ? dynamic : sizes->at(i).integer);
  }
  if (!resize.axes || call.node.version < 18) {
    resize.axes.emplace();
    for (size_t i = 0; i < rank; ++i)
      resize.axes->push_back(i);
  }
  size_t count = resize.axes->size();
  if (call.failed())
    return false;
  bool hasScales = !resize.scales.empty();
  if (hasScales == resize.sizes.has_value() || (hasScales ? resize.scales.size() : resize.sizes->size()) != count || (!resize.roi.empty() && resize.roi.size() != 2 * count)) {
    call.refuse("has " + llvm::Twine(resize.scales.size()) + " scales and " + llvm::Twine(resize.sizes ? resize.sizes->size() : 0) + " sizes for " + llvm::Twine(count) +
                    " dimensions",
                "give one of the two, for each dimension");
    return false;
  }
  return true;
}

/// The size of a resized axis; 0 after an error.
static int64_t outputs(Call &call, double scale, int64_t inputs) {
  double size = std::floor(static_cast<double>(inputs) * scale);
  if (size >= 1 && size <= maxTable && std::isfinite(scale))
    return static_cast<int64_t>(size);
  call.refuse("scales " + llvm::Twine(inputs) + " elements by " + text(scale), "a result has 1 to " + llvm::Twine(maxTable) + " rows and columns");
  return 0;
}

static void convertResize(Call &call) {
  Resize resize = readAttributes(call);
  if (!call.ready())
    return;
  mlir::Value input = call.runtime(0);
  if (!input)
    return;
  Shape shape(shapeOf(input));
  size_t rank = shape.size();
  if (!readOperands(call, resize, rank))
    return;
  // One scale for all resized axes, where the proportions stay.
  double common = 0;
  if (resize.sizes && resize.policy != "stretch") {
    for (size_t i = 0; i < resize.axes->size(); ++i) {
      std::optional<size_t> axis = call.axis((*resize.axes)[i], rank);
      if (!axis)
        return;
      if (*axis < 2)
        continue;
      double scale = static_cast<double>((*resize.sizes)[i]) / static_cast<double>(shape[*axis]);
      common = common == 0 ? scale : resize.policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
    }
  }
  std::vector<std::optional<cnn::ResampleTable>> tables(rank > 2 ? rank - 2 : 0);
  Shape low(rank, 0), high(rank, 0), result(shape);
  for (size_t i = 0; i < resize.axes->size(); ++i) {
    std::optional<size_t> axis = call.axis((*resize.axes)[i], rank);
    if (!axis)
      return;
    double scale = resize.sizes ? 0 : resize.scales[i];
    if (*axis < 2) {
      bool stays = resize.sizes ? (*resize.sizes)[i] == shape[*axis] || (*axis == 0 && (*resize.sizes)[i] == call.conversion.fixedBatch) : scale == 1;
      if (!stays)
        return call.refuse("resizes dimension " + llvm::Twine(*axis) + " of " + text(shape), "the batch and the channels stay as they are");
      continue;
    }
    Axis one = resize.axis;
    one.inputs = shape[*axis];
    one.outputs = !resize.sizes ? outputs(call, scale, one.inputs)
                  : common ? static_cast<int64_t>(std::min<double>(std::floor(common * one.inputs + 0.5), maxTable + 1))
                           : (*resize.sizes)[i];
    one.scale = common ? common : scale;
    if (call.failed())
      return;
    if (one.outputs < 1 || one.outputs > maxTable || one.inputs > maxTable)
      return call.refuse("resizes " + llvm::Twine(one.inputs) + " elements to " + llvm::Twine(one.outputs), "a result has 1 to " + llvm::Twine(maxTable) + " rows and columns");
    if (!resize.roi.empty()) {
      one.roiStart = resize.roi[i];
      one.roiEnd = resize.roi[resize.axes->size() + i];
    }
    if (!std::isfinite(one.roiStart) || !std::isfinite(one.roiEnd) || !std::isfinite(one.cubicCoefficient))
      return call.refuse("has a region or a coefficient that is not finite", "export the model again");
    cnn::ResizedAxis resized = cnn::resizeTable(one);
    if (resized.table.size() == 0)
      return call.refuse("reads nothing of its input", "choose a region that lies inside");
    low[*axis] = resized.first;
    high[*axis] = one.outputs - resized.last;
    result[*axis] = one.outputs;
    if (one.outputs != one.inputs || resize.axis.coordinates == Axis::Coordinates::TfCropAndResize)
      tables[*axis - 2] = resized.table;
  }
  mlir::Value value = input;
  if (llvm::any_of(tables, [](const auto &table) { return table.has_value(); }))
    value = resample(call, input, tables);
  bool outside = llvm::any_of(low, [](int64_t size) { return size; }) || llvm::any_of(high, [](int64_t size) { return size; });
  if (value && outside) {
    Shape zeros(rank - 1, 0);
    value = call.emit<cnn::PadOp>(result, value, llvm::ArrayRef<int64_t>(low).drop_front(), llvm::ArrayRef<int64_t>(high).drop_front(), llvm::ArrayRef<int64_t>(zeros),
                                  llvm::APFloat(resize.outside));
  }
  call.set(0, value);
}

void onnx::addResizes(Table &table) { table["Resize"] = table["Upsample"] = convertResize; }
