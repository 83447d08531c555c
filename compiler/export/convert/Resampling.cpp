//===- Resampling.cpp - images of another size --------------------------------===//

#include "compiler/export/Converters.h"
#include "dialects/cnn/ResampleTable.h"
#include <limits>

using namespace cnnc;
using namespace cnnc::exporting;

namespace {
using Axis = cnn::ResizeAxis;
/// A way to resize, in the words of ONNX's Resize and of a table.
struct Way {
  Axis::Mode mode;
  Axis::Coordinates coordinates;
  Axis::Rounding rounding;
  double cubicCoefficient;
  bool antialias, excludeOutside;
};
} // namespace

static const char *nameOf(Axis::Mode mode) {
  return mode == Axis::Mode::Nearest ? "nearest" : mode == Axis::Mode::Linear ? "linear" : "cubic";
}
static const char *nameOf(Axis::Coordinates coordinates) {
  switch (coordinates) {
  case Axis::Coordinates::HalfPixel:
    return "half_pixel";
  case Axis::Coordinates::HalfPixelSymmetric:
    return "half_pixel_symmetric";
  case Axis::Coordinates::PytorchHalfPixel:
    return "pytorch_half_pixel";
  case Axis::Coordinates::AlignCorners:
    return "align_corners";
  case Axis::Coordinates::Asymmetric:
    return "asymmetric";
  case Axis::Coordinates::TfCropAndResize:
    return "tf_crop_and_resize";
  case Axis::Coordinates::TfHalfPixelForNn: // operator set 11 alone has it: half_pixel with round_prefer_ceil is the same
    break;
  }
  return "";
}
static const char *nameOf(Axis::Rounding rounding) {
  switch (rounding) {
  case Axis::Rounding::RoundPreferFloor:
    return "round_prefer_floor";
  case Axis::Rounding::RoundPreferCeil:
    return "round_prefer_ceil";
  case Axis::Rounding::Floor:
    return "floor";
  case Axis::Rounding::Ceil:
    return "ceil";
  }
  return "";
}

/// The usual ways; of those that make the same table the first is written.
static std::vector<Way> usualWays() {
  using M = Axis::Mode;
  using C = Axis::Coordinates;
  using R = Axis::Rounding;
  std::vector<Way> ways;
  for (C coordinates : {C::Asymmetric, C::HalfPixel, C::AlignCorners})
    for (R rounding : {R::Floor, R::RoundPreferFloor, R::RoundPreferCeil, R::Ceil})
      ways.push_back({M::Nearest, coordinates, rounding, -0.75, false, false});
  for (M mode : {M::Linear, M::Cubic})
    for (C coordinates : {C::HalfPixel, C::AlignCorners, C::Asymmetric, C::PytorchHalfPixel})
      for (double coefficient : {-0.75, -0.5})
        for (auto [antialias, excludeOutside] : {std::pair(false, false), {true, true}, {false, true}, {true, false}})
          if (mode == M::Cubic || coefficient == -0.75)
            ways.push_back({mode, coordinates, R::Floor, coefficient, antialias, excludeOutside});
  return ways;
}

static cnn::ResampleTable tableOf(llvm::ArrayRef<int64_t> places, llvm::ArrayRef<double> weights, int64_t taps) {
  return {taps, llvm::SmallVector<int64_t>(places), llvm::SmallVector<double>(weights)};
}

static bool isEqual(const cnn::ResampleTable &a, const cnn::ResampleTable &b) {
  return a.taps == b.taps && a.places == b.places && a.weights == b.weights;
}

/// True for the table of an axis that stays as it is.
static bool isIdentity(const cnn::ResampleTable &table, int64_t inputs) {
  return table.taps == 1 && table.size() == inputs && llvm::equal(table.places, llvm::seq<int64_t>(inputs)) &&
         llvm::all_of(table.weights, [](double weight) { return weight == 1; });
}

static bool makes(const Way &way, int64_t inputs, const cnn::ResampleTable &table) {
  // A Resize leaves an axis alone that keeps its size.
  if (table.size() == inputs)
    return isIdentity(table, inputs);
  Axis axis;
  axis.inputs = inputs;
  axis.outputs = table.size();
  axis.mode = way.mode;
  axis.coordinates = way.coordinates;
  axis.rounding = way.rounding;
  axis.cubicCoefficient = way.cubicCoefficient;
  axis.antialias = way.antialias;
  axis.excludeOutside = way.excludeOutside;
  return isEqual(cnn::resizeTable(axis).table, table);
}

