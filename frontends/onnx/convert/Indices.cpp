//===- Indices.cpp - elements by their numbers ----------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;

/// A dimension that is counted, so that elements along it have numbers; nothing after an error.
static std::optional<size_t> countedAxis(Call &call, int64_t given, ArrayRef<int64_t> shape) {
  std::optional<size_t> axis = call.axis(given, shape.size());
  if (axis && shape[*axis] == dynamic) {
    call.refuse("numbers the examples of " + text(shape), "give another axis");
    return std::nullopt;
  }
  return axis;
}

//===----------------------------------------------------------------------===//
// The largest
//===----------------------------------------------------------------------===//

template <bool least> static void convertArgMax(Call &call) {
  int64_t given = call.integer("axis", 0);
  bool keeps = call.flag("keepdims", true), last = call.flag("select_last_index", false);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input ? countedAxis(call, given, shapeOf(input)) : std::nullopt;
  if (!axis)
    return;
  Compose compose(call);
  mlir::Value x = compose.affine(input, least ? -1 : 1);
  Shape kept(shapeOf(input)), result(kept);
  kept[*axis] = 1;
  if (keeps)
    result = kept;
  else
    result.erase(result.begin() + *axis);
  call.set(0, compose.reshape(x ? call.emit<cnn::ArgMaxOp>(kept, x, static_cast<uint64_t>(*axis), last) : x, result),
           ElementType::I64);
}

/// 1 at the first largest of each row; before version 13 a row is everything from `axis` on.
static void convertHardmax(Call &call) {
  bool flattens = call.node.version < 13;
  int64_t given = call.integer("axis", flattens ? 1 : -1);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input ? call.axis(given, shapeOf(input).size()) : std::nullopt;
  if (!axis)
    return;
  Compose compose(call);
  Shape shape(shapeOf(input)), rows(shape);
  if (flattens) {
    rows.resize(*axis);
    rows.push_back(elementsOf(ArrayRef(shape).drop_front(*axis)));
  }
  if (!countedAxis(call, static_cast<int64_t>(*axis), rows))
    return;
  mlir::Value x = compose.reshape(input, rows);
  Shape kept(rows), numbers(rows);
  kept[*axis] = 1;
  numbers.erase(numbers.begin() + *axis);
  mlir::Value largest =
      compose.reshape(x ? call.emit<cnn::ArgMaxOp>(kept, x, static_cast<uint64_t>(*axis), /*last=*/false) : x, numbers);
  call.set(0, compose.reshape(largest ? call.emit<cnn::OneHotOp>(rows, largest, static_cast<uint64_t>(*axis), mlir::IntegerAttr())
                                      : largest,
                              shape));
}

/// The k largest, or smallest, along an axis, and their numbers.
static void convertTopK(Call &call) {
  int64_t given = call.integer("axis", -1), k = call.integer("k", 0);
  bool largest = call.flag("largest", true);
  mlir::Value input = call.ready() ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input ? countedAxis(call, given, shapeOf(input)) : std::nullopt;
  if (axis && call.has(1)) {
    std::optional<Shape> count = call.constantIntegers(1, "k");
    if (!count)
      return;
    k = count->size() == 1 ? count->front() : 0;
  }
  if (!axis)
    return;
  int64_t size = shapeOf(input)[*axis];
  if (k < 1 || k > size)
    return call.refuse("takes the " + llvm::Twine(k) + " largest of " + llvm::Twine(size),
                       "k is from 1 to the size of the dimension");
  Compose compose(call);
  mlir::Value rows = compose.toEnd(input, *axis), ordered = compose.affine(rows, largest ? 1 : -1);
  if (!ordered)
    return;
  Shape taken(shapeOf(rows));
  taken.back() = k;
  mlir::Value numbers = call.emit<cnn::TopKOp>(taken, ordered, static_cast<uint64_t>(k));
  mlir::Value values =
      numbers ? call.emit<cnn::GatherElementsOp>(taken, rows, numbers, static_cast<uint64_t>(taken.size() - 1)) : numbers;
  call.set(0, compose.fromEnd(values, *axis));
  call.set(1, compose.fromEnd(numbers, *axis), ElementType::I64);
}

