//===- Regions.cpp - images read at places that are computed --------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include "frontends/onnx/convert/Window.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

namespace {

/// A deformable convolution of images: each place of the kernel reads at an offset of its own.
class Deformable {
public:
  explicit Deformable(Call &call) : call(call), compose(call) {}
  void convert();

private:
  bool fits();
  mlir::Value grid(mlir::Value offsets);
  mlir::Value sampled(int64_t group);

  Call &call;
  Compose compose;
  Window window;
  int64_t groups = 1, parts = 1, taps = 1;
  mlir::Value input, offset, bias, mask;
  Shape shape, weight, result; ///< [N, C, H, W], [K, C / groups, R, S], [N, K, P, Q]
};

bool Deformable::fits() {
  if (shape.size() != 4 || weight.size() != 4 || llvm::is_contained(weight, dynamic) || groups < 1 || parts < 1 ||
      shape[1] != weight[1] * groups || weight[0] % groups || shape[1] % parts) {
    call.refuse("has an input " + text(shape) + ", a weight " + text(weight) + ", " + llvm::Twine(groups) + " groups and " +
                    llvm::Twine(parts) + " of offsets, which do not fit",
                "inputs are images [N, C, H, W], and a weight is [M, C / groups, kernel…]");
    return false;
  }
  if (bias && shapeOf(bias) != ArrayRef(weight[0])) {
    call.refuse("has a bias " + text(shapeOf(bias)) + " and a weight " + text(weight),
                "a bias has one element per output channel");
    return false;
  }
  if (!fitWindow(call, window, ArrayRef(shape).drop_front(2), ArrayRef(weight).drop_front(2)))
    return false;
  taps = weight[2] * weight[3];
  result = {shape[0], weight[0]};
  for (size_t d : {0, 1})
    result.push_back((shape[2 + d] + window.low[d] + window.high[d] - window.reach(d)) / window.stride[d] + 1);
  auto isFor = [&](mlir::Value value, int64_t channels) {
    return shapeOf(value) == ArrayRef<int64_t>({shape[0], channels, result[2], result[3]});
  };
  constexpr int64_t most = 1 << 20;
  bool good = ArrayRef<int64_t>(window.kernel) == ArrayRef(weight).drop_front(2) && taps <= most && parts <= most &&
              isFor(offset, 2 * parts * taps) && (!mask || isFor(mask, parts * taps));
  if (!good || result[2] > mostComputed / 2 / taps / result[3])
    call.refuse("has offsets " + text(shapeOf(offset)) + " for results " + text(result),
                "there are two for each place of the kernel and of the result, with one mask for both");
  return !call.failed();
}

/// Where the kernel's places lie, x first, from -1 to 1 between the image's edges: [N, R · S · P, Q, 2].
mlir::Value Deformable::grid(mlir::Value offsets) {
  std::vector<double> places;
  for (int64_t tap = 0; tap < taps; ++tap)
    for (int64_t p = 0; p < result[2]; ++p)
      for (int64_t q = 0; q < result[3]; ++q)
        for (size_t d : {1, 0}) {
          int64_t along = d ? tap % weight[3] : tap / weight[3],
                  place = (d ? q : p) * window.stride[d] - window.low[d] + along * window.dilation[d];
          places.push_back((2.0 * static_cast<double>(place) + 1) / static_cast<double>(shape[2 + d]) - 1);
        }
  mlir::Value both = compose.transpose(compose.reshape(offsets, {shape[0], taps, 2, result[2], result[3]}), {0, 1, 3, 4, 2});
  mlir::Value turned = compose.concat({compose.slice(both, 4, 1, 2), compose.slice(both, 4, 0, 1)}, 4);
  mlir::Value sizes =
      compose.constant({1, 1, 1, 1, 2}, {2.0 / static_cast<double>(shape[3]), 2.0 / static_cast<double>(shape[2])});
  mlir::Value moved = compose.add(compose.mul(turned, sizes), compose.constant({1, taps, result[2], result[3], 2}, places));
  return compose.reshape(moved, {shape[0], taps * result[2], result[3], 2});
}

/// The channels of one group of offsets at the kernel's places: [N, C / parts, R · S, P, Q].
mlir::Value Deformable::sampled(int64_t group) {
  int64_t channels = shape[1] / parts;
  mlir::Value images = compose.slice(input, 1, group * channels, (group + 1) * channels);
  mlir::Value places = grid(compose.slice(offset, 1, 2 * group * taps, 2 * (group + 1) * taps));
  if (!images || !places)
    return {};
  mlir::Value read = call.emit<cnn::GridSampleOp>({shape[0], channels, taps * result[2], result[3]}, images, places,
                                                  llvm::StringRef("linear"), llvm::StringRef("zeros"), /*align_corners=*/false);
  read = compose.reshape(read, {shape[0], channels, taps, result[2], result[3]});
  mlir::Value factor = mask ? compose.slice(mask, 1, group * taps, (group + 1) * taps) : mask;
  return mask ? compose.mul(read, compose.reshape(factor, {shape[0], 1, taps, result[2], result[3]})) : read;
}

void Deformable::convert() {
  window = readWindow(call);
  groups = call.integer("group", 1), parts = call.integer("offset_group", 1);
  input = call.ready(3) ? call.runtime(0) : mlir::Value();
  mlir::Value kernel = input ? call.runtime(1) : input;
  bias = kernel && call.has(3) ? call.runtime(3) : mlir::Value();
  offset = kernel ? call.runtime(2) : kernel;
  mask = offset && call.has(4) ? call.runtime(4) : mlir::Value();
  if (!offset || call.failed())
    return;
  shape = Shape(shapeOf(input)), weight = Shape(shapeOf(kernel));
  // A constant stands in every example.
  for (mlir::Value *value : {&offset, &mask})
    if (*value && !shape.empty() && shape[0] == dynamic && !shapeOf(*value).empty() && shapeOf(*value)[0] == 1) {
      Shape whole(shapeOf(*value));
      whole[0] = dynamic;
      *value = compose.repeat(*value, whole);
    }
  if (!fits())
    return;
  llvm::SmallVector<mlir::Value> all;
  for (int64_t group = 0; group < parts; ++group)
    all.push_back(sampled(group));
  mlir::Value places = compose.concat(all, 1);
  places = compose.reshape(places, {shape[0], shape[1] * taps, result[2], result[3]});
  kernel = compose.reshape(kernel, {weight[0], weight[1] * taps, 1, 1});
  if (!places || !kernel)
    return;
  Windows points;
  points.kernel = points.stride = points.dilation = {1, 1}, points.low = points.high = {0, 0};
  call.set(0, windowsOf(call).conv(places, kernel, bias, points, groups));
}

} // namespace