/// The table as a matrix [results, inputs].
static std::string matrixOf(Call &call, llvm::StringRef role, const cnn::ResampleTable &table, int64_t inputs, bool transposed) {
  int64_t results = table.size();
  std::vector<double> matrix(results * inputs);
  for (int64_t i = 0, e = table.places.size(); i < e; ++i) {
    int64_t row = i / table.taps, column = table.places[i];
    matrix[transposed ? column * results + row : row * inputs + column] += table.weights[i];
  }
  return call.numbers(role, matrix, transposed ? Sizes{inputs, results} : Sizes{results, inputs});
}

/// The most elements that a Pad adds on one side: ONNX Runtime reflects and wraps once.
static int64_t mostPadded(cnn::PadMode mode, int64_t size) {
  switch (mode) {
  case cnn::PadMode::Reflect:
    return size - 1;
  case cnn::PadMode::Wrap:
    return size;
  case cnn::PadMode::Edge:
    return std::numeric_limits<int64_t>::max();
  }
  return 0;
}

/// How much `mode` adds in front of `size` elements to make the table.
static std::optional<int64_t> padBefore(cnn::PadMode mode, int64_t size, const cnn::ResampleTable &table) {
  int64_t most = mostPadded(mode, size);
  for (int64_t low = 0, more = table.size() - size; low <= std::min(more, most); ++low)
    if (more - low <= most && isEqual(cnn::padTable(mode, size, low, more - low), table))
      return low;
  return std::nullopt;
}

/// True if the tables are those of a pad, which is then written.
static bool convertPad(Call &call, llvm::ArrayRef<int64_t> in, const cnn::ResampleTable &rows,
                       const cnn::ResampleTable &columns) {
  for (auto [mode, name] :
       {std::pair(cnn::PadMode::Reflect, "reflect"), {cnn::PadMode::Edge, "edge"}, {cnn::PadMode::Wrap, "wrap"}}) {
    std::optional<int64_t> top = padBefore(mode, in[2], rows), left = top ? padBefore(mode, in[3], columns) : top;
    if (!left)
      continue;
    int64_t bottom = rows.size() - in[2] - *top, right = columns.size() - in[3] - *left;
    call.finish("Pad", {call.operand(0), call.integers("pads", {0, 0, *top, *left, 0, 0, bottom, right})}).text("mode", name);
    return true;
  }
  return false;
}

/// The way that makes both tables becomes a Resize, a continuation beyond the
/// edges a Pad. Any other table is a product with a matrix, of rows from the left
/// and of columns from the right.
static void convertResample(Call &call) {
  auto op = llvm::cast<cnn::ResampleOp>(call.op);
  llvm::ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  cnn::ResampleTable rows = tableOf(op.getRows(), op.getRowWeights(), op.getRowTaps());
  cnn::ResampleTable columns = tableOf(op.getColumns(), op.getColumnWeights(), op.getColumnTaps());
  if (convertPad(call, in, rows, columns))
    return;
  for (const Way &way : usualWays()) {
    if (!makes(way, in[2], rows) || !makes(way, in[3], columns))
      continue;
    Node node = call.finish("Resize", {call.operand(0), "", "", call.integers("sizes", out.drop_front(2))});
    node.integers("axes", {2, 3}).text("mode", nameOf(way.mode)).text("coordinate_transformation_mode", nameOf(way.coordinates));
    if (way.mode == Axis::Mode::Nearest)
      node.text("nearest_mode", nameOf(way.rounding));
    if (way.mode == Axis::Mode::Cubic)
      node.number("cubic_coeff_a", way.cubicCoefficient);
    if (way.antialias)
      node.integer("antialias", 1);
    if (way.excludeOutside)
      node.integer("exclude_outside", 1);
    return;
  }
  std::string value = call.operand(0);
  bool columnsStay = isIdentity(columns, in[3]);
  if (!isIdentity(rows, in[2]) || columnsStay) {
    std::string matrix = matrixOf(call, "rows", rows, in[2], /*transposed=*/false);
    if (columnsStay)
      return (void)call.finish("MatMul", {matrix, value});
    value = call.add("MatMul", {matrix, value}).result();
  }
  call.finish("MatMul", {value, matrixOf(call, "columns", columns, in[3], /*transposed=*/true)});
}

void exporting::addResampling(Table &table) { table.add<cnn::ResampleOp>(convertResample); }
