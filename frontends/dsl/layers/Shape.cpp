//===- Shape.cpp - layers that move elements ------------------------------===//

#include "dialects/cnn/ResampleTable.h"
#include "frontends/dsl/layers/Layers.h"

using namespace cnnc;
using namespace cnnc::dsl;
using Kind = ArgumentType::Kind;
using Sizes = llvm::SmallVector<int64_t, 4>;

static std::optional<Tensor> buildFlatten(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<CheckedShape> shape = context.shape({x.shape[0], x.shape.elements()});
  return shape ? context.emit<cnn::ReshapeOp>(*shape, x.value) : std::nullopt;
}

static std::optional<Tensor> buildReshape(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  Sizes sizes = context.integers("shape");
  if (sizes.empty()) {
    context.error("'reshape' needs at least one size").help("flatten makes [N, features]");
    return std::nullopt;
  }
  sizes.insert(sizes.begin(), x.shape[0]);
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  if (shape->elements() != x.shape.elements()) {
    context
        .error("'reshape' needs as many elements, got " + x.shape.str() + " with " + llvm::Twine(x.shape.elements()) + " and " +
               shape->str() + " with " + llvm::Twine(shape->elements()))
        .note(context.cameFrom(x))
        .help("sizes are those of one example, without N");
    return std::nullopt;
  }
  return context.emit<cnn::ReshapeOp>(*shape, x.value);
}

