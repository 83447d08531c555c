//===- Elaborator.h - runs a model at compile time ---------------*- C++ -*-===//
//
// Blocks, loops and conditions are run; layers build operations. Every run
// ends: blocks cannot recurse, loops are over lists, and the number of
// evaluations is bounded.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_ELABORATOR_H
#define CNNC_FRONTENDS_DSL_ELABORATOR_H

#include "frontends/dsl/ModelBuilder.h"
#include "frontends/dsl/Program.h"
#include "frontends/dsl/Signature.h"
#include "frontends/dsl/Value.h"
#include "llvm/ADT/StringMap.h"

namespace cnnc::dsl {

struct Layer;

class Elaborator {
public:
  /// Blocks in one another; evaluations in all; nested evaluations.
  static constexpr unsigned maxCalls = 64, maxDepth = 600;
  static constexpr int64_t maxSteps = 1000000;
  static constexpr size_t maxText = 4096;
  static std::string tooManyCalls() { return "blocks call each other more than " + std::to_string(maxCalls) + " levels deep"; }

  Elaborator(const Program &program, ModelBuilder &model, DiagnosticSink &sink) : program(program), model(model), sink(sink) {}

  /// Where weights start that say nothing themselves; Bad for PyTorch's rule.
  Value defaultStart;

  /// The parameters of `function`, a model: `given` by the train block, else
  /// as declared. Nothing after an error.
  std::optional<llvm::StringMap<Value>> modelArguments(const Function &function, const CallExpr *given);
  /// Runs the body of a model; its results are tensors. Nothing after an error.
  std::optional<std::vector<Tensor>> runModel(const Function &function, llvm::StringMap<Value> arguments);

  /// An argument: `expr` as `type`. Bad after an error, which calls it `what`.
  Value evaluateArgument(const Expr *expr, const ArgumentType &type, const llvm::Twine &what);
  /// Binds a call to a signature. `first` is a value that is piped in. Null after an error.
  std::shared_ptr<const Record> bind(const Signature &signature, const CallExpr &call, const Value *first = nullptr);
  /// Uses a layer on a tensor: what `normalize` does.
  std::optional<Tensor> applyLayer(const Layer &layer, const Record &args, llvm::SMRange range, llvm::StringRef shownName,
                                   llvm::StringRef scope);

private:
  struct Scope {
    bool isLoop;
    llvm::StringMap<Value> values;
  };
  /// A run of a block or model.
  struct Frame {
    const Function *function;
    llvm::SMRange call; // where it was called
    std::string path;   // names of scopes, joined by dots
    std::vector<Scope> scopes;
  };

  // EvalExpr.cpp
  Value evaluate(const Expr *expr);
  Value evaluateKind(const Expr *expr);
  Value evaluateName(const NameExpr &expr);
  Value evaluateString(const StringExpr &expr);
  Value evaluateList(const ListExpr &expr);
  Value evaluateIndex(const IndexExpr &expr);
  Value evaluateAttribute(const AttributeExpr &expr);
  Value evaluateUnary(const UnaryExpr &expr);
  Value evaluateIf(const IfExpr &expr);
  std::optional<bool> evaluateCondition(const Expr *expr, llvm::StringRef what);
  Value evaluateShape(llvm::ArrayRef<const Expr *> sizes, llvm::SMRange range);
  // Arithmetic.cpp
  Value evaluateBinary(const BinaryExpr &expr);
  Value evaluateLogic(const BinaryExpr &expr);
  Value arithmetic(const BinaryExpr &expr, const Value &left, const Value &right);
  Value tensorArithmetic(const BinaryExpr &expr, const Value &left, const Value &right);
  Value tensorWithNumber(const BinaryExpr &expr, const Value &tensor, double number, bool numberFirst);
  /// The layer called `layer` on values for all of its parameters; `shownName` is its operator.
  Value applyOperator(llvm::StringRef layer, std::vector<Value> values, llvm::SMRange range, llvm::StringRef shownName);
  // Arguments.cpp
  /// Who takes the arguments of a call, as messages say it.
  struct Callee {
    std::string name; // "'conv'", "block 'stage'"
    std::vector<llvm::StringRef> parameters;
    std::string form; // "it is conv(x, …)", "it has x, width"
  };
  static Callee calleeOf(const Signature &signature);
  static Callee calleeOf(const Function &function);
  /// The parameter that an argument is for: by its name, or else the `next` one. Nothing after an error.
  std::optional<size_t> parameterOf(const CallExpr::Argument &argument, size_t next, const Callee &callee);
  void reportTwice(llvm::SMRange range, size_t index, const Callee &callee);
  /// A call of a signature on its way to a record.
  struct Binding;
  void put(Binding &binding, size_t index, const Value &value, llvm::SMRange range);
  /// False where the arguments behind this one have no place any more.
  bool bindArgument(Binding &binding, const CallExpr::Argument &argument);
  bool bindDefaults(Binding &binding, llvm::SMRange range);
  struct GivenArgument {
    Value value;
    llvm::SMRange range;
  };
  using GivenArguments = llvm::StringMap<GivenArgument>; // by the parameter
  /// What a call gives a block; false after an error, also where one without a default is missing.
  bool readArguments(const Function &function, const CallExpr &call, const Value *first, GivenArguments &given);
  // EvalCall.cpp
  std::vector<Value> evaluateAll(const Expr *expr);
  std::vector<Value> evaluateCall(const CallExpr &call, const Value *first);
  Value only(std::vector<Value> values, const CallExpr &call);
  std::vector<Value> callFunction(const Function &function, const CallExpr &call, const Value *first);
  Value callLayer(const Layer &layer, const CallExpr &call, const Value *first);
  std::optional<std::string> evaluateLabel(const CallExpr &call);
  // EvalBody.cpp
  /// What the train block gives a model; false after an error.
  bool readModelArguments(const Function &function, const CallExpr &call, llvm::StringMap<const Expr *> &given);
  /// The shape of an input, and the value of another parameter of a model; Bad after an error.
  Value inputShape(const Function &function, const Parameter &input, const Expr *given);
  Value modelNumber(const Function &function, const Parameter &parameter, const Expr *given);
  bool convertParameter(const Function &function, const Parameter &parameter, Value &value, llvm::SMRange range);
  std::vector<Value> runBody(Body body);
  void runFor(const ForStmt &loop);
  void assign(const AssignStmt &assign);
  void set(llvm::StringRef name, Value value);
  void forget(Body body);
  void checkResults(const Function &function, const std::vector<Value> &results);

  /// Reports an error with the blocks that lead to it.
  Diagnostic &error(llvm::SMRange range, const llvm::Twine &message);
  void addStack(Diagnostic &diagnostic);
  /// Counts one evaluation; false where there have been too many.
  bool step(llvm::SMRange range);

  const Program &program;
  ModelBuilder &model;
  DiagnosticSink &sink;
  std::vector<Frame> frames;
  int64_t steps = 0;
  unsigned depth = 0;
};

/// Lists of at most `List::maxSize` elements; nothing if there are more.
std::optional<Value> makeList(std::vector<Value> elements);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_ELABORATOR_H
