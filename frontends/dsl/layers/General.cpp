//===- General.cpp - layers on tensors of any rank ------------------------===//

#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Initializers.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace cnnc;
using namespace cnnc::dsl;
using Sizes = llvm::SmallVector<int64_t, 4>;

/// Reports a list of dimensions that does not fit `x`.
static void refuseDimensions(LayerContext &context, const Tensor &x, llvm::ArrayRef<int64_t> given, llvm::StringRef help) {
  std::string list = llvm::join(llvm::map_range(given, [](int64_t one) { return std::to_string(one); }), ", ");
  context.error("'" + context.args.signature->name + "' cannot use dimensions [" + list + "] of " + x.shape.str())
      .note(context.cameFrom(x))
      .help(help);
}

static std::optional<Tensor> buildTranspose(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  Sizes order = context.integers("order"), sorted(order), sizes{x.shape[0]}, permutation{0};
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(1, x.shape.rank()))) {
    refuseDimensions(context, x, order, "every dimension but N once, counted from N = 0: [2, 1] turns [N, A, B] into [N, B, A]");
    return std::nullopt;
  }
  for (int64_t dimension : order) {
    sizes.push_back(x.shape[dimension]);
    permutation.push_back(dimension);
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::TransposeOp>(*shape, x.value, llvm::ArrayRef<int64_t>(permutation)) : std::nullopt;
}

static std::optional<Tensor> buildMatmul(LayerContext &context) {
  const Tensor &x = context.tensor("x"), &y = context.tensor("y");
  size_t rank = x.shape.rank();
  bool fits = rank >= 3 && y.shape.rank() == rank && x.shape.sizes().drop_back(2) == y.shape.sizes().drop_back(2) &&
              x.shape[rank - 1] == y.shape[rank - 2];
  if (!fits) {
    context.error("'matmul' needs matrices [N, …, A, B] and [N, …, B, C], got " + x.shape.str() + " and " + y.shape.str())
        .note(context.cameFrom(x, "left "))
        .note(context.cameFrom(y, "right"));
    return std::nullopt;
  }
  Sizes sizes(x.shape.sizes());
  sizes.back() = y.shape[rank - 1];
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::MatmulOp>(*shape, x.value, y.value, mlir::UnitAttr(), mlir::UnitAttr()) : std::nullopt;
}

/// The dimensions to reduce, ascending; nothing after an error.
static std::optional<Sizes> reducedAxes(LayerContext &context, const Tensor &x) {
  Sizes axes = context.integers("axes");
  llvm::sort(axes);
  bool fits = std::adjacent_find(axes.begin(), axes.end()) == axes.end() && !axes.empty() && axes.front() >= 1 &&
              axes.back() < static_cast<int64_t>(x.shape.rank());
  if (fits)
    return axes;
  refuseDimensions(context, x, axes, "each at most once, counted from N = 0, which is not reduced");
  return std::nullopt;
}

template <typename Op, bool isMean = false> static std::optional<Tensor> buildReduce(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<Sizes> axes = reducedAxes(context, x);
  if (!axes)
    return std::nullopt;
  Sizes sizes(x.shape.sizes());
  double count = 1;
  for (int64_t axis : *axes) {
    count *= static_cast<double>(sizes[axis]);
    sizes[axis] = 1;
  }
  std::optional<CheckedShape> shape = context.shape(sizes);
  std::optional<Tensor> result = shape ? context.emit<Op>(*shape, x.value, llvm::ArrayRef<int64_t>(*axes)) : std::nullopt;
  return result && isMean ? context.emit<cnn::AffineOp>(*shape, result->value, llvm::APFloat(1 / count), llvm::APFloat(0.0))
                          : result;
}

static std::optional<Tensor> buildBroadcast(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  Sizes sizes = context.integers("shape");
  sizes.insert(sizes.begin(), x.shape[0]);
  bool fits = sizes.size() == x.shape.rank();
  for (size_t i = 1; fits && i < sizes.size(); ++i)
    fits = x.shape[i] == 1 || x.shape[i] == sizes[i];
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  if (!fits) {
    context.error("'broadcast' cannot repeat " + x.shape.str() + " to " + shape->str())
        .note(context.cameFrom(x))
        .help("sizes are those of one example, without N; only a size of 1 is repeated");
    return std::nullopt;
  }
  return context.emit<cnn::BroadcastOp>(*shape, x.value);
}

/// A parameter by itself, the same for every example of `x`; a leading size of 1 is the place of the batch.
static std::optional<Tensor> buildParameter(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  Sizes stored = context.integers("shape"), sizes(stored);
  if (stored.size() > 1 && stored.front() == 1)
    sizes.erase(sizes.begin());
  sizes.insert(sizes.begin(), x.shape[0]);
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  int64_t outputs = sizes[1];
  mlir::Value value = context.weight("", stored, context.weightStart(shape->elements() / outputs, outputs));
  return value ? context.emit<cnn::BroadcastOp>(*shape, value) : std::nullopt;
}

void dsl::addGeneralLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), y("y", types::tensor()), axes("axes", types::integers(0)),
      shape("shape", types::integers(1));
  table.add({{"transpose", "the dimensions in another order; N is 0 and stays", {x, {"order", types::integers(1)}}},
             false,
             buildTranspose});
  table.add({{"parameter",
              "trained numbers, the same for every example of x; a leading size of 1 is the place of the batch",
              {x, shape, {"init", types::call(initializers()), Value::None()}}},
             /*hasParameters=*/true,
             buildParameter});
  table.add({{"matmul", "products of matrices: [N, …, A, B] and [N, …, B, C]", {x, y}}, false, buildMatmul});
  table.add({{"reduce_sum", "the sum over dimensions, which stay with size 1; N is 0", {x, axes}},
             false,
             buildReduce<cnn::ReduceSumOp>});
  table.add({{"reduce_mean", "the mean over dimensions, which stay with size 1; N is 0", {x, axes}},
             false,
             buildReduce<cnn::ReduceSumOp, true>});
  table.add({{"reduce_max", "the largest over dimensions, which stay with size 1; N is 0", {x, axes}},
             false,
             buildReduce<cnn::ReduceMaxOp>});
  table.add({{"reduce_min", "the smallest over dimensions, which stay with size 1; N is 0", {x, axes}},
             false,
             buildReduce<cnn::ReduceMinOp>});
  table.add({{"reduce_prod", "the product over dimensions, which stay with size 1; N is 0", {x, axes}},
             false,
             buildReduce<cnn::ReduceProdOp>});
  table.add(
      {{"broadcast", "elements repeated along dimensions of size 1; sizes of one example", {x, shape}}, false, buildBroadcast});
}