static void convertDeformConv(Call &call) { Deformable(call).convert(); }

/// Regions x1, y1, x2, y2 of one image: means of places that are read between its elements.
static void convertRoiAlign(Call &call) {
  bool isShifted =
      call.string("coordinate_transformation_mode", call.node.version < 16 ? "output_half_pixel" : "half_pixel") == "half_pixel";
  std::string mode = call.string("mode", "avg");
  int64_t high = call.integer("output_height", 1), wide = call.integer("output_width", 1),
          each = call.integer("sampling_ratio", 0);
  double scale = call.number("spatial_scale", 1);
  constexpr int64_t most = 1 << 10;
  if (mode != "avg" || each < 1 || each > most || high < 1 || high > most || wide < 1 || wide > most)
    call.refuse("takes " + mode + " of " + llvm::Twine(each) + " places along each side of " + llvm::Twine(high) + " x " +
                    llvm::Twine(wide) + " parts",
                "set mode to avg and sampling_ratio to a positive number: 0 makes as many places as the data say");
  mlir::Value input = call.ready(3) ? call.runtime(0) : mlir::Value(), regions = input ? call.runtime(1) : input;
  if (!regions || call.failed())
    return;
  Shape shape(shapeOf(input)), boxes(shapeOf(regions));
  if (shape.size() != 4 || shape[0] != 1 || boxes.size() != 2 || boxes[0] == dynamic || boxes[1] != 4)
    return call.refuse("reads regions " + text(boxes) + " of " + text(shape), "regions are [R, 4], of one image [1, C, H, W]");
  Compose compose(call);
  int64_t count = boxes[0], rows = high * each, columns = wide * each;
  auto column = [&](int64_t i) { return compose.affine(compose.slice(regions, 1, i, i + 1), scale, isShifted ? -0.5 : 0); };
  // Where the places of a side lie, and which of them count: those that are at most an element outside.
  auto side = [&](int64_t from, int64_t parts, int64_t size) -> std::pair<mlir::Value, mlir::Value> {
    mlir::Value begin = column(from), length = compose.sub(column(from + 2), begin);
    if (!isShifted)
      length = compose.map<cnn::ClipOp>(length, call.conversion.builder.getF64FloatAttr(1), mlir::FloatAttr());
    std::vector<double> steps;
    for (int64_t i = 0; i < parts * each; ++i)
      steps.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(parts * each));
    mlir::Value places = compose.add(begin, compose.mul(length, compose.constant({1, parts * each}, steps)));
    mlir::Value low = compose.map<cnn::StepOp>(compose.affine(places, -1, -1)),
                behind = compose.map<cnn::StepOp>(compose.affine(places, 1, -static_cast<double>(size)));
    double edges = static_cast<double>(size);
    return {compose.affine(places, 2 / edges, 1 / edges - 1), compose.affine(compose.add(low, behind), -1, 1)};
  };
  auto [x, inX] = side(0, wide, shape[3]);
  auto [y, inY] = side(1, high, shape[2]);
  auto acrossRows = [&](mlir::Value value) {
    return compose.repeat(compose.reshape(value, {count, 1, columns}), {count, rows, columns});
  };
  auto acrossColumns = [&](mlir::Value value) {
    return compose.repeat(compose.reshape(value, {count, rows, 1}), {count, rows, columns});
  };
  auto point = [&](mlir::Value value) { return compose.reshape(value, {1, count * rows, columns, 1}); };
  mlir::Value grid = compose.concat({point(acrossRows(x)), point(acrossColumns(y))}, 3);
  if (!grid)
    return;
  mlir::Value read = call.emit<cnn::GridSampleOp>({1, shape[1], count * rows, columns}, input, grid, llvm::StringRef("linear"),
                                                  llvm::StringRef("border"), /*align_corners=*/false);
  read = compose.mul(read, compose.reshape(compose.mul(acrossRows(inX), acrossColumns(inY)), {1, 1, count * rows, columns}));
  mlir::Value parts = compose.mean(compose.reshape(read, {shape[1], count, high, each, wide, each}), {3, 5});
  call.set(0, compose.transpose(compose.reshape(parts, {shape[1], count, high, wide}), {1, 0, 2, 3}));
}

void onnx::addRegions(Table &table) {
  table["DeformConv"] = convertDeformConv;
  table["RoiAlign"] = convertRoiAlign;
}
