//===- Resample.cpp - images of another size ------------------------------===//

#include "dialects/cnn/ResampleTable.h"
#include "frontends/dsl/layers/Layers.h"

using namespace cnnc;
using namespace cnnc::dsl;
using Mode = cnn::ResizeAxis::Mode;
using Sizes = llvm::SmallVector<int64_t, 4>;

namespace {
struct Interpolation : Signature {
  Mode mode;
};
} // namespace

static const Table<Interpolation> &interpolations() {
  static const Table<Interpolation> table = [] {
    Table<Interpolation> table("nearest, bilinear or bicubic");
    table.add({{"nearest", "each element repeated", {}}, Mode::Nearest});
    table.add({{"bilinear", "from two rows and two columns", {}}, Mode::Linear});
    table.add({{"bicubic", "from four rows and four columns", {}}, Mode::Cubic});
    return table;
  }();
  return table;
}

static Value nearest() {
  auto record = std::make_shared<Record>();
  record->signature = interpolations().lookup("nearest");
  return std::shared_ptr<const Record>(record);
}

/// `x` in another size, in the way of PyTorch's interpolate.
static std::optional<Tensor> resize(LayerContext &context, const Sizes &size, bool antialias) {
  const Tensor &x = context.tensor("x");
  Mode mode = static_cast<const Interpolation *>(context.args["mode"].record()->signature)->mode;
  bool alignCorners = context.flag("align_corners");
  if (mode == Mode::Nearest && (alignCorners || antialias)) {
    context.error("'" + context.args.signature->name + "' with mode: nearest has no corners to align and nothing to smooth")
        .help("leave out align_corners and antialias, or use mode: bilinear");
    return std::nullopt;
  }
  std::optional<CheckedShape> shape = context.shape({x.shape[0], x.shape[1], size[0], size[1]});
  if (!shape)
    return std::nullopt;
  if (std::max({size[0], size[1], x.shape[2], x.shape[3]}) > cnn::mostResampled) {
    context
        .error("'" + context.args.signature->name + "' makes " + shape->str() + " of " + x.shape.str() + ", more than " +
               llvm::Twine(cnn::mostResampled) + " rows or columns")
        .note(context.cameFrom(x))
        .help("cut the image into pieces");
    return std::nullopt;
  }
  cnn::ResampleTable tables[2];
  for (int axis : {0, 1}) {
    cnn::ResizeAxis resized;
    resized.inputs = x.shape[2 + axis];
    resized.outputs = size[axis];
    resized.mode = mode;
    resized.rounding = cnn::ResizeAxis::Rounding::Floor;
    resized.antialias = resized.excludeOutside = antialias;
    resized.coordinates = mode == Mode::Nearest ? cnn::ResizeAxis::Coordinates::Asymmetric
                          : alignCorners        ? cnn::ResizeAxis::Coordinates::AlignCorners
                                                : cnn::ResizeAxis::Coordinates::HalfPixel;
    if (antialias)
      resized.cubicCoefficient = -0.5;
    tables[axis] = cnn::resizeTable(resized).table;
  }
  return context.emit<cnn::ResampleOp>(*shape, x.value, tables[0].places, tables[0].weights, tables[0].taps, tables[1].places,
                                       tables[1].weights, tables[1].taps);
}

static std::optional<Tensor> buildUpsample(LayerContext &context) {
  const Tensor &x = context.tensor("x");
  if (!context.needsRank(x, 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  Sizes scale = context.integers("scale");
  return resize(context, {x.shape[2] * scale[0], x.shape[3] * scale[1]}, /*antialias=*/false);
}

static std::optional<Tensor> buildResize(LayerContext &context) {
  if (!context.needsRank(context.tensor("x"), 4, "a 4-d tensor [N, C, H, W]"))
    return std::nullopt;
  return resize(context, context.integers("size"), context.flag("antialias"));
}

void dsl::addResampleLayers(Table<Layer> &table) {
  SignatureParameter x("x", types::tensor()), mode("mode", types::call(interpolations()), nearest()),
      alignCorners("align_corners", types::boolean(), false);
  table.add({{"upsample", "images a whole number of times as large", {x, {"scale", types::pair(1), 2}, mode, alignCorners}},
             false,
             buildUpsample});
  table.add({{"resize",
              "images of another size",
              {x, {"size", types::pair(1)}, mode, alignCorners, {"antialias", types::boolean(), false}}},
             false,
             buildResize});
}
