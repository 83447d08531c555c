//===- Spatial.cpp - places of images: grids, columns, crops --------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include "llvm/ADT/Sequence.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

static void convertGridSample(Call &call) {
  bool old = call.node.version < 20;
  std::string mode = call.string("mode", old ? "bilinear" : "linear"), padding = call.string("padding_mode", "zeros");
  bool aligned = call.flag("align_corners", false);
  if (mode == "bilinear" || mode == "bicubic")
    mode = mode == "bilinear" ? "linear" : "cubic";
  if (!llvm::is_contained({"nearest", "linear", "cubic"}, mode) ||
      !llvm::is_contained({"zeros", "border", "reflection"}, padding))
    call.refuse("has mode '" + mode + "' and padding_mode '" + padding + "'",
                "modes are nearest, linear, cubic; paddings zeros, border, reflection");
  if (!call.ready(2))
    return;
  mlir::Value input = call.runtime(0), grid = input ? call.runtime(1) : input;
  if (!grid)
    return;
  ArrayRef<int64_t> shape = shapeOf(input), places = shapeOf(grid);
  size_t dims = shape.size() < 2 ? 0 : shape.size() - 2;
  if (dims < 1 || dims > 3 || places.size() != shape.size() || places.back() != static_cast<int64_t>(dims) ||
      places[0] != shape[0])
    return call.refuse("reads " + text(shape) + " at the places of " + text(places),
                       "images are [N, C, D…] and the grid [N, P…, count of D]");
  Shape result(shape.take_front(2));
  llvm::append_range(result, places.drop_front().drop_back());
  call.set(0, call.emit<cnn::GridSampleOp>(result, input, grid, llvm::StringRef(mode), llvm::StringRef(padding), aligned));
}

/// The centres of `size` elements, or with `aligned` places from end to end, from -1 to 1.
static double placeOf(int64_t i, int64_t size, bool aligned) {
  if (!aligned)
    return (2.0 * static_cast<double>(i) + 1) / static_cast<double>(size) - 1;
  return size == 1 ? 0 : 2.0 * static_cast<double>(i) / static_cast<double>(size - 1) - 1;
}

/// theta [N, d, d + 1] times the places of a grid, [d + 1, D…], x first.
static void convertAffineGrid(Call &call) {
  bool aligned = call.flag("align_corners", false);
  std::optional<Shape> size = call.ready(2) ? call.constantIntegers(1, "a size") : std::nullopt;
  mlir::Value theta = size ? call.runtime(0) : mlir::Value();
  if (!theta)
    return;
  ArrayRef<int64_t> shape = shapeOf(theta);
  int64_t dims = static_cast<int64_t>(size->size()) - 2, elements = 1;
  bool fits = (dims == 2 || dims == 3) && shape.size() == 3 && shape[1] == dims && shape[2] == dims + 1;
  for (int64_t d = 0; fits && d < dims; ++d) {
    fits = (*size)[2 + d] >= 1 && (*size)[2 + d] < (1 << 20);
    elements *= fits ? (*size)[2 + d] : 1;
  }
  if (!fits || elements > mostComputed / 4)
    return call.refuse("makes a grid of " + text(*size) + " by " + text(shape),
                       "theta is [N, 2, 3] or [N, 3, 4], and the size [N, C, D…] of images");
  std::vector<double> places;
  for (int64_t coordinate = 0; coordinate <= dims; ++coordinate)
    for (int64_t i = 0; i < elements; ++i) {
      int64_t inner = 1, d = dims - 1 - coordinate; // the last dimension first
      for (int64_t later = d + 1; later < dims; ++later)
        inner *= (*size)[2 + later];
      places.push_back(d < 0 ? 1 : placeOf(i / inner % (*size)[2 + d], (*size)[2 + d], aligned));
    }
  Compose compose(call);
  mlir::Value grid = compose.transpose(compose.matmul(theta, compose.constant({dims + 1, elements}, places)), {0, 2, 1});
  Shape result{shape[0]};
  result.append(size->begin() + 2, size->end());
  result.push_back(dims);
  call.set(0, compose.reshape(grid, result));
}

