//===- Value.h - what an expression is worth ---------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_VALUE_H
#define CNNC_FRONTENDS_DSL_VALUE_H

#include "frontends/CheckedShape.h"
#include "frontends/dsl/Ast.h"
#include "mlir/IR/Value.h"
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cnnc::dsl {

struct Signature;

/// Where a tensor comes from: "'maxpool' @pool1", and the place of the call.
struct Origin {
  std::string what;
  llvm::SMLoc place;
};

/// A tensor of the model: a value of the IR.
struct Tensor {
  mlir::Value value;
  CheckedShape shape;
  Origin origin;
};

/// `80 epochs`.
struct Quantity {
  double value;
  Unit unit;
};

struct List;
struct Record;

/// What an expression is worth at compile time. `Bad` stands for a value
/// whose error has been reported; whatever it touches is `Bad` as well and
/// says nothing more.
class Value {
public:
  struct Bad {};
  /// No value: the default of an argument that may be left out.
  struct None {};

  Value() : data(Bad()) {}
  template <typename T> Value(T value) : data(std::move(value)) {}
  Value(int value) : data(static_cast<int64_t>(value)) {}
  Value(const char *value) : data(std::string(value)) {}

  bool isBad() const { return std::holds_alternative<Bad>(data); }
  bool isNone() const { return std::holds_alternative<None>(data); }
  /// The value as a T, or null if it is something else.
  template <typename T> const T *as() const { return std::get_if<T>(&data); }
  const List *list() const;
  const Record *record() const;

  /// What it is, for an error: "an integer", "f32[N, 3, 8, 8]".
  std::string describe() const;

private:
  std::variant<Bad, None, int64_t, double, bool, std::string, Quantity, CheckedShape, Tensor, std::shared_ptr<const List>,
               std::shared_ptr<const Record>>
      data;
};

/// Elements of one list. Lists are shared and never change; `size` counts
/// the elements of all lists inside too and bounds what can be written down.
struct List {
  static constexpr size_t maxSize = 100000;
  static constexpr unsigned maxDepth = 8;
  std::vector<Value> elements;
  size_t size = 0;
  unsigned depth = 1;
};

/// A call in `train {}` or of an initializer: which entry, with what. Kept as
/// it was written (`args`, `named`) and as its signature takes it (`bound`).
struct Record {
  const Signature *signature;
  llvm::SMRange range;
  std::vector<Value> args;
  std::vector<std::pair<std::string, Value>> named;
  std::vector<Value> bound; // one per parameter of the signature

  /// The value of the parameter called `name`, which exists.
  const Value &operator[](llvm::StringRef name) const;
};

/// The numbers a value stands for, if it is a number.
std::optional<double> numberOf(const Value &value);
/// A number as shortly as it can be read back exactly: "0.1".
std::string numberText(double value);
/// The name of a unit in an error and in the recipe: "epochs".
llvm::StringRef nameOf(Unit unit);

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_VALUE_H
