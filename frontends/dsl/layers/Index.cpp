//===- Index.cpp - elements by their numbers and places -------------------===//

#include "frontends/dsl/layers/Layers.h"

using namespace cnnc;
using namespace cnnc::dsl;

/// The dimension `axis`, which is not the batch; nothing after an error.
static std::optional<int64_t> innerAxis(LayerContext &context, const Tensor &x) {
  int64_t axis = context.integer("axis");
  if (axis >= 1 && axis < static_cast<int64_t>(x.shape.rank()))
    return axis;
  context.error("'" + context.args.signature->name + "' cannot go along dimension " + llvm::Twine(axis) + " of " + x.shape.str())
      .note(context.cameFrom(x))
      .help("dimensions are counted from N = 0, which stays as it is");
  return std::nullopt;
}

static std::optional<Tensor> buildCumsum(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<int64_t> axis = innerAxis(context, x);
  mlir::OpBuilder &b = context.model.ops();
  auto unit = [&](llvm::StringRef name) { return context.flag(name) ? b.getUnitAttr() : mlir::UnitAttr(); };
  return axis ? context.emit<cnn::CumsumOp>(x.shape, x.value, b.getI64IntegerAttr(*axis), unit("exclusive"), unit("reverse"))
              : std::nullopt;
}

static std::optional<Tensor> buildArgMax(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  std::optional<int64_t> axis = innerAxis(context, x);
  if (!axis)
    return std::nullopt;
  llvm::SmallVector<int64_t, 4> sizes(x.shape.sizes());
  sizes[*axis] = 1;
  std::optional<CheckedShape> shape = context.shape(sizes);
  return shape ? context.emit<cnn::ArgMaxOp>(*shape, x.value, static_cast<uint64_t>(*axis), /*last=*/false) : std::nullopt;
}

static std::optional<Tensor> buildGatherElements(LayerContext &context) {
  const Tensor &x = context.tensor("x"), &indices = context.tensor("indices");
  std::optional<int64_t> axis = innerAxis(context, x);
  if (!axis)
    return std::nullopt;
  bool fits = indices.shape.rank() == x.shape.rank();
  for (size_t d = 1; fits && d < x.shape.rank(); ++d)
    fits = static_cast<int64_t>(d) == *axis || indices.shape[d] <= x.shape[d];
  if (!fits) {
    context.error("'gather_elements' cannot read " + x.shape.str() + " by " + indices.shape.str())
        .note(context.cameFrom(x))
        .note(context.cameFrom(indices, "the indices"))
        .help("indices have as many dimensions, and none but the axis is larger");
    return std::nullopt;
  }
  return context.emit<cnn::GatherElementsOp>(indices.shape, x.value, indices.value, static_cast<uint64_t>(*axis));
}

/// The words after `mode:` and `padding:`, by the names of the op.
static const Table<Signature> &sampleModes() {
  static const Table<Signature> table = [] {
    Table<Signature> table("nearest, linear or cubic");
    table.add({"nearest", "the nearest element", {}});
    table.add({"linear", "between neighbours", {}});
    table.add({"cubic", "from four neighbours along each dimension", {}});
    return table;
  }();
  return table;
}
static const Table<Signature> &samplePaddings() {
  static const Table<Signature> table = [] {
    Table<Signature> table("zeros, border or reflection");
    table.add({"zeros", "zeros around the images", {}});
    table.add({"border", "the nearest element", {}});
    table.add({"reflection", "a mirror at the edges", {}});
    return table;
  }();
  return table;
}
static Value word(const Table<Signature> &table, llvm::StringRef name) {
  auto record = std::make_shared<Record>();
  record->signature = table.lookup(name);
  return std::shared_ptr<const Record>(record);
}

static std::optional<Tensor> buildGridSample(LayerContext &context) {
  const Tensor &x = context.tensor("x"), &grid = context.tensor("grid");
  size_t rank = x.shape.rank();
  if (rank < 3 || rank > 5 || grid.shape.rank() != rank || grid.shape[rank - 1] != static_cast<int64_t>(rank) - 2) {
    context.error("'grid_sample' cannot read " + x.shape.str() + " at the places of " + grid.shape.str())
        .note(context.cameFrom(x))
        .note(context.cameFrom(grid, "the grid"))
        .help("images are [N, C, H, W] and the grid [N, P, Q, 2], the column of a place first");
    return std::nullopt;
  }
  llvm::SmallVector<int64_t, 4> sizes{x.shape[0], x.shape[1]};
  for (size_t d = 1; d + 1 < rank; ++d)
    sizes.push_back(grid.shape[d]);
  std::optional<CheckedShape> shape = context.shape(sizes);
  if (!shape)
    return std::nullopt;
  auto name = [&](llvm::StringRef argument) { return llvm::StringRef(context.args[argument].record()->signature->name); };
  return context.emit<cnn::GridSampleOp>(*shape, x.value, grid.value, name("mode"), name("padding"),
                                         context.flag("align_corners"));
}

void dsl::addIndexLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), axis("axis", types::integer(0));
  table.add({{"cumsum",
              "along a dimension the sum of each element and all before it; N is 0",
              {x, axis, {"exclusive", types::boolean(), false}, {"reverse", types::boolean(), false}}},
             false,
             buildCumsum});
  table.add({{"arg_max", "the number of the largest along a dimension, which stays with size 1; N is 0", {x, axis}},
             false,
             buildArgMax});
  table.add(
      {{"gather_elements", "the elements along a dimension that indices number; N is 0", {x, {"indices", types::tensor()}, axis}},
       false,
       buildGatherElements});
  table.add({{"grid_sample",
              "images read at the places of a grid, from -1 to 1",
              {x,
               {"grid", types::tensor()},
               {"mode", types::call(sampleModes()), word(sampleModes(), "linear")},
               {"padding", types::call(samplePaddings()), word(samplePaddings(), "zeros")},
               {"align_corners", types::boolean(), false}}},
             false,
             buildGridSample});
}
