//===- Fills.cpp - constants from shapes, places and formulas -------------===//

#include "frontends/onnx/fold/Tables.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;

/// The scalar that operand `i` holds; nothing, and an error, where it is none.
static std::optional<Scalar> scalar(Call &call, size_t i, llvm::StringRef why) {
  const Tensor &tensor = call.operand(i).constant;
  if (tensor.elements() == 1 && !tensor.isSymbolic())
    return tensor.at(0);
  call.refuse("takes " + why + " from " + text(tensor.shape()), "it is one number that does not depend on the batch");
  return std::nullopt;
}

/// values[1] where the index is the place along a new axis, else values[0].
static void foldOneHot(Call &call) {
  int64_t given = call.integer("axis", -1);
  if (!call.ready(3))
    return;
  const Tensor &indices = call.operand(0).constant, &values = call.operand(2).constant;
  std::optional<Scalar> size = scalar(call, 1, "a depth");
  std::optional<size_t> axis = size ? call.axis(given, indices.rank() + 1) : std::nullopt;
  if (!axis)
    return;
  auto number = [](const Tensor &tensor, Scalar one) {
    return isReal(tensor.type()) ? static_cast<int64_t>(one.real) : one.integer;
  };
  int64_t depth = number(call.operand(1).constant, *size);
  if (depth < 1 || depth > maxFolded || values.elements() != 2)
    return call.refuse("has a depth of " + llvm::Twine(depth) + " and " + llvm::Twine(values.elements()) + " values",
                       "the depth is positive, and there are two values");
  Shape result(indices.shape());
  result.insert(result.begin() + *axis, depth);
  if (!call.checkedElements(result) || !isSmall(call, elementsOf(result)))
    return;
  int64_t inner = elementsOf(llvm::ArrayRef(result).drop_front(*axis + 1));
  std::vector<Scalar> scalars;
  for (int64_t i = 0, e = elementsOf(result); i < e; ++i) {
    int64_t place = i / inner % depth, index = number(indices, indices.at(i / inner / depth * inner + i % inner));
    scalars.push_back(values.at((index < 0 ? index + depth : index) == place));
  }
  call.set(0, Tensor(values.type(), result, scalars));
}

/// The places of what is not 0: one row per dimension.
static void foldNonZero(Call &call) {
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  if (!isSmall(call, tensor.elements()))
    return;
  std::vector<int64_t> found;
  for (int64_t i = 0; i < tensor.elements(); ++i)
    if (Scalar one = tensor.at(i); isReal(tensor.type()) ? one.real != 0 : one.integer || one.batch)
      found.push_back(i);
  std::vector<Scalar> scalars;
  for (size_t d = 0; d < tensor.rank(); ++d)
    for (int64_t i : found)
      scalars.push_back({0, i / elementsOf(tensor.shape().drop_front(d + 1)) % tensor.shape()[d], 0});
  call.set(0, Tensor(ElementType::I64, {static_cast<int64_t>(tensor.rank()), static_cast<int64_t>(found.size())}, scalars));
}

/// Elements on and above, or on and below, the diagonal `k`; the others are 0.
static void foldTrilu(Call &call) {
  bool upper = call.flag("upper", true);
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  std::optional<Scalar> k = call.has(1) ? scalar(call, 1, "a diagonal") : Scalar();
  if (!k || !isSmall(call, tensor.elements()))
    return;
  if (tensor.rank() < 2)
    return call.refuse("takes a triangle of " + text(tensor.shape()), "it is of matrices");
  int64_t rows = tensor.shape()[tensor.rank() - 2], columns = tensor.shape().back();
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    int64_t above = i % columns - i / columns % rows - k->integer;
    scalars.push_back((upper ? above >= 0 : above <= 0) ? tensor.at(i) : Scalar());
  }
  call.set(0, Tensor(tensor.type(), tensor.shape(), scalars));
}

