//===- Shape.cpp - layers that move elements ------------------------------===//

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
  if (!context.needsChannels(first))
    return std::nullopt;
  Sizes sizes(first.shape.sizes());
  llvm::SmallVector<mlir::Value> values{first.value};
  for (const Value &element : llvm::drop_begin(inputs.elements)) {
    const Tensor &next = *element.as<Tensor>();
    if (next.shape.rank() != first.shape.rank() || next.shape.sizes().drop_front(2) != first.shape.sizes().drop_front(2)) {
      context.error("'concat' needs equal heights and widths, got " + first.shape.str() + " and " + next.shape.str())
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

static std::optional<Tensor> buildPad(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsChannels(x))
    return std::nullopt;
  Sizes zeros(x.shape.rank() - 1, 0);
  std::optional<Sizes> low = perDimension(context, x, "low", zeros);
  std::optional<Sizes> high = low ? perDimension(context, x, "high", zeros) : std::nullopt;
  if (!high)
    return std::nullopt;
  Sizes sizes(x.shape.sizes());
  for (size_t i = 0; i < zeros.size(); ++i)
    sizes[i + 1] += (*low)[i] + (*high)[i];
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  return context.emit<cnn::PadOp>(*shape, x.value, llvm::ArrayRef<int64_t>(*low), llvm::ArrayRef<int64_t>(*high),
                                  llvm::ArrayRef<int64_t>(zeros), llvm::APFloat(context.number("value")));
}

static std::optional<Tensor> buildSlice(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsChannels(x))
    return std::nullopt;
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
              "more elements around, of one value; sizes per dimension but the batch",
              {x,
               {"low", types::integers(0), Value::None()},
               {"high", types::integers(0), Value::None()},
               {"value", types::number(), 0.0}}},
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
