//===- Conversion.h - a graph becomes a module of the cnn dialect *- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_CONVERSION_H
#define CNNC_FRONTENDS_ONNX_CONVERSION_H

#include "dialects/cnn/Cnn.h"
#include "frontends/CheckedShape.h"
#include "frontends/Diagnostics.h"
#include "frontends/ParameterValues.h"
#include "frontends/onnx/Graph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringSet.h"

namespace cnnc::onnx {

constexpr int64_t dynamic = mlir::ShapedType::kDynamic; ///< the batch, N

/// What a name of the graph stands for.
struct Value {
  enum class Kind { Unknown, Constant, Runtime };

  static Value ofConstant(Tensor tensor) {
    Value result;
    result.kind = Kind::Constant;
    result.constant = std::move(tensor);
    return result;
  }
  static Value atRuntime(mlir::Value value, ElementType type) {
    Value result;
    result.kind = Kind::Runtime;
    result.runtime = value;
    result.type = type;
    return result;
  }

  Kind kind = Kind::Unknown; ///< Unknown: the node that makes it has been reported, or it is `missing`
  Tensor constant;
  ElementType type = ElementType::F32; ///< at run time: integers and truth are whole numbers in f32, exact below 2^24
  mlir::Value runtime;  ///< f32, any rank; the batch is dynamic and comes first, or a number in a tensor without `?`
  bool isKnown = false; ///< at run time, from parameters that training changes; `constant` is what it is before
  size_t batchAxis = 0; ///< where the file has the batch that comes first in `runtime`
  /// Parts of each example, as windows of images, that the file counts with the batch: N · parts. More than one are the
  /// second dimension of `runtime`.
  int64_t parts = 1;
  bool isMoved() const { return batchAxis > 0 || parts > 1; }
  std::string missing;  ///< "the second result of node …": nothing computes it
  bool trained = false; ///< a constant that is a parameter even where it is one number
};

llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);
/// "[N, 3, 224, 224]".
std::string text(llvm::ArrayRef<int64_t> shape);
std::string text(double number);

/// Large constants may have as many elements together as the file has, that often.
constexpr int64_t foldsPerElement = 16;

/// How a node sees the batch of its operands: as they are, as `?`, in front though the file has it elsewhere, as the
/// number that the file says, or as `?` in parts of a first operand that has another number of examples.
enum class BatchForm { AsIs, Dynamic, Moved, Fixed, Pieces };

/// The module under construction.
class Conversion {
public:
  Conversion(mlir::MLIRContext &context, llvm::StringRef file, DiagnosticSink &sink);

  /// The value of a parameter of these elements; a weight of the same elements
  /// and shape is read twice, not made twice, and a buffer belongs to one node.
  /// Null after an error.
  mlir::Value parameter(const Tensor &tensor, cnn::ParameterKind kind, llvm::StringRef reader);
  /// The name of that parameter.
  mlir::FlatSymbolRefAttr parameterName(const Tensor &tensor, cnn::ParameterKind kind, llvm::StringRef reader);

  /// True if some parameter has elements of the tensor of that name.
  bool isParameter(llvm::StringRef tensor) const { return numbers.contains(tensor); }

  /// The name of the tensor that `parameter` has elements of.
  std::string tensorOf(cnn::ParameterOp parameter) const { return tensors.lookup(parameter.getSymName()); }

  /// Erases the parameters that only attempts have read; where weights will be trained, also those of ops that nothing
  /// reads in the end, and the ops.
  void pruneParameters(mlir::func::FuncOp forward);

  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ParameterValues values;
  llvm::StringMap<Value> named;
  llvm::StringSet<> read; ///< the values that nodes and outputs of the graph name
  int64_t dropouts = 0;
  size_t ops = 0;                                            ///< that have been made, in attempts too
  static constexpr int64_t largeConstant = int64_t(1) << 20; ///< more elements are computed only in proportion to the file
  int64_t foldable = 0;      ///< elements that may still be computed in large constants, such as standardised weights
  size_t unrolled = 0;       ///< the nodes that bodies of loops have become
  size_t temporaries = 0;    ///< values between nodes that the file does not have
  bool trains = false;       ///< weights will be trained
  int64_t fixedBatch = 1;    ///< what the file says the batch is, where it says a number, else 1
  bool isBatchOpen = false;  ///< it says none
  bool isBatchFixed = false; ///< something relies on it: the library takes no other
  std::string fixedBy;       ///< the first that does: a node, or an output
  llvm::StringRef file;
  DiagnosticSink &sink;

private:
  struct Known {
    Tensor tensor;
    cnn::ParameterOp op;
  };
  llvm::StringMap<Known> parameters;    // by the tensor's name and view, the kind and, of buffers, the reader
  llvm::StringMap<std::string> tensors; // the tensor's name, by the parameter's
  llvm::StringMap<size_t> numbers;      // how many of a tensor have a number in their name
  cnn::ParameterOp last;
};

/// One node while it is converted. Converters read the attributes first, then
/// ask `ready`, and only then look at operands: so that what is wrong with an
/// attribute is said even where an operand comes from an unsupported node.
class Call {
public:
  Call(Conversion &conversion, const Node &node) : conversion(conversion), node(node), results(node.outputs.size()) {}