/// a - b · cos(2π·i / n) + c · cos(4π·i / n), where n is the size, or less one where the window is symmetric.
template <int a, int b, int c, int denominator> static void foldWindow(Call &call) {
  bool periodic = call.flag("periodic", true);
  auto type = static_cast<ElementType>(call.integer("output_datatype", static_cast<int64_t>(ElementType::F32)));
  std::optional<Scalar> size = call.ready() ? scalar(call, 0, "a size") : std::nullopt;
  if (!size)
    return;
  if (size->integer < 1 || size->integer > maxFolded || !isReal(type))
    return call.refuse("makes a window of " + llvm::Twine(size->integer) + " elements of " + nameOf(type),
                       "windows are of 1 to 2^20 real numbers");
  std::vector<Scalar> scalars;
  constexpr double pi = 3.14159265358979323846;
  double period = static_cast<double>(size->integer - !periodic);
  for (int64_t i = 0; i < size->integer; ++i) {
    double angle = 2 * pi * static_cast<double>(i) / period;
    scalars.push_back({0, 0, (a - b * std::cos(angle) + c * std::cos(2 * angle)) / denominator});
  }
  call.set(0, Tensor(type, {size->integer}, scalars));
}

/// Triangles over the bins of a spectrum whose corners are equally far from each other in mel.
static void foldMelWeights(Call &call) {
  auto type = static_cast<ElementType>(call.integer("output_datatype", static_cast<int64_t>(ElementType::F32)));
  if (!call.ready(5))
    return;
  double given[5];
  for (size_t i = 0; i < 5; ++i) {
    if (!scalar(call, i, "a number"))
      return;
    given[i] = call.operand(i).constant.number(0);
  }
  auto [bins, length, rate, lowest, highest] = given;
  double rows = std::floor(length / 2) + 1, mostBins = static_cast<double>(maxFolded);
  if (!(bins >= 1 && bins <= mostBins && length >= 1 && length <= mostBins && rows * bins <= mostBins && rate > 0 &&
        lowest >= 0 && highest >= lowest && highest <= rate) ||
      !isReal(type))
    return call.refuse("makes " + text(bins) + " bins of " + text(rows) + " from " + text(lowest) + " to " + text(highest) +
                           " Hz of " + text(rate),
                       "frequencies lie between 0 and the rate, and there are up to 2^20 weights");
  auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  double first = mel(lowest), step = (mel(highest) - first) / (bins + 2);
  auto corner = [&](int64_t i) {
    double hertz = 700 * (std::pow(10, (static_cast<double>(i) * step + first) / 2595) - 1);
    return static_cast<int64_t>(std::min(std::floor((length + 1) * hertz / rate), rows - 1));
  };
  auto columns = static_cast<int64_t>(bins);
  std::vector<Scalar> weights(static_cast<size_t>(rows) * columns);
  for (int64_t i = 0; i < columns; ++i) {
    int64_t low = corner(i), centre = corner(i + 1), high = corner(i + 2);
    if (low == centre)
      weights[centre * columns + i].real = 1;
    for (int64_t j = low; j <= centre && low < centre; ++j)
      weights[j * columns + i].real = static_cast<double>(j - low) / static_cast<double>(centre - low);
    for (int64_t j = centre; j < high; ++j)
      weights[j * columns + i].real = static_cast<double>(high - j) / static_cast<double>(high - centre);
  }
  call.set(0, Tensor(type, {static_cast<int64_t>(rows), columns}, weights));
}

void onnx::addFills(Table &table) {
  table["MelWeightMatrix"] = foldMelWeights;
  table["OneHot"] = foldOneHot;
  table["NonZero"] = foldNonZero;
  table["Trilu"] = foldTrilu;
  table["HannWindow"] = foldWindow<50, 50, 0, 100>;
  table["HammingWindow"] = foldWindow<25, 21, 0, 46>;
  table["BlackmanWindow"] = foldWindow<42, 50, 8, 100>;
}