static std::optional<Tensor> buildConcat(LayerContext &context) {
  const List &inputs = *context.args["inputs"].list();
  const Tensor &first = *inputs.elements.front().as<Tensor>();
  Sizes sizes(first.shape.sizes());
  llvm::SmallVector<mlir::Value> values{first.value};
  for (const Value &element : llvm::drop_begin(inputs.elements)) {
    const Tensor &next = *element.as<Tensor>();
    if (next.shape.rank() != first.shape.rank() || next.shape.sizes().drop_front(2) != first.shape.sizes().drop_front(2)) {
      context.error("'concat' needs equal sizes but for the first after N, got " + first.shape.str() + " and " + next.shape.str())
          .note(context.cameFrom(first, "the first"))
          .note(context.cameFrom(next, "the other"));
      return std::nullopt;
    }
    sizes[1] += next.shape[1];
    values.push_back(next.value);
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::ConcatOp>(*shape, mlir::ValueRange(values)) : std::nullopt;
}

/// The integers of `name`, one per dimension of `x` but the batch; `fill` where the argument is left out.
static std::optional<Sizes> perDimension(LayerContext &context, const Tensor &x, llvm::StringRef name, Sizes fill) {
  if (!context.given(name))
    return fill;
  Sizes sizes = context.integers(name);
  if (sizes.size() == fill.size())
    return sizes;
  context
      .error("'" + context.args.signature->name + "' needs " + llvm::Twine(fill.size()) + " sizes in '" + name + "', got " +
             llvm::Twine(sizes.size()))
      .note(context.cameFrom(x, "input " + x.shape.str()))
      .help("one per dimension but the batch");
  return std::nullopt;
}

namespace {
struct Edge : Signature {
  std::optional<cnn::PadMode> mode; // nothing: a constant
};
} // namespace

static const Table<Edge> &edges() {
  static const Table<Edge> table = [] {
    Table<Edge> table("constant, reflect, edge or wrap");
    table.add({{"constant", "one value", {}}, std::nullopt});
    table.add({{"reflect", "the elements before the edge, from there back", {}}, cnn::PadMode::Reflect});
    table.add({{"edge", "the element at the edge, again and again", {}}, cnn::PadMode::Edge});
    table.add({{"wrap", "the elements from the other end on", {}}, cnn::PadMode::Wrap});
    return table;
  }();
  return table;
}

static Value constantEdge() {
  auto record = std::make_shared<Record>();
  record->signature = edges().lookup("constant");
  return std::shared_ptr<const Record>(record);
}

/// Cuts off what `low` and `high` have below 0, and sets that to 0; nothing after an error.
static std::optional<Tensor> cut(LayerContext &context, const Tensor &x, Sizes &low, Sizes &high) {
  Sizes start, stop, ones(low.size(), 1), sizes{x.shape[0]};
  for (size_t i = 0; i < low.size(); ++i) {
    start.push_back(std::max<int64_t>(0, -low[i]));
    stop.push_back(x.shape[i + 1] - std::max<int64_t>(0, -high[i]));
    sizes.push_back(stop[i] - start[i]);
    if (sizes.back() < 1) {
      context
          .error("'pad' by " + llvm::Twine(low[i]) + " and " + llvm::Twine(high[i]) + " cuts off all of " +
                 llvm::Twine(x.shape[i + 1]) + " elements")
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("leave at least one");
      return std::nullopt;
    }
    low[i] = std::max<int64_t>(0, low[i]);
    high[i] = std::max<int64_t>(0, high[i]);
  }
  if (llvm::ArrayRef<int64_t>(sizes) == x.shape.sizes())
    return x;
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::SliceOp>(*shape, x.value, llvm::ArrayRef<int64_t>(start), llvm::ArrayRef<int64_t>(stop),
                                            llvm::ArrayRef<int64_t>(ones))
               : std::nullopt;
}

/// Rows and columns that go on as `mode` says.
static std::optional<Tensor> padByMode(LayerContext &context, const Tensor &x, const CheckedShape &shape, const Sizes &low,
                                       const Sizes &high, const Edge &edge) {
  if (x.shape.rank() != 4 || low[0] || high[0]) {
    context
        .error("'pad' with mode: " + edge.name + " adds rows and columns of images, got " + x.shape.str() + " and " + shape.str())
        .note(context.cameFrom(x))
        .help("use mode: constant for other dimensions");
    return std::nullopt;
  }
  if (std::max(shape[2], shape[3]) > cnn::mostResampled) {
    context
        .error("'pad' with mode: " + edge.name + " makes " + shape.str() + ", more than " + llvm::Twine(cnn::mostResampled) +
               " rows or columns")
        .note(context.cameFrom(x))
        .help("use mode: constant");
    return std::nullopt;
  }
  cnn::ResampleTable rows = cnn::padTable(*edge.mode, x.shape[2], low[1], high[1]),
                     columns = cnn::padTable(*edge.mode, x.shape[3], low[2], high[2]);
  return context.emit<cnn::ResampleOp>(shape, x.value, rows.places, rows.weights, rows.taps, columns.places, columns.weights,
                                       columns.taps);
}

static std::optional<Tensor> buildPad(LayerContext &context) {
  const Tensor &input = context.tensor("x");
  if (!context.needsChannels(input))
    return std::nullopt;
  Sizes zeros(input.shape.rank() - 1, 0);
  std::optional<Sizes> low = perDimension(context, input, "low", zeros);
  std::optional<Sizes> high = low ? perDimension(context, input, "high", zeros) : std::nullopt;
  std::optional<Tensor> x = high ? cut(context, input, *low, *high) : std::nullopt;
  if (!x)
    return std::nullopt;
  Sizes sizes(x->shape.sizes());
  for (size_t i = 0; i < zeros.size(); ++i)
    sizes[i + 1] += (*low)[i] + (*high)[i];
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  auto &edge = *static_cast<const Edge *>(context.args["mode"].record()->signature);
  if (edge.mode && *shape == x->shape)
    return x;
  if (edge.mode)
    return padByMode(context, *x, *shape, *low, *high, edge);
  return context.emit<cnn::PadOp>(*shape, x->value, llvm::ArrayRef<int64_t>(*low), llvm::ArrayRef<int64_t>(*high),
                                  llvm::ArrayRef<int64_t>(zeros), llvm::APFloat(context.number("value")));
}

static std::optional<Tensor> buildSlice(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  Sizes zeros(x.shape.rank() - 1, 0), ones(x.shape.rank() - 1, 1), ends(x.shape.sizes().drop_front());
  std::optional<Sizes> start = perDimension(context, x, "start", zeros);
  std::optional<Sizes> stop = start ? perDimension(context, x, "stop", ends) : std::nullopt;
  std::optional<Sizes> step = stop ? perDimension(context, x, "step", ones) : std::nullopt;
  if (!step)
    return std::nullopt;
  Sizes sizes{x.shape[0]};
  for (size_t i = 0; i < zeros.size(); ++i) {
    if ((*start)[i] >= (*stop)[i] || (*stop)[i] > ends[i]) {
      context
          .error("'slice' from " + llvm::Twine((*start)[i]) + " to " + llvm::Twine((*stop)[i]) + " does not fit in " +
                 llvm::Twine(ends[i]) + " elements")
          .note(context.cameFrom(x, "input " + x.shape.str()))
          .help("start is before stop, and stop at most the size");
      return std::nullopt;
    }
    sizes.push_back(((*stop)[i] - (*start)[i] - 1) / (*step)[i] + 1);
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  return context.emit<cnn::SliceOp>(*shape, x.value, llvm::ArrayRef<int64_t>(*start), llvm::ArrayRef<int64_t>(*stop),
                                    llvm::ArrayRef<int64_t>(*step));
}

void dsl::addShapeLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor());
  table.add({{"flatten", "[N, C, H, W] as [N, C·H·W]", {x}}, false, buildFlatten});
  table.add({{"reshape", "the same elements of each example in another shape", {x, {"shape", types::integers(1)}}},
             false,
             buildReshape});
  table.add({{"concat", "the channels of all, one after the other", {{"inputs", {Kind::Tensors}}}}, false, buildConcat});
  table.add({{"pad",
              "more elements around, or fewer where negative; sizes per dimension but the batch",
              {x,
               {"low", types::integers(-types::maxSize), Value::None()},
               {"high", types::integers(-types::maxSize), Value::None()},
               {"value", types::number(), 0.0},
               {"mode", types::call(edges()), constantEdge()}}},
             false,
             buildPad});
  table.add({{"slice",
              "every step-th element from start to before stop; per dimension but the batch",
              {x,
               {"start", types::integers(0), Value::None()},
               {"stop", types::integers(1), Value::None()},
               {"step", types::integers(1), Value::None()}}},
             false,
             buildSlice});
}
