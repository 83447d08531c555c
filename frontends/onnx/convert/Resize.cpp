//===- Resize.cpp - Resize and Upsample -----------------------------------===//

#include "frontends/onnx/convert/Resample.h"
#include "frontends/onnx/convert/Tables.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;
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
template <typename Word>
static Word wordOf(Call &call, llvm::StringRef name, llvm::StringRef fallback,
                   llvm::ArrayRef<std::pair<llvm::StringRef, Word>> words) {
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
                                        {{"nearest", Axis::Mode::Nearest},
                                         {"linear", Axis::Mode::Linear},
                                         {"bilinear", Axis::Mode::Linear},
                                         {"cubic", Axis::Mode::Cubic}});
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
                                   {{"round_prefer_floor", R::RoundPreferFloor},
                                    {"round_prefer_ceil", R::RoundPreferCeil},
                                    {"floor", R::Floor},
                                    {"ceil", R::Ceil}});
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
    list.push_back(tensor->number(j));
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
  if (!resize.axes || call.node.version < 18)
    resize.axes = llvm::to_vector<6>(llvm::seq<int64_t>(rank));
  size_t count = resize.axes->size();
  if (call.failed())
    return false;
  bool hasScales = !resize.scales.empty();
  if (hasScales == resize.sizes.has_value() || (hasScales ? resize.scales.size() : resize.sizes->size()) != count ||
      (!resize.roi.empty() && resize.roi.size() != 2 * count)) {
    call.refuse("has " + llvm::Twine(resize.scales.size()) + " scales and " +
                    llvm::Twine(resize.sizes ? resize.sizes->size() : 0) + " sizes for " + llvm::Twine(count) + " dimensions",
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
  call.refuse("scales " + llvm::Twine(inputs) + " elements by " + text(scale),
              "a result has 1 to " + llvm::Twine(maxTable) + " rows and columns");
  return 0;
}

/// One scale for all resized axes, where the proportions stay; 0 where each has its own. Nothing after an error.
static std::optional<double> commonScale(Call &call, const Resize &resize, ArrayRef<int64_t> shape) {
  double common = 0;
  if (!resize.sizes || resize.policy == "stretch")
    return common;
  for (auto [given, size] : llvm::zip_equal(*resize.axes, *resize.sizes)) {
    std::optional<size_t> axis = call.axis(given, shape.size());
    if (!axis)
      return std::nullopt;
    if (*axis < 2)
      continue;
    double scale = static_cast<double>(size) / static_cast<double>(shape[*axis]);
    common = common == 0 ? scale : resize.policy == "not_larger" ? std::min(common, scale) : std::max(common, scale);
  }
  return common;
}

/// How the `i`-th of the listed axes, of `inputs` rows or columns, is resized; nothing after an error.
static std::optional<Axis> axisOf(Call &call, const Resize &resize, size_t i, int64_t inputs, double common) {
  Axis axis = resize.axis;
  double scale = resize.sizes ? 0 : resize.scales[i];
  axis.inputs = inputs;
  axis.outputs = !resize.sizes ? outputs(call, scale, inputs)
                 : common      ? static_cast<int64_t>(std::min<double>(std::floor(common * inputs + 0.5), maxTable + 1))
                               : (*resize.sizes)[i];
  axis.scale = common ? common : scale;
  if (call.failed())
    return std::nullopt;
  if (axis.outputs < 1 || axis.outputs > maxTable || inputs > maxTable) {
    call.refuse("resizes " + llvm::Twine(inputs) + " elements to " + llvm::Twine(axis.outputs),
                "a result has 1 to " + llvm::Twine(maxTable) + " rows and columns");
    return std::nullopt;
  }
  if (!resize.roi.empty()) {
    axis.roiStart = resize.roi[i];
    axis.roiEnd = resize.roi[resize.axes->size() + i];
  }
  if (std::isfinite(axis.roiStart) && std::isfinite(axis.roiEnd) && std::isfinite(axis.cubicCoefficient))
    return axis;
  call.refuse("has a region or a coefficient that is not finite", "export the model again");
  return std::nullopt;
}

static void convertResize(Call &call) {
  Resize resize = readAttributes(call);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  size_t rank = shape.size();
  std::optional<double> common = readOperands(call, resize, rank) ? commonScale(call, resize, shape) : std::nullopt;
  if (!common)
    return;
  std::vector<std::optional<cnn::ResampleTable>> tables(rank > 2 ? rank - 2 : 0);
  Shape low(rank, 0), high(rank, 0), result(shape);
  for (size_t i = 0; i < resize.axes->size(); ++i) {
    std::optional<size_t> place = call.axis((*resize.axes)[i], rank);
    if (!place)
      return;
    if (*place < 2) {
      int64_t size = resize.sizes ? (*resize.sizes)[i] : 0;
      bool stays =
          resize.sizes ? size == shape[*place] || (*place == 0 && size == call.conversion.fixedBatch) : resize.scales[i] == 1;
      if (!stays)
        return call.refuse("resizes dimension " + llvm::Twine(*place) + " of " + text(shape),
                           "the batch and the channels stay as they are");
      continue;
    }
    std::optional<Axis> axis = axisOf(call, resize, i, shape[*place], *common);
    if (!axis)
      return;
    cnn::ResizedAxis resized = cnn::resizeTable(*axis);
    if (resized.table.size() == 0)
      return call.refuse("reads nothing of its input", "choose a region that lies inside");
    low[*place] = resized.first;
    high[*place] = axis->outputs - resized.last;
    result[*place] = axis->outputs;
    if (axis->outputs != axis->inputs || axis->coordinates == Axis::Coordinates::TfCropAndResize)
      tables[*place - 2] = resized.table;
  }
  bool resizes = llvm::any_of(tables, [](const auto &table) { return table.has_value(); });
  mlir::Value value = resizes ? resample(call, input, tables) : input;
  auto isPositive = [](int64_t size) { return size > 0; };
  if (value && (llvm::any_of(low, isPositive) || llvm::any_of(high, isPositive))) {
    Shape zeros(rank - 1, 0);
    value = call.emit<cnn::PadOp>(result, value, ArrayRef<int64_t>(low).drop_front(), ArrayRef<int64_t>(high).drop_front(),
                                  ArrayRef<int64_t>(zeros), llvm::APFloat(resize.outside));
  }
  call.set(0, value);
}

void onnx::addResizes(Table &table) { table["Resize"] = table["Upsample"] = convertResize; }