  int64_t integer(llvm::StringRef name, int64_t fallback);
  double number(llvm::StringRef name, double fallback);
  std::string string(llvm::StringRef name, llvm::StringRef fallback);
  std::optional<Shape> integers(llvm::StringRef name);
  bool flag(llvm::StringRef name, bool fallback) { return integer(name, fallback) != 0; }

  /// Gives the operands that form, AsIs, Dynamic or Fixed; what it takes is added to the module.
  void use(BatchForm form);
  /// Puts `value` in the place of operand `i`.
  void use(size_t i, mlir::Value value);
  /// Takes other operands.
  void use(std::vector<Value> operands) { formed = std::move(operands); }
  /// Gives operand `i` the sizes that the file says, also where its first is that of the batch: of weights that are inputs.
  void useWhole(size_t i);
  /// Brings the dimensions of all operands into the file's order; a batch that is not the first of them is the number
  /// that the file says from then on.
  void settle();

  /// True if operand `i` is not left out.
  bool has(size_t i) const { return i < node.inputs.size() && !node.inputs[i].empty(); }
  /// True if something reads result `i`.
  bool isRead(size_t i) const { return i < node.outputs.size() && conversion.read.contains(node.outputs[i]); }
  size_t operands() const { return node.inputs.size(); }
  /// False after an error, where one of the first `required` operands is left
  /// out (which is reported), or where some operand is not known.
  bool ready(size_t required = 1);

  const Value &operand(size_t i) const;
  bool isConstant(size_t i) const { return operand(i).kind == Value::Kind::Constant; }
  /// Shape of operand `i`, as the file has it; the batch is `dynamic`.
  Shape shape(size_t i) const;
  /// The type of the elements of operand `i`, as ONNX has it.
  ElementType type(size_t i) const {
    const Value &value = operand(i);
    return value.kind == Value::Kind::Constant ? value.constant.type() : value.type;
  }
  /// Operand `i` as a value; a constant becomes a parameter. Null after an error.
  mlir::Value runtime(size_t i);
  /// A constant as a parameter. Null after an error.
  mlir::Value parameter(const Tensor &tensor);
  /// Operand `i`, which has to be constant: `why` says what for. Null after an error.
  const Tensor *constant(size_t i, llvm::StringRef why);
  /// The same for integers that do not depend on the batch.
  std::optional<Shape> constantIntegers(size_t i, llvm::StringRef why);

  /// An axis counted from the front; an error and nothing where it is none of
  /// `rank` dimensions.
  std::optional<size_t> axis(int64_t axis, size_t rank);
  /// The dimensions of `rank` that operand 1 lists, or in older versions
  /// `attribute`; in ascending order, empty if there are none. Nothing after an
  /// error.
  std::optional<Shape> axes(const std::optional<Shape> &attribute, size_t rank);

  /// `value` in another shape of as many elements.
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);

  /// Result `i`, whose elements have the type of operand 0 unless another is given.
  void set(size_t i, mlir::Value value) { set(i, value, type(0)); }
  void set(size_t i, mlir::Value value, ElementType type);
  void set(size_t i, Tensor tensor);

  /// Adds an op whose one result has `shape`; null after an error.
  template <typename Op, typename... Args> mlir::Value emit(llvm::ArrayRef<int64_t> shape, Args &&...args) {
    mlir::RankedTensorType type = checked(shape);
    return type ? Op::create(conversion.builder, location(), type, std::forward<Args>(args)...).getResult() : mlir::Value();
  }
  mlir::RankedTensorType checked(llvm::ArrayRef<int64_t> shape);
  /// True where a constant may have the shape, which may be empty; else an error.
  bool checkedElements(llvm::ArrayRef<int64_t> shape);
  mlir::Location location();

  /// Reports the node: what is wrong, and what to do about it.
  void refuse(const llvm::Twine &what, const llvm::Twine &remedy) { refuse(what).help(remedy); }
  /// The same where the remedy is not known yet.
  Diagnostic &refuse(const llvm::Twine &what);
  bool failed() const { return hasFailed; }

  Conversion &conversion;
  const Node &node;
  std::vector<Value> results;

private:
  const Attribute *typed(llvm::StringRef name, Attribute::Kind kind, llvm::StringRef what);

  std::vector<Value> formed; ///< the operands, where they have another form
  bool hasFailed = false;
};

using Converter = void (*)(Call &);

/// The converter of an operator; null where there is none.
Converter findConverter(llvm::StringRef domain, llvm::StringRef op);
/// The folder of an operator, for constant operands; null where there is none.
Converter findFolder(llvm::StringRef domain, llvm::StringRef op);
/// True for one that computes numbers, not views of them.
bool isArithmetic(llvm::StringRef op);

/// Converts a node on its operands as they are; false, and no error, where that cannot be.
bool convertAsIs(Call &call, Converter converter);

/// Converts a node with the batch as N wherever that can be, and where it cannot with the first form that can.
void convertInSomeForm(Call &call, Converter converter);

using Table = llvm::StringMap<Converter>;

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_CONVERSION_H
