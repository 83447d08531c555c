//===- Layers.h - the layers of the language ---------------------*- C++ -*-===//
//
// A layer is one entry: its signature and the function that builds it. Each
// family of layers adds its entries from a file of its own.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_LAYERS_LAYERS_H
#define CNNC_FRONTENDS_DSL_LAYERS_LAYERS_H

#include "frontends/dsl/ModelBuilder.h"
#include "frontends/dsl/Signature.h"
#include <functional>

namespace cnnc::dsl {

/// One use of a layer, while it is built.
class LayerContext {
public:
  LayerContext(ModelBuilder &model, DiagnosticSink &sink, const Record &args, llvm::SMRange range, llvm::StringRef shownName,
               llvm::StringRef scope, const Value *defaultStart)
      : model(model), args(args), range(range), shownName(shownName), scope(scope), sink(sink), defaultStart(defaultStart) {}

  // Arguments, by the names of the signature.
  const Tensor &tensor(llvm::StringRef name) const { return *args[name].as<Tensor>(); }
  int64_t integer(llvm::StringRef name) const { return *args[name].as<int64_t>(); }
  double number(llvm::StringRef name) const { return *args[name].as<double>(); }
  bool flag(llvm::StringRef name) const { return *args[name].as<bool>(); }
  llvm::SmallVector<int64_t, 4> integers(llvm::StringRef name) const;
  llvm::SmallVector<double, 4> numbers(llvm::StringRef name) const;
  bool given(llvm::StringRef name) const { return !args[name].isNone(); }

  /// Reports an error at the call.
  Diagnostic &error(const llvm::Twine &message);
  /// "that tensor comes from 'maxpool' at line 5", or with another subject.
  std::string cameFrom(const Tensor &tensor, llvm::StringRef subject = "that tensor") const;
  /// Checks the rank of `tensor`; the error says what the layer `needs`.
  bool needsRank(const Tensor &tensor, size_t rank, llvm::StringRef needs, llvm::StringRef help = "");
  /// Checks that `tensor` holds vectors or images.
  bool needsChannels(const Tensor &tensor);
  /// Checks that both tensors have one shape.
  bool needsEqualShapes(const Tensor &left, const Tensor &right);

  /// The result's shape, or nothing and an error if it is out of bounds.
  std::optional<CheckedShape> shape(llvm::ArrayRef<int64_t> sizes);

  /// Where the weights of a fan start: the `init` argument, else that of the
  /// train block, else uniform in ±1/√fanIn, as in PyTorch.
  ParameterStart weightStart(int64_t fanIn, int64_t fanOut) const;
  /// Where a bias beside them starts: as PyTorch's uniform, or 0 with an `init`.
  ParameterStart biasStart(int64_t fanIn) const;
  /// `scope.name`, or the scope with `name` for its `*`; the scope itself without a name.
  std::string parameterName(llvm::StringRef name) const;
  /// Adds the parameter of that name; null after an error.
  mlir::Value weight(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes, ParameterStart start);
  /// Adds the buffer of that name: state that a step updates. Its reference, or null after an error.
  mlir::FlatSymbolRefAttr buffer(llvm::StringRef name, llvm::ArrayRef<int64_t> sizes, double start);

  /// Adds an op whose result has `shape`; its operands and attributes follow.
  template <typename Op, typename... Args> std::optional<Tensor> emit(const CheckedShape &shape, Args &&...operands) {
    if (!model.count(range))
      return std::nullopt;
    mlir::OpBuilder &b = model.ops();
    return remember(Op::create(b, location(), shape.type(b.getContext()), std::forward<Args>(operands)...), shape);
  }
  /// The type of the next op's result, which counts as an operation; null after an error.
  mlir::RankedTensorType typeOf(llvm::ArrayRef<int64_t> sizes);
  /// `value`, of that shape, as what the layer gives.
  Tensor take(mlir::Value value, const CheckedShape &shape);
  Origin origin() const;
  mlir::Location location() const { return model.location(range.Start, scope); }

  ModelBuilder &model;
  const Record &args;
  /// Adds the blocks that lead to the call to an error.
  std::function<void(Diagnostic &)> explain;

private:
  Tensor remember(mlir::Operation *op, const CheckedShape &shape) {
    model.remember(op, range, shownName);
    return {op->getResult(0), shape, origin()};
  }
  llvm::SMRange range;
  llvm::StringRef shownName, scope;
  DiagnosticSink &sink;
  const Value *defaultStart;
};

/// An entry of the table of layers.
struct Layer : Signature {
  bool hasParameters = false;
  std::optional<Tensor> (*build)(LayerContext &context) = nullptr; // nothing after an error
};

/// All layers.
const Table<Layer> &layers();

void addActivationLayers(Table<Layer> &table);
void addArithmeticLayers(Table<Layer> &table);
void addConvLayers(Table<Layer> &table);
void addConvTransposeLayers(Table<Layer> &table);
void addDenseLayers(Table<Layer> &table);
void addElementwiseLayers(Table<Layer> &table);
void addFunctionLayers(Table<Layer> &table);
void addGeneralLayers(Table<Layer> &table);
void addImageNormLayers(Table<Layer> &table);
void addIndexLayers(Table<Layer> &table);
void addPoolLayers(Table<Layer> &table);
void addNormLayers(Table<Layer> &table);
void addRearrangeLayers(Table<Layer> &table);
void addResampleLayers(Table<Layer> &table);
void addShapeLayers(Table<Layer> &table);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_LAYERS_LAYERS_H