static void convertCumSum(Call &call) {
  bool exclusive = call.flag("exclusive", false), reverse = call.flag("reverse", false);
  std::optional<Shape> given = call.ready(2) ? call.constantIntegers(1, "an axis") : std::nullopt;
  mlir::Value input = given ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input && given->size() == 1 ? countedAxis(call, given->front(), shapeOf(input)) : std::nullopt;
  mlir::OpBuilder &builder = call.conversion.builder;
  mlir::UnitAttr yes = builder.getUnitAttr(), no;
  if (axis)
    call.set(0,
             Compose(call).map<cnn::CumsumOp>(input, builder.getI64IntegerAttr(*axis), exclusive ? yes : no, reverse ? yes : no));
}

/// The product of each element and all before it, one after the other: an index takes each out, so that the kernels are one.
static void convertCumProd(Call &call) {
  bool exclusive = call.flag("exclusive", false), reverse = call.flag("reverse", false);
  std::optional<Shape> given = call.ready(2) ? call.constantIntegers(1, "an axis") : std::nullopt;
  mlir::Value input = given ? call.runtime(0) : mlir::Value();
  std::optional<size_t> axis = input && given->size() == 1 ? countedAxis(call, given->front(), shapeOf(input)) : std::nullopt;
  if (!axis)
    return;
  Shape one(shapeOf(input));
  int64_t size = std::exchange(one[*axis], 1);
  constexpr int64_t most = 1024;
  if (size > most)
    return call.refuse("multiplies " + llvm::Twine(size) + " elements one after the other", "at most " + llvm::Twine(most));
  Compose compose(call);
  llvm::SmallVector<mlir::Value> products(size);
  mlir::Value product;
  for (int64_t i = 0; i < size; ++i) {
    int64_t place = reverse ? size - 1 - i : i;
    mlir::Value element =
        call.emit<cnn::GatherOp>(one, input, compose.indices({1}, {static_cast<int32_t>(place)}), static_cast<uint64_t>(*axis));
    mlir::Value next = product ? compose.mul(product, element) : element;
    products[place] = !exclusive ? next : product ? product : compose.repeat(compose.splat(Shape(one.size(), 1), 1), one);
    product = next;
  }
  call.set(0, compose.concat(products, *axis));
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

/// Input and indices, which both have the batch or neither; false after an error.
static bool share(Call &call, mlir::Value input, mlir::Value indices) {
  bool fits = input && indices && !shapeOf(input).empty() && !shapeOf(indices).empty() &&
              (shapeOf(input)[0] == dynamic) == (shapeOf(indices)[0] == dynamic);
  if (input && indices && !fits)
    call.refuse("reads " + text(shapeOf(input)) + " by " + text(shapeOf(indices)), "both have the batch or none");
  return fits;
}

/// What has been found out about GatherElements and ScatterElements.
static bool fitsElements(Call &call, ArrayRef<int64_t> shape, ArrayRef<int64_t> indices, size_t axis) {
  bool fits = shape.size() == indices.size();
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = d == axis || indices[d] <= shape[d];
  if (!fits)
    call.refuse("reads " + text(shape) + " by " + text(indices),
                "indices have as many dimensions, and none but the axis is larger");
  return fits;
}

static void convertGatherElements(Call &call) {
  int64_t given = call.integer("axis", 0);
  Compose compose(call);
  mlir::Value input = call.ready(2) ? call.runtime(0) : mlir::Value(), indices = input ? compose.indices(1) : input;
  std::optional<size_t> axis = indices ? countedAxis(call, given, shapeOf(input)) : std::nullopt;
  if (axis && share(call, input, indices) && fitsElements(call, shapeOf(input), shapeOf(indices), *axis))
    call.set(0, call.emit<cnn::GatherElementsOp>(shapeOf(indices), input, indices, static_cast<uint64_t>(*axis)));
}

/// The attribute of scatters; an error where it has another value.
static std::string reductionOf(Call &call) {
  std::string reduction = call.string("reduction", "none");
  if (!llvm::is_contained({"none", "add", "mul", "max", "min"}, reduction))
    call.refuse("has reduction '" + reduction + "'", "it is none, add, mul, max or min");
  return reduction;
}

static void convertScatterElements(Call &call) {
  int64_t given = call.integer("axis", 0);
  std::string reduction = reductionOf(call);
  Compose compose(call);
  mlir::Value input = call.ready(3) ? call.runtime(0) : mlir::Value(), indices = input ? compose.indices(1) : input,
              updates = indices ? call.runtime(2) : indices;
  std::optional<size_t> axis = updates ? countedAxis(call, given, shapeOf(input)) : std::nullopt;
  if (!axis || !share(call, input, indices) || !fitsElements(call, shapeOf(input), shapeOf(indices), *axis))
    return;
  if (shapeOf(updates) != shapeOf(indices))
    return call.refuse("has " + text(shapeOf(indices)) + " indices and " + text(shapeOf(updates)) + " updates",
                       "there is one update for each index");
  call.set(0, call.emit<cnn::ScatterElementsOp>(shapeOf(input), input, indices, updates, static_cast<uint64_t>(*axis),
                                                llvm::StringRef(reduction)));
}

/// The shape of the slices of `input` at the places that `indices` hold; nothing after an error.
static std::optional<Shape> slicesOf(Call &call, mlir::Value input, mlir::Value indices, int64_t batchDims) {
  if (!input || !indices)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(input), places = shapeOf(indices);
  int64_t rank = shape.size(), count = places.empty() ? 0 : places.back();
  bool fits = batchDims >= 0 && count >= 1 && batchDims + count <= rank && batchDims < static_cast<int64_t>(places.size()) &&
              shape.take_front(batchDims) == places.take_front(batchDims) && !(batchDims == 0 && shape[0] == dynamic);
  if (!fits) {
    call.refuse("finds places " + text(places) + " in " + text(shape) + " with " + llvm::Twine(batchDims) +
                    " dimensions in common",
                "the batch is one in common");
    return std::nullopt;
  }
  Shape slices(places.drop_back());
  llvm::append_range(slices, shape.drop_front(batchDims + count));
  return slices;
}

static void convertGatherNd(Call &call) {
  int64_t batchDims = call.integer("batch_dims", 0);
  Compose compose(call);
  mlir::Value input = call.ready(2) ? call.runtime(0) : mlir::Value(), indices = input ? compose.indices(1) : input;
  if (std::optional<Shape> slices = slicesOf(call, input, indices, batchDims))
    call.set(0, call.emit<cnn::GatherNdOp>(*slices, input, indices, static_cast<uint64_t>(batchDims)));
}

static void convertScatterNd(Call &call) {
  std::string reduction = reductionOf(call);
  Compose compose(call);
  mlir::Value input = call.ready(3) ? call.runtime(0) : mlir::Value(), indices = input ? compose.indices(1) : input,
              updates = indices ? call.runtime(2) : indices;
  std::optional<Shape> slices = updates ? slicesOf(call, input, indices, 0) : std::nullopt;
  if (!slices)
    return;
  if (*slices != Shape(shapeOf(updates)))
    return call.refuse("has updates " + text(shapeOf(updates)) + " for slices " + text(*slices),
                       "there is one update for each place");
  call.set(0, call.emit<cnn::ScatterNdOp>(shapeOf(input), input, indices, updates, static_cast<uint64_t>(0),
                                          llvm::StringRef(reduction)));
}

/// Writes the steps of operand 1 into a cache from a place of each example on: operand 2, or the start.
static void convertTensorScatter(Call &call) {
  int64_t given = call.integer("axis", -2);
  std::string mode = call.string("mode", "linear");
  if (mode != "linear" && mode != "circular")
    call.refuse("has mode '" + mode + "'", "it is linear or circular");
  if (!call.ready(2))
    return;
  Compose compose(call);
  mlir::Value cache = call.runtime(0), updates = cache ? call.runtime(1) : cache,
              starts = call.has(2) && updates ? compose.number(2) : mlir::Value();
  std::optional<size_t> axis = updates ? countedAxis(call, given, shapeOf(cache)) : std::nullopt;
  if (!axis || !share(call, cache, updates) || !fitsElements(call, shapeOf(cache), shapeOf(updates), *axis))
    return;
  Shape steps(shapeOf(cache).size(), 1), places(steps);
  int64_t count = steps[*axis] = shapeOf(updates)[*axis], size = shapeOf(cache)[*axis];
  if (count > size || *axis == 0)
    return call.refuse("writes " + llvm::Twine(count) + " steps into " + text(shapeOf(cache)), "they fit, behind the batch");
  if (starts && shapeOf(starts).size() > 1)
    return call.refuse("starts to write at places of shape " + text(shapeOf(starts)), "each example has one");
  std::vector<double> numbers;
  for (int64_t i = 0; i < count; ++i)
    numbers.push_back(static_cast<double>(i));
  mlir::Value indices = compose.constant(steps, numbers);
  if (starts) {
    places[0] = shapeOf(starts).empty() ? 1 : shapeOf(starts)[0];
    indices = compose.add(indices, compose.reshape(starts, places));
  }
  if (mode == "circular") // one turn at the most: what is beyond the end is as far from the start
    indices =
        compose.sub(indices, compose.affine(compose.map<cnn::StepOp>(compose.affine(indices, 1, 0.5 - static_cast<double>(size))),
                                            static_cast<double>(size)));
  indices = indices ? compose.repeat(indices, shapeOf(updates)) : indices;
  if (indices)
    call.set(0, call.emit<cnn::ScatterElementsOp>(shapeOf(cache), cache, indices, updates, static_cast<uint64_t>(*axis),
                                                  llvm::StringRef("none")));
}

//===----------------------------------------------------------------------===//
// One-hot, reversed sequences, triangles
//===----------------------------------------------------------------------===//

static void convertOneHot(Call &call) {
  int64_t given = call.integer("axis", -1);
  if (!call.ready(3))
    return;
  const Tensor *depth = call.constant(1, "a depth"), *values = depth ? call.constant(2, "two values") : depth;
  Compose compose(call);
  mlir::Value indices = values ? compose.indices(0) : mlir::Value();
  if (!indices)
    return;
  double size = depth->elements() == 1 ? depth->number(0) : 0;
  if (!(size >= 1 && size < 0x1p31) || values->elements() != 2)
    return call.refuse("makes " + text(size) + " places of " + llvm::Twine(values->elements()) + " values",
                       "the depth is positive, and there are two values");
  Shape shape(shapeOf(indices));
  std::optional<size_t> axis = call.axis(given, shape.size() + 1);
  if (!axis)
    return;
  if (*axis == 0 && !shape.empty() && shape[0] == dynamic)
    return call.refuse("puts a dimension in front of the batch: " + text(shape), "give another axis");
  shape.insert(shape.begin() + *axis, static_cast<int64_t>(size));
  mlir::Value hot = call.emit<cnn::OneHotOp>(shape, indices, static_cast<uint64_t>(*axis), mlir::IntegerAttr());
  call.set(0, compose.affine(hot, values->number(1) - values->number(0), values->number(0)), values->type());
}

/// The first elements of each sequence backwards, as constant indices along the time.
static void convertReverseSequence(Call &call) {
  int64_t batchGiven = call.integer("batch_axis", 1), timeGiven = call.integer("time_axis", 0);
  std::optional<Shape> lengths = call.ready(2) ? call.constantIntegers(1, "lengths") : std::nullopt;
  mlir::Value input = lengths ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  Shape shape(shapeOf(input));
  std::optional<size_t> time = countedAxis(call, timeGiven, shape), batch = time ? call.axis(batchGiven, shape.size()) : time;
  if (!batch)
    return;
  int64_t steps = shape[*time];
  bool fits = *batch != *time && !lengths->empty() &&
              (shape[*batch] == dynamic || shape[*batch] == static_cast<int64_t>(lengths->size()));
  for (int64_t length : *lengths)
    fits &= length >= 0 && length <= steps;
  bool areEqual = llvm::all_equal(*lengths);
  constexpr int64_t most = int64_t(1) << 20;
  if (!fits || (!areEqual && (shape[0] == dynamic || elementsOf(shape) > most)))
    return call.refuse("reverses sequences of " + text(*lengths) + " in " + text(shape),
                       "lengths fit the time, and differ only where the batch is fixed with --shape");
  auto from = [&](int64_t sequence, int64_t step) {
    return static_cast<int32_t>(step < (*lengths)[sequence] ? (*lengths)[sequence] - 1 - step : step);
  };
  llvm::SmallVector<int32_t> numbers;
  Compose compose(call);
  if (areEqual && !hasFewIndices(call, steps))
    return;
  if (areEqual) {
    for (int64_t step = 0; step < steps; ++step)
      numbers.push_back(from(0, step));
    return call.set(0, call.emit<cnn::GatherOp>(shape, input, compose.indices({steps}, numbers), *time));
  }
  for (int64_t i = 0, elements = elementsOf(shape); i < elements; ++i) {
    auto at = [&](size_t axis) { return i / elementsOf(ArrayRef(shape).drop_front(axis + 1)) % shape[axis]; };
    numbers.push_back(from(at(*batch), at(*time)));
  }
  call.set(0, call.emit<cnn::GatherElementsOp>(shape, input, compose.indices(shape, numbers), static_cast<uint64_t>(*time)));
}

/// The elements on one side of a diagonal, and zeros.
static void convertTrilu(Call &call) {
  bool upper = call.flag("upper", true);
  if (!call.ready())
    return;
  std::optional<Shape> given = call.has(1) ? call.constantIntegers(1, "a diagonal") : Shape{0};
  mlir::Value input = given ? call.runtime(0) : mlir::Value();
  if (!input)
    return;
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t rank = shape.size(), k = given->size() == 1 ? given->front() : 0;
  if (rank < 2 || shape[rank - 2] == dynamic || shape[rank - 2] > mostComputed / shape[rank - 1])
    return call.refuse("takes a triangle of " + text(shape), "the last two dimensions are a matrix of at most 2^24 elements");
  std::vector<double> mask;
  for (int64_t row = 0; row < shape[rank - 2]; ++row)
    for (int64_t column = 0; column < shape[rank - 1]; ++column)
      mask.push_back(upper ? column - row >= k : column - row <= k);
  Compose compose(call);
  call.set(0, compose.where(compose.constant(shape.take_back(2), mask), input, compose.splat({1}, 0)));
}

void onnx::addIndices(Table &table) {
  table["ArgMax"] = convertArgMax</*least=*/false>;
  table["ArgMin"] = convertArgMax</*least=*/true>;
  table["CumProd"] = convertCumProd;
  table["CumSum"] = convertCumSum;
  table["GatherElements"] = convertGatherElements;
  table["GatherND"] = convertGatherNd;
  table["Hardmax"] = convertHardmax;
  table["OneHot"] = convertOneHot;
  table["ReverseSequence"] = convertReverseSequence;
  table["Scatter"] = convertScatterElements;
  table["ScatterElements"] = convertScatterElements;
  table["ScatterND"] = convertScatterNd;
  table["TensorScatter"] = convertTensorScatter;
  table["TopK"] = convertTopK;
  table["Trilu"] = convertTrilu;
}
