//===- Arithmetic.cpp - operators -----------------------------------------===//

#include "frontends/dsl/Elaborator.h"
#include "frontends/dsl/layers/Layers.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

namespace {
/// An operator on numbers; the functions return nothing where there is no result.
struct NumberOperator {
  StringRef name;
  std::optional<int64_t> (*integers)(int64_t, int64_t);
  double (*reals)(double, double);
};
struct Comparison {
  StringRef name;
  bool (*reals)(double, double);
  bool (*integers)(int64_t, int64_t);
};
/// What an operator means between tensors.
struct TensorOperator {
  StringRef name, layer;
};
} // namespace

template <bool (*overflows)(int64_t, int64_t, int64_t &)> static std::optional<int64_t> checked(int64_t a, int64_t b) {
  int64_t result;
  if (overflows(a, b, result))
    return std::nullopt;
  return result;
}
static bool addOverflows(int64_t a, int64_t b, int64_t &r) { return llvm::AddOverflow(a, b, r); }
static bool subOverflows(int64_t a, int64_t b, int64_t &r) { return llvm::SubOverflow(a, b, r); }
static bool mulOverflows(int64_t a, int64_t b, int64_t &r) { return llvm::MulOverflow(a, b, r); }
static bool cannotDivide(int64_t a, int64_t b) { return b == 0 || (a == std::numeric_limits<int64_t>::min() && b == -1); }

