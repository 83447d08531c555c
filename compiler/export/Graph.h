//===- Graph.h - an ONNX graph under construction ----------------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPORT_GRAPH_H
#define CNNC_COMPILER_EXPORT_GRAPH_H

#include "dialects/cnn/Cnn.h"
#include "frontends/Diagnostics.h"
#include "frontends/onnx/onnx.pb.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace cnnc::exporting {

using Names = llvm::ArrayRef<std::string>;
using Sizes = llvm::SmallVector<int64_t, 8>;

constexpr int64_t operatorSet = 20; ///< the first with Gelu
constexpr int64_t formatVersion = 9;

/// Sizes of a tensor; the batch is dynamic.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// ONNX's name of a type of elements; UNDEFINED for one that networks do not have.
::onnx::TensorProto::DataType dataType(mlir::Type element);

/// A node of the graph, to give attributes to.
class Node {
public:
  explicit Node(::onnx::NodeProto &message) : message(message) {}

  Node &integer(llvm::StringRef name, int64_t value);
  Node &number(llvm::StringRef name, double value);
  Node &text(llvm::StringRef name, llvm::StringRef value);
  Node &integers(llvm::StringRef name, llvm::ArrayRef<int64_t> values);

  /// The value that it computes.
  std::string result() const { return message.output(0); }

  /// One more value that it computes; `role` becomes part of its name.
  std::string further(llvm::StringRef role);

private:
  ::onnx::AttributeProto &attribute(llvm::StringRef name, ::onnx::AttributeProto::AttributeType type);

  ::onnx::NodeProto &message;
};

/// The graph of a module's @forward, and the parameters that it reads.
class Graph {
public:
  Graph(mlir::ModuleOp module, mlir::func::FuncOp forward, DiagnosticSink &sink);

  /// Fills the graph; what cannot be said is reported.
  void build();

  /// The initializer of a parameter: its name, or one like it where an input or
  /// an output has that name.
  std::string initializer(cnn::ParameterOp op) const { return initializers.lookup(op.getSymName()); }

  ::onnx::GraphProto message;
  llvm::SmallVector<cnn::ParameterOp> parameters; ///< in the order of the module

private:
  friend class Call;

  /// `name`, or with a number behind it where it is taken.
  std::string unique(llvm::StringRef name);
  std::string parameter(llvm::StringRef name);
  void declare(::onnx::ValueInfoProto &value, llvm::StringRef name, mlir::Type type, mlir::DictionaryAttr attributes);
  void buildOp(mlir::Operation *op);

  mlir::ModuleOp module;
  mlir::func::FuncOp forward;
  DiagnosticSink &sink;
  int64_t batch; ///< the number of examples of every call, or 0: it is N
  llvm::StringSet<> used, read;
  llvm::StringMap<std::string> initializers;
  llvm::DenseMap<mlir::Value, std::string> named;
  llvm::DenseMap<mlir::Value, std::string> wanted; ///< names of the values that are outputs
  llvm::DenseSet<mlir::Operation *> done;
};

/// One op while it is converted.
class Call {
public:
  Call(Graph &graph, mlir::Operation *op, llvm::StringRef type = "") : graph(graph), op(op), type(type) {}

  /// The name of a value that is there: an input, a parameter, a result of an
  /// earlier op.
  std::string value(mlir::Value value);
  std::string operand(unsigned i) { return value(op->getOperand(i)); }
  /// The name of a parameter.
  std::string parameter(mlir::FlatSymbolRefAttr name) { return graph.parameter(name.getValue()); }

  /// A constant; `role` becomes part of its name.
  std::string integers(llvm::StringRef role, llvm::ArrayRef<int64_t> values);
  std::string numbers(llvm::StringRef role, llvm::ArrayRef<double> values, llvm::ArrayRef<int64_t> shape);
  std::string elements(llvm::StringRef role, mlir::ElementsAttr values);
  std::string scalar(llvm::StringRef role, double value) { return numbers(role, {value}, {}); }

  /// Adds a node with one result, which further nodes of the same op read.
  Node add(llvm::StringRef type, Names inputs);
  /// Adds the node that computes the op's result, or that of `last`, an op that
  /// it takes the place of.
  Node finish(llvm::StringRef type, Names inputs, mlir::Operation *last = nullptr);
  /// The op computes nothing: its result is a value that is there.
  void forward(std::string name) { graph.named[op->getResult(0)] = std::move(name); }

  /// A vector [C] with dimensions of size 1 behind, to broadcast with a tensor
  /// [N, C, …] of `rank`.
  std::string perChannel(mlir::Value value, int64_t rank);
  /// `value` in another shape of as many elements per example.
  std::string reshape(std::string value, llvm::ArrayRef<int64_t> shape);
  /// The same, as the op's result.
  void finishReshape(std::string value, llvm::ArrayRef<int64_t> shape);

  /// `op` needs no node of its own: another has taken it in.
  void takeIn(mlir::Operation *op) { graph.done.insert(op); }

  /// Reports the layer: what is wrong, and what to do about it.
  void refuse(const llvm::Twine &what, const llvm::Twine &remedy);

  Graph &graph;
  mlir::Operation *op;
  llvm::StringRef type; ///< the operator that the table names for the op

private:
  Sizes fileSizes(llvm::ArrayRef<int64_t> shape) const;
  Node create(llvm::StringRef type, Names inputs, llvm::StringRef name, llvm::StringRef result);
  std::string constant(llvm::StringRef role, ::onnx::TensorProto::DataType type, llvm::ArrayRef<int64_t> shape,
                       llvm::StringRef bytes);
};

} // namespace cnnc::exporting

#endif // CNNC_COMPILER_EXPORT_GRAPH_H