/// Columns back to images, overlaps summed: a transposed convolution whose kernels have a single 1 each.
static void convertCol2Im(Call &call) {
  std::optional<Shape> strides = call.integers("strides"), pads = call.integers("pads"), dilations = call.integers("dilations");
  std::optional<Shape> image = call.ready(3) ? call.constantIntegers(1, "the size of images") : std::nullopt,
                       block = image ? call.constantIntegers(2, "the size of blocks") : image;
  mlir::Value input = block ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  size_t dims = image->size();
  Shape stride = strides.value_or(Shape(dims, 1)), dilation = dilations.value_or(Shape(dims, 1)),
        pad = pads.value_or(Shape(2 * dims, 0)), shape(shapeOf(input));
  bool fits = (dims == 1 || dims == 2) && block->size() == dims && stride.size() == dims && dilation.size() == dims &&
              pad.size() == 2 * dims && shape.size() == 3;
  int64_t taps = 1, places = 1;
  Shape columns;
  constexpr int64_t far = 1 << 20;
  for (size_t d = 0; fits && d < dims; ++d) {
    auto within = [&](int64_t value, int64_t least) { return value >= least && value < far; };
    fits = within((*image)[d], 1) && within((*block)[d], 1) && within(stride[d], 1) && within(dilation[d], 1) &&
           within(pad[d], 0) && within(pad[dims + d], 0);
    int64_t room = fits ? (*image)[d] + pad[d] + pad[dims + d] - dilation[d] * ((*block)[d] - 1) - 1 : -1;
    fits = room >= 0 && taps < far;
    columns.push_back(fits ? room / stride[d] + 1 : 1);
    taps *= (*block)[d];
    places *= columns.back();
  }
  if (!fits || taps > 1024 || shape[1] % taps || shape[2] != places || shape[1] > mostComputed / taps)
    return call.refuse("makes images of " + text(*image) + " from " + text(shape),
                       "columns are [N, C · block, places] of one or two dimensions");
  int64_t channels = shape[1] / taps;
  auto two = [&](Shape list) {
    if (list.size() == 1)
      list.insert(list.begin(), 1);
    return list;
  };
  Shape size = two(*image), kernel = two(*block), counts = two(columns), by = two(stride), apart = two(dilation);
  Shape around = dims == 1 ? Shape{0, pad[0], 0, pad[1]} : pad;
  std::vector<double> ones(shape[1] * taps);
  for (int64_t k = 0; k < shape[1]; ++k)
    ones[k * taps + k % taps] = 1;
  Compose compose(call);
  mlir::Value weights = compose.constant({shape[1], 1, kernel[0], kernel[1]}, ones),
              blocks = compose.reshape(input, {shape[0], shape[1], counts[0], counts[1]});
  if (!weights || !blocks)
    return;
  // What the last stride steps over is left at the end.
  Shape rest;
  for (size_t d : {0, 1})
    rest.push_back(size[d] + around[d] + around[2 + d] - ((counts[d] - 1) * by[d] + apart[d] * (kernel[d] - 1) + 1));
  mlir::Value images = call.emit<cnn::ConvTransposeOp>({shape[0], channels, size[0], size[1]}, blocks, weights,
                                                       ArrayRef<int64_t>(by), ArrayRef<int64_t>(around), ArrayRef<int64_t>(rest),
                                                       ArrayRef<int64_t>(apart), static_cast<uint64_t>(channels));
  Shape result{shape[0], channels};
  llvm::append_range(result, *image);
  call.set(0, compose.reshape(images, result));
}

/// The middle of each axis, or zeros around it; what is odd goes to the end, or is cut at the end.
static void convertCenterCropPad(Call &call) {
  std::optional<Shape> axes = call.integers("axes");
  std::optional<Shape> wanted = call.ready(2) ? call.constantIntegers(1, "a shape") : std::nullopt;
  mlir::Value value = wanted ? call.runtime(0) : mlir::Value();
  if (!value)
    return;
  size_t rank = shapeOf(value).size();
  if (!axes)
    axes = llvm::to_vector<8>(llvm::seq<int64_t>(rank));
  if (axes->size() != wanted->size())
    return call.refuse("has " + llvm::Twine(axes->size()) + " axes and " + llvm::Twine(wanted->size()) + " sizes",
                       "there is one size for each axis");
  Compose compose(call);
  for (size_t i = 0; value && i < axes->size(); ++i) {
    std::optional<size_t> axis = call.axis((*axes)[i], rank);
    if (!axis)
      return;
    Shape shape(shapeOf(value));
    int64_t size = (*wanted)[i], now = shape[*axis];
    if (now == dynamic && size == call.conversion.fixedBatch)
      continue;
    if (now == dynamic || size < 1 || size >= (int64_t(1) << 31))
      return call.refuse("makes " + llvm::Twine(size) + " of dimension " + llvm::Twine(*axis) + " of " + text(shape),
                         "sizes are positive, and the batch stays as it is");
    if (size < now) {
      int64_t first = (now - size) / 2;
      value = compose.slice(value, *axis, first, first + size);
    } else if (size > now) {
      auto zeros = [&](int64_t count) {
        Shape part(shape);
        part[*axis] = count;
        return compose.repeat(compose.splat(Shape(rank, 1), 0), part);
      };
      int64_t before = (size - now) / 2, after = size - now - before;
      llvm::SmallVector<mlir::Value> parts;
      if (before)
        parts.push_back(zeros(before));
      parts.push_back(value);
      if (after)
        parts.push_back(zeros(after));
      value = compose.concat(parts, *axis);
    }
  }
  call.set(0, value);
}

/// The determinant of small matrices, by their first row (Laplace).
static mlir::Value determinant(Compose &compose, mlir::Value x) {
  if (!x)
    return x;
  size_t row = shapeOf(x).size() - 2, column = row + 1;
  int64_t size = shapeOf(x).back();
  if (size == 1)
    return x;
  mlir::Value sum, below = compose.slice(x, row, 1, size), first = compose.slice(x, row, 0, 1);
  for (int64_t i = 0; i < size; ++i) {
    llvm::SmallVector<mlir::Value> parts;
    if (i > 0)
      parts.push_back(compose.slice(below, column, 0, i));
    if (i + 1 < size)
      parts.push_back(compose.slice(below, column, i + 1, size));
    mlir::Value term = compose.mul(compose.slice(first, column, i, i + 1), determinant(compose, compose.concat(parts, column)));
    sum = i == 0 ? term : i % 2 ? compose.sub(sum, term) : compose.add(sum, term);
  }
  return sum;
}
static void convertDet(Call &call) {
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  size_t rank = shape.size();
  if (rank < 2 || shape[rank - 1] != shape[rank - 2] || shape[rank - 1] == dynamic || shape[rank - 1] > 4)
    return call.refuse("takes the determinant of " + text(shape), "matrices are square, and of at most 4 rows");
  Compose compose(call);
  shape.resize(rank - 2);
  call.set(0, compose.reshape(determinant(compose, input), shape));
}

void onnx::addSpatial(Table &table) {
  table["AffineGrid"] = convertAffineGrid;
  table["CenterCropPad"] = convertCenterCropPad;
  table["Col2Im"] = convertCol2Im;
  table["Det"] = convertDet;
  table["GridSample"] = convertGridSample;
}