/// Integers divide to the integer below, so that `%` has the sign of the divisor.
static std::optional<int64_t> divide(int64_t a, int64_t b) {
  if (cannotDivide(a, b))
    return std::nullopt;
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static std::optional<int64_t> remainder(int64_t a, int64_t b) {
  if (cannotDivide(a, b))
    return std::nullopt;
  int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static constexpr NumberOperator numberOperators[] = {
    {"+", checked<addOverflows>, [](double a, double b) { return a + b; }},
    {"-", checked<subOverflows>, [](double a, double b) { return a - b; }},
    {"*", checked<mulOverflows>, [](double a, double b) { return a * b; }},
    {"/", divide, [](double a, double b) { return a / b; }},
    {"%", remainder, [](double a, double b) { return a - b * std::floor(a / b); }},
};
static constexpr Comparison comparisons[] = {
    {"==", [](double a, double b) { return a == b; }, [](int64_t a, int64_t b) { return a == b; }},
    {"!=", [](double a, double b) { return a != b; }, [](int64_t a, int64_t b) { return a != b; }},
    {"<", [](double a, double b) { return a < b; }, [](int64_t a, int64_t b) { return a < b; }},
    {"<=", [](double a, double b) { return a <= b; }, [](int64_t a, int64_t b) { return a <= b; }},
    {">", [](double a, double b) { return a > b; }, [](int64_t a, int64_t b) { return a > b; }},
    {">=", [](double a, double b) { return a >= b; }, [](int64_t a, int64_t b) { return a >= b; }},
};
static constexpr TensorOperator tensorOperators[] = {{"+", "add"}, {"-", "sub"}, {"*", "mul"}, {"/", "div"}};

template <typename T, size_t n> static const T *find(const T (&table)[n], StringRef name) {
  for (const T &entry : table)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

Value Elaborator::evaluateBinary(const BinaryExpr &expr) {
  if (expr.op == "and" || expr.op == "or")
    return evaluateLogic(expr);
  Value left = evaluate(expr.lhs), right = evaluate(expr.rhs);
  if (left.isBad() || right.isBad())
    return {};
  if (left.as<Tensor>() || right.as<Tensor>())
    return tensorArithmetic(expr, left, right);
  return arithmetic(expr, left, right);
}

Value Elaborator::evaluateLogic(const BinaryExpr &expr) {
  std::string what = "'" + expr.op.str() + "'";
  std::optional<bool> left = evaluateCondition(expr.lhs, what);
  if (!left || *left == (expr.op == "or"))
    return left ? Value(*left) : Value();
  std::optional<bool> right = evaluateCondition(expr.rhs, what);
  return right ? Value(*right) : Value();
}

Value Elaborator::arithmetic(const BinaryExpr &expr, const Value &left, const Value &right) {
  auto *a = left.as<int64_t>(), *b = right.as<int64_t>();
  std::optional<double> x = numberOf(left), y = numberOf(right);
  if (expr.op == "..") {
    if (!a || !b) {
      error(expr.opRange, "'..' needs two integers, got " + left.describe() + " and " + right.describe()).help("0..3 is 0, 1, 2");
      return {};
    }
    std::vector<Value> elements;
    for (int64_t i = *a; i < *b && elements.size() <= List::maxSize; ++i)
      elements.push_back(i);
    if (std::optional<Value> list = makeList(std::move(elements)))
      return *list;
    error(expr.range, "a range of more than " + llvm::Twine(List::maxSize) + " elements").help("use a smaller one");
    return {};
  }
  if (const Comparison *comparison = find(comparisons, expr.op)) {
    if (a && b)
      return comparison->integers(*a, *b);
    if (x && y)
      return comparison->reals(*x, *y);
    bool isEquality = expr.op == "==" || expr.op == "!=";
    if (auto *s = left.as<std::string>(), *t = right.as<std::string>(); s && t && isEquality)
      return (*s == *t) == (expr.op == "==");
    if (auto *s = left.as<bool>(), *t = right.as<bool>(); s && t && isEquality)
      return (*s == *t) == (expr.op == "==");
    error(expr.opRange, "'" + expr.op + "' cannot compare " + left.describe() + " and " + right.describe())
        .help("numbers compare with numbers; texts and conditions with == and != only");
    return {};
  }
  const NumberOperator *op = find(numberOperators, expr.op);
  if (!op || !x || !y) {
    error(expr.opRange, "'" + expr.op + "' needs two numbers or two tensors, got " + left.describe() + " and " + right.describe())
        .help("numbers with a unit, texts and lists are not calculated with");
    return {};
  }
  if (a && b) {
    if (std::optional<int64_t> result = op->integers(*a, *b))
      return *result;
    bool byZero = *b == 0;
    error(expr.opRange, byZero ? "division by zero" : "the result of '" + expr.op + "' does not fit in 64 bits")
        .help(byZero ? "check the divisor" : "use smaller numbers");
    return {};
  }
  double result = op->reals(*x, *y);
  if (std::isfinite(result))
    return result;
  error(expr.opRange, "the result of '" + expr.op + "' is not a number").help("check the operands");
  return {};
}

Value Elaborator::tensorArithmetic(const BinaryExpr &expr, const Value &left, const Value &right) {
  const TensorOperator *op = find(tensorOperators, expr.op);
  std::optional<double> number = numberOf(left.as<Tensor>() ? right : left);
  if (op && left.as<Tensor>() && right.as<Tensor>())
    return applyOperator(op->layer, {left, right}, expr.opRange, expr.op);
  if (op && number)
    return left.as<Tensor>() ? tensorWithNumber(expr, left, *number, false) : tensorWithNumber(expr, right, *number, true);
  error(expr.opRange, "'" + expr.op + "' cannot combine " + left.describe() + " and " + right.describe())
      .help("tensors have + - * and / with tensors of their shape and with numbers");
  return {};
}

Value Elaborator::tensorWithNumber(const BinaryExpr &expr, const Value &tensor, double number, bool numberFirst) {
  auto affine = [&](const Value &x, double scale, double offset) {
    return applyOperator("affine", {x, scale, offset}, expr.opRange, expr.op);
  };
  if (expr.op == "+")
    return affine(tensor, 1, number);
  if (expr.op == "-")
    return numberFirst ? affine(tensor, -1, number) : affine(tensor, 1, -number);
  if (expr.op == "*")
    return affine(tensor, number, 0);
  if (numberFirst) {
    Value inverse = applyOperator("reciprocal", {tensor}, expr.opRange, expr.op);
    return inverse.isBad() ? inverse : affine(inverse, number, 0);
  }
  if (number != 0 && std::isfinite(1 / number))
    return affine(tensor, 1 / number, 0);
  error(expr.opRange, "division by " + numberText(number)).help("check the divisor");
  return {};
}

Value Elaborator::applyOperator(StringRef name, std::vector<Value> values, llvm::SMRange range, StringRef shownName) {
  const Layer *layer = layers().find(name);
  Record args{layer, range, {}, {}, std::move(values)};
  std::optional<Tensor> result = applyLayer(*layer, args, range, shownName, "");
  return result ? Value(*result) : Value();
}
