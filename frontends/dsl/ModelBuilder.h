//===- ModelBuilder.h - the module that a model becomes ----------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_MODELBUILDER_H
#define CNNC_FRONTENDS_DSL_MODELBUILDER_H

#include "dialects/cnn/Cnn.h"
#include "frontends/CheckedShape.h"
#include "frontends/Diagnostics.h"
#include "frontends/dsl/Value.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

namespace cnnc::dsl {

/// What a new parameter's values are drawn from, once its fans are known.
struct ParameterStart {
  cnn::Distribution distribution;
  double a, b;
};

/// The module under construction: parameters by name, then functions.
class ModelBuilder {
public:
  /// Operations that one model may have.
  static constexpr int64_t maxOperations = 100000;

  ModelBuilder(mlir::MLIRContext &context, DiagnosticSink &sink);
  /// Goes on with a module that has parameters and functions.
  ModelBuilder(mlir::OwningOpRef<mlir::ModuleOp> module, DiagnosticSink &sink);

  mlir::OpBuilder &ops() { return builder; }
  mlir::ModuleOp module() { return *owned; }
  mlir::OwningOpRef<mlir::ModuleOp> release() { return std::move(owned); }

  /// The place of `loc`, with the scope's name where it has one.
  mlir::Location location(llvm::SMLoc loc, llvm::StringRef scope = "");

  /// Counts an operation; false, and an error at `range`, where there are too many.
  bool count(llvm::SMRange range);

  /// Adds the parameter `name` and returns its value; an error at `range` and
  /// null if there is one of that name. A `buffer` is not read here.
  mlir::Value addParameter(llvm::SMRange range, llvm::StringRef name, cnn::ParameterKind kind, const CheckedShape &shape,
                           ParameterStart start);
  /// The parameters by name, in order.
  llvm::MapVector<llvm::StringRef, cnn::ParameterOp> parameters() const;

  /// Starts a function that the next operations go into.
  mlir::func::FuncOp startFunction(llvm::StringRef name, llvm::SMLoc loc, llvm::ArrayRef<mlir::Type> inputs);
  /// Ends it: it returns `results`.
  void endFunction(mlir::func::FuncOp function, llvm::ArrayRef<mlir::Value> results);

  /// Remembers that `op` came from `range`, to say so if nothing uses it.
  void remember(mlir::Operation *op, llvm::SMRange range, llvm::StringRef shownName) {
    built.push_back({op, range, shownName.str()});
  }
  /// Says that nothing needs to use `value`: the text gave it to '_'.
  void discard(mlir::Value value) { discarded.insert(value.getDefiningOp()); }
  /// Reports operations whose result nothing uses.
  void checkUses();

  /// A number for each dropout of the model, from 0.
  int64_t nextDropout() { return dropouts++; }

private:
  struct Built {
    mlir::Operation *op;
    llvm::SMRange range;
    std::string shownName;
  };
  struct Known {
    cnn::ParameterOp op;
    llvm::SMLoc place;
  };

  DiagnosticSink &sink;
  mlir::OpBuilder builder;
  mlir::OwningOpRef<mlir::ModuleOp> owned;
  llvm::MapVector<llvm::StringRef, Known> known; // keys live in the ops
  std::vector<Built> built;
  llvm::DenseSet<mlir::Operation *> discarded;
  int64_t operations = 0, dropouts = 0;
};

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_MODELBUILDER_H
