//===- Layers.cpp - what all layers share ---------------------------------===//

#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Initializers.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

const Table<Layer> &dsl::layers() {
  static const Table<Layer> table = [] {
    Table<Layer> table("a layer");
    addConvLayers(table);
    addConvTransposeLayers(table);
    addDenseLayers(table);
    addElementwiseLayers(table);
    addActivationLayers(table);
    addArithmeticLayers(table);
    addFunctionLayers(table);
    addPoolLayers(table);
    addNormLayers(table);
    addImageNormLayers(table);
    addIndexLayers(table);
    addRearrangeLayers(table);
    addResampleLayers(table);
    addShapeLayers(table);
    addGeneralLayers(table);
    return table;
  }();
  return table;
}

llvm::SmallVector<int64_t, 4> LayerContext::integers(StringRef name) const {
  llvm::SmallVector<int64_t, 4> result;
  for (const dsl::Value &element : args[name].list()->elements)
    result.push_back(*element.as<int64_t>());
  return result;
}

llvm::SmallVector<double, 4> LayerContext::numbers(StringRef name) const {
  llvm::SmallVector<double, 4> result;
  for (const dsl::Value &element : args[name].list()->elements)
    result.push_back(*element.as<double>());
  return result;
}

cnnc::Diagnostic &LayerContext::error(const llvm::Twine &message) {
  cnnc::Diagnostic &diagnostic = sink.error(range, message);
  if (explain)
    explain(diagnostic);
  return diagnostic;
}

Origin LayerContext::origin() const {
  StringRef label = scope.rsplit('.').second;
  label = label.empty() ? scope : label;
  return {"'" + shownName.str() + "'" + (label.empty() ? "" : " @" + label.str()), range.Start};
}

std::string LayerContext::cameFrom(const Tensor &tensor, StringRef subject) const {
  return (subject + " comes from " + tensor.origin.what + " at " + sink.where(tensor.origin.place, range.Start)).str();
}

bool LayerContext::needsRank(const Tensor &tensor, size_t rank, StringRef needs, StringRef help) {
  if (tensor.shape.rank() == rank)
    return true;
  cnnc::Diagnostic &diagnostic = error("'" + shownName + "' needs " + needs + ", got " + tensor.shape.str());
  diagnostic.note(cameFrom(tensor));
  if (!help.empty())
    diagnostic.help(help);
  return false;
}

bool LayerContext::needsChannels(const Tensor &tensor) {
  return tensor.shape.rank() == 2 || needsRank(tensor, 4, "a 2-d tensor [N, features] or a 4-d one [N, C, H, W]",
                                               "insert '|> flatten' or '|> reshape([C, H, W])' before this");
}

bool LayerContext::needsEqualShapes(const Tensor &left, const Tensor &right) {
  if (left.shape == right.shape)
    return true;
  error("'" + shownName + "' needs equal shapes, got " + left.shape.str() + " and " + right.shape.str())
      .note(cameFrom(left, "left "))
      .note(cameFrom(right, "right"));
  return false;
}

std::optional<CheckedShape> LayerContext::shape(ArrayRef<int64_t> sizes) {
  std::string why;
  std::optional<CheckedShape> shape = CheckedShape::get(sizes, why);
  if (!shape)
    error("'" + shownName + "' makes " + why);
  return shape;
}

RankedTensorType LayerContext::typeOf(ArrayRef<int64_t> sizes) {
  std::optional<CheckedShape> checked = model.count(range) ? shape(sizes) : std::nullopt;
  return checked ? checked->type(model.ops().getContext()) : RankedTensorType();
}

Tensor LayerContext::take(mlir::Value value, const CheckedShape &shape) {
  model.remember(value.getDefiningOp(), range, shownName);
  return {value, shape, origin()};
}

ParameterStart LayerContext::weightStart(int64_t fanIn, int64_t fanOut) const {
  if (given("init"))
    return startOf(*args["init"].record(), fanIn, fanOut);
  if (defaultStart && defaultStart->record())
    return startOf(*defaultStart->record(), fanIn, fanOut);
  double bound = 1 / std::sqrt(static_cast<double>(fanIn));
  return {cnn::Distribution::Uniform, -bound, bound};
}

ParameterStart LayerContext::biasStart(int64_t fanIn) const {
  if (given("init") || (defaultStart && defaultStart->record()))
    return {cnn::Distribution::Constant, 0, 0};
  double bound = 1 / std::sqrt(static_cast<double>(fanIn));
  return {cnn::Distribution::Uniform, -bound, bound};
}

std::string LayerContext::parameterName(StringRef name) const {
  if (name.empty())
    return scope.str();
  auto [before, after] = scope.split('*');
  return (before.size() == scope.size() ? scope + "." + name : before + name + after).str();
}

mlir::Value LayerContext::weight(StringRef name, ArrayRef<int64_t> sizes, ParameterStart start) {
  std::optional<CheckedShape> checked = shape(sizes);
  return checked ? model.addParameter(range, parameterName(name), cnn::ParameterKind::Weight, *checked, start) : mlir::Value();
}

FlatSymbolRefAttr LayerContext::buffer(StringRef name, ArrayRef<int64_t> sizes, double start) {
  std::optional<CheckedShape> checked = shape(sizes);
  if (!checked)
    return {};
  std::string full = parameterName(name);
  model.addParameter(range, full, cnn::ParameterKind::Buffer, *checked, {cnn::Distribution::Constant, start, 0});
  return FlatSymbolRefAttr::get(model.ops().getContext(), full);
}
