//===- Ast.h - the tree of a file --------------------------------*- C++ -*-===//
//
// Nodes are plain data in an arena that outlives them; text is a slice of the
// source. `depth` bounds every recursion over a tree.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_AST_H
#define CNNC_FRONTENDS_DSL_AST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Casting.h"
#include "llvm/Support/SMLoc.h"
#include <cstdint>
#include <optional>

namespace cnnc::dsl {

/// What a number counts. The names of units are in Parser.cpp.
enum class Unit { Epochs, Steps, Percent, KiB, MiB, GiB, Seconds, Minutes, Hours };

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

struct Expr {
  enum class Kind { Integer, Float, Bool, Quantity, String, Name, List, Index, Attribute, Unary, Binary, If, Call, Pipe };
  Kind kind;
  llvm::SMRange range;
  unsigned depth = 1;

  explicit Expr(Kind kind) : kind(kind) {}
};

template <Expr::Kind K> struct ExprOf : Expr {
  ExprOf() : Expr(K) {}
  static bool classof(const Expr *expr) { return expr->kind == K; }
};

struct IntegerExpr : ExprOf<Expr::Kind::Integer> {
  int64_t value = 0;
};
struct FloatExpr : ExprOf<Expr::Kind::Float> {
  double value = 0;
};
struct BoolExpr : ExprOf<Expr::Kind::Bool> {
  bool value = false;
};
/// `80 epochs`, `50%`.
struct QuantityExpr : ExprOf<Expr::Kind::Quantity> {
  double value = 0;
  Unit unit = Unit::Epochs;
};
/// `"layer{i + 1}.{j}"`: text and expressions by turns, text first.
struct StringExpr : ExprOf<Expr::Kind::String> {
  struct Part {
    llvm::StringRef text; // escapes resolved
    const Expr *value;    // null for text
  };
  llvm::ArrayRef<Part> parts;
};
struct NameExpr : ExprOf<Expr::Kind::Name> {
  llvm::StringRef name;
};
struct ListExpr : ExprOf<Expr::Kind::List> {
  llvm::ArrayRef<const Expr *> elements;
};
/// `widths[2]`, and types as values: `f32[N, 3, 32, 32]`.
struct IndexExpr : ExprOf<Expr::Kind::Index> {
  const Expr *base = nullptr;
  llvm::ArrayRef<const Expr *> indices;
};
/// `x.channels`.
struct AttributeExpr : ExprOf<Expr::Kind::Attribute> {
  const Expr *base = nullptr;
  llvm::StringRef name;
  llvm::SMRange nameRange;
};
/// `-x`, `not x`.
struct UnaryExpr : ExprOf<Expr::Kind::Unary> {
  llvm::StringRef op;
  const Expr *operand = nullptr;
};
struct BinaryExpr : ExprOf<Expr::Kind::Binary> {
  llvm::StringRef op;
  llvm::SMRange opRange;
  const Expr *lhs = nullptr, *rhs = nullptr;
};

struct Stmt;
using Body = llvm::ArrayRef<const Stmt *>;

/// `if condition { … value } else { … value }`.
struct IfExpr : ExprOf<Expr::Kind::If> {
  const Expr *condition = nullptr;
  Body thenBody, elseBody;
};
/// `basic(x, 64, stride: 2) @layer1`.
struct CallExpr : ExprOf<Expr::Kind::Call> {
  struct Argument {
    llvm::StringRef name; // empty: by position
    llvm::SMRange nameRange;
    const Expr *value;
  };
  llvm::StringRef callee;
  llvm::SMRange calleeRange;
  llvm::ArrayRef<Argument> arguments;
  const StringExpr *label = nullptr;
};
/// `head |> stage |> stage`.
struct PipeExpr : ExprOf<Expr::Kind::Pipe> {
  const Expr *head = nullptr;
  llvm::ArrayRef<const CallExpr *> stages;
};

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// A name where it gets its value.
struct Target {
  llvm::StringRef name;
  llvm::SMRange range;
};

struct Stmt {
  enum class Kind { Assign, For, Return, Value };
  Kind kind;
  llvm::SMRange range;
  unsigned depth = 1; // of its expressions and statements

  explicit Stmt(Kind kind) : kind(kind) {}
};
template <Stmt::Kind K> struct StmtOf : Stmt {
  StmtOf() : Stmt(K) {}
  static bool classof(const Stmt *stmt) { return stmt->kind == K; }
};

/// `h = …`, `a, b = split(x)`.
struct AssignStmt : StmtOf<Stmt::Kind::Assign> {
  llvm::ArrayRef<Target> targets;
  const Expr *value = nullptr;
};
/// `for width in […] { … }`, `for (width, i) in […] { … }`.
struct ForStmt : StmtOf<Stmt::Kind::For> {
  llvm::ArrayRef<Target> variables; // one or two
  const Expr *list = nullptr;
  Body body;
};
struct ReturnStmt : StmtOf<Stmt::Kind::Return> {
  llvm::ArrayRef<const Expr *> values;
};
/// An expression: the value of the branch of an `if` that it ends.
struct ValueStmt : StmtOf<Stmt::Kind::Value> {
  const Expr *value = nullptr;
};

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

/// `int`, `[int]`, `f32[N, 3, 32, 32]`.
struct TypeExpr {
  llvm::StringRef name; // of the element for a list
  bool isList = false;
  std::optional<llvm::ArrayRef<const Expr *>> sizes;
  llvm::SMRange range;
};
struct Parameter {
  llvm::StringRef name;
  llvm::SMRange range;
  const TypeExpr *type = nullptr; // null: a tensor of any shape
  const Expr *defaultValue = nullptr;
  llvm::StringRef doc;
};
struct Result {
  llvm::StringRef name; // may be empty
  const TypeExpr *type;
};

/// `block` or `model`.
struct Function {
  bool isModel;
  llvm::StringRef name;
  llvm::SMRange range; // of the name
  llvm::ArrayRef<Parameter> parameters;
  llvm::ArrayRef<Result> results; // empty where not declared
  Body body;
  llvm::StringRef doc;
};
struct TrainEntry {
  llvm::StringRef key;
  llvm::SMRange keyRange;
  const Expr *value;
};
struct Train {
  llvm::StringRef name;
  llvm::SMRange range; // of the name
  llvm::ArrayRef<TrainEntry> entries;
};
struct Import {
  llvm::StringRef path;
  llvm::SMRange range;
};

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_AST_H
