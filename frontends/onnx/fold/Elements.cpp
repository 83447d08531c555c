//===- Elements.cpp - constants element by element ------------------------===//
//
// Elements may depend on the batch, a·N + b with N at least 1: what holds for
// every N is computed, all else is refused.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include <algorithm>
#include <cmath>

using namespace cnnc;
using namespace cnnc::onnx;

using Result = std::optional<Scalar>; // nothing: the result depends on N in another way, or is undefined
using Unary = Result (*)(Scalar, bool real);
using Binary = Result (*)(Scalar, Scalar, bool real);

static Result sum(Scalar a, Scalar b, bool) { return Scalar{add(a.batch, b.batch), add(a.integer, b.integer), a.real + b.real}; }
static Result negated(Scalar a, bool) { return Scalar{times(a.batch, -1), times(a.integer, -1), -a.real}; }
static Result difference(Scalar a, Scalar b, bool real) { return sum(a, *negated(b, real), real); }

static Result product(Scalar a, Scalar b, bool real) {
  if (a.batch && b.batch)
    return std::nullopt;
  if (b.batch)
    std::swap(a, b);
  if (a.batch && real) {
    double scaled = static_cast<double>(a.batch) * b.real;
    if (scaled != std::floor(scaled) || std::fabs(scaled) > 1e15)
      return std::nullopt;
    return Scalar{static_cast<int64_t>(scaled), 0, a.real * b.real};
  }
  return Scalar{times(a.batch, b.integer), times(a.integer, b.integer), a.real * b.real};
}

static Result quotient(Scalar a, Scalar b, bool real) {
  if (a.batch || b.batch) {
    if (a == b)
      return Scalar{0, 1, 1};
    double divisor = real ? b.real : static_cast<double>(b.integer);
    if (b.batch || divisor == 0)
      return std::nullopt;
    if (real) {
      // Not by the reciprocal, which is rounded: 49·N / 49 is N.
      double share = static_cast<double>(a.batch) / divisor;
      return share == std::floor(share) && std::fabs(share) < 1e15
                 ? Result(Scalar{static_cast<int64_t>(share), 0, a.real / divisor})
                 : std::nullopt;
    }
    if (b.integer == -1)
      return negated(a, real);
    if (a.batch % b.integer || a.integer % b.integer)
      return std::nullopt;
  }
  if (real)
    return Scalar{0, 0, a.real / b.real};
  if (b.integer == 0 || (b.integer == -1 && a.integer == INT64_MIN))
    return std::nullopt;
  return Scalar{a.batch / b.integer, a.integer / b.integer, 0};
}

/// -1, 0, 1 as a is less, equal, greater for every N; nothing where it depends.
static std::optional<int> compare(Scalar a, Scalar b, bool real) {
  int64_t batch = add(a.batch, times(b.batch, -1));
  double rest = real ? a.real - b.real : static_cast<double>(a.integer) - static_cast<double>(b.integer);
  if (batch == 0)
    return rest < 0 ? -1 : rest > 0;
  if (batch > 0 && static_cast<double>(batch) + rest > 0)
    return 1;
  if (batch < 0 && static_cast<double>(batch) + rest < 0)
    return -1;
  return std::nullopt;
}

template <bool (*holds)(int)> static Result comparison(Scalar a, Scalar b, bool real) {
  std::optional<int> order = compare(a, b, real);
  if (real && (std::isnan(a.real) || std::isnan(b.real)))
    return Scalar{0, 0, 0};
  return order ? Result(Scalar{0, holds(*order), 0}) : std::nullopt;
}

template <bool least> static Result extreme(Scalar a, Scalar b, bool real) {
  std::optional<int> order = compare(a, b, real);
  if (!order)
    return std::nullopt;
  return (*order < 0) == least ? a : b;
}

template <bool (*combine)(bool, bool)> static Result logical(Scalar a, Scalar b, bool) {
  return Scalar{0, combine(a.integer, b.integer), 0};
}

static Result power(Scalar a, Scalar b, bool real) {
  if (a.batch || b.batch)
    return std::nullopt;
  double value = std::pow(real ? a.real : static_cast<double>(a.integer), b.real);
  if (real)
    return Scalar{0, 0, value};
  return std::fabs(value) < 9e15 ? Result(Scalar{0, static_cast<int64_t>(value), 0}) : std::nullopt;
}

/// C's, or with the sign of the divisor.
template <bool isC> static Result remainder(Scalar a, Scalar b, bool real) {
  if (a.batch || b.batch || (!real && (b.integer == 0 || b.integer == -1)))
    return a.batch || b.batch || (!real && b.integer == 0) ? std::nullopt : Result(Scalar{});
  if (real) {
    double rest = std::fmod(a.real, b.real);
    return Scalar{0, 0, !isC && rest != 0 && (rest < 0) != (b.real < 0) ? rest + b.real : rest};
  }
  int64_t rest = a.integer % b.integer;
  return Scalar{0, !isC && rest && (rest < 0) != (b.integer < 0) ? rest + b.integer : rest, 0};
}

/// Functions of real numbers; of whole numbers those that are whole.
template <double (*function)(double)> static Result real(Scalar a, bool isReal) {
  if (a.batch)
    return std::nullopt;
  return isReal ? Result(Scalar{0, 0, function(a.real)}) : std::nullopt;
}
/// Rounding leaves what is whole, and a·N is.
template <double (*function)(double)> static Result rounded(Scalar a, bool) {
  return Scalar{a.batch, a.integer, function(a.real)};
}

/// -1, 0 or 1.
static Result sign(Scalar a, bool real) {
  std::optional<int> order = compare(a, {}, real);
  return order ? Result(Scalar{0, *order, real && std::isnan(a.real) ? a.real : *order}) : std::nullopt;
}

static Result absolute(Scalar a, bool real) {
  std::optional<int> sign = compare(a, {}, real);
  return sign ? (*sign < 0 ? negated(a, real) : a) : std::nullopt;
}
static Result negatedTruth(Scalar a, bool) { return Scalar{0, !a.integer, 0}; }

/// Names a constant after the parameter that it is made from, where there is one.
static void setNamed(Call &call, Tensor tensor) {
  for (size_t i = 0; i < call.operands(); ++i)
    if (call.has(i) && call.operand(i).constant.elements() == tensor.elements() && tensor.elements() > 1)
      tensor.name = call.operand(i).constant.name;
  call.set(0, tensor);
}

static void refuseDependence(Call &call) {
  call.refuse("computes with the size of the batch what only holds for some sizes",
              "export the model for inputs of a fixed size, with the batch as it is");
}

/// Real numbers without N: these functions are defined for all of them, and weights are large.
static bool isPlain(const Tensor &tensor) { return isReal(tensor.type()) && !tensor.isSymbolic(); }

template <Unary function> static void foldUnary(Call &call) {
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  if (!isSmall(call, tensor.elements()))
    return;
  if (isPlain(tensor)) {
    std::vector<double> numbers = tensor.reals();
    for (double &number : numbers)
      number = function({0, 0, number}, /*real=*/true)->real;
    return setNamed(call, Tensor(tensor.type(), tensor.shape(), std::move(numbers)));
  }
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    Result result = function(tensor.at(i), isReal(tensor.type()));
    if (!result)
      return refuseDependence(call);
    scalars.push_back(*result);
  }
  setNamed(call, Tensor(tensor.type(), tensor.shape(), scalars));
}

/// Two operands, or any number one after the other. `type` is that of the
/// result; Undefined: that of the operands.
template <Binary function, ElementType type = ElementType::Undefined> static void foldBinary(Call &call) {
  if (!call.ready(std::max<size_t>(1, call.operands())))
    return;
  Tensor sum = call.operand(0).constant;
  for (size_t next = 1; next < call.operands(); ++next) {
    Tensor other = call.operand(next).constant;
    std::optional<Shape> shape = broadcastShape(call, {Shape(sum.shape()), Shape(other.shape())});
    if (!shape || !isSmall(call, elementsOf(*shape)))
      return;
    Tensor a = sum.broadcast(*shape), b = other.broadcast(*shape);
    if (type == ElementType::Undefined && isPlain(a) && isPlain(b)) {
      std::vector<double> numbers = a.reals(), others = b.reals();
      for (size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = function({0, 0, numbers[i]}, {0, 0, others[i]}, /*real=*/true)->real;
      sum = Tensor(sum.type(), *shape, std::move(numbers));
      continue;
    }
    std::vector<Scalar> scalars;
    for (int64_t i = 0, e = elementsOf(*shape); i < e; ++i) {
      Scalar second = b.at(i);
      if (!isReal(b.type()))
        second.real = static_cast<double>(second.integer);
      Result result = function(a.at(i), second, isReal(a.type()));
      if (!result)
        return refuseDependence(call);
      scalars.push_back(*result);
    }
    sum = Tensor(type == ElementType::Undefined ? sum.type() : type, *shape, scalars);
  }
  setNamed(call, sum);
}

static void foldMod(Call &call) {
  call.flag("fmod", false) ? foldBinary<remainder<true>>(call) : foldBinary<remainder<false>>(call);
}

/// Either bound may be left out; where they are crossed the upper one holds.
static void foldClip(Call &call) {
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  if (!isSmall(call, tensor.elements()))
    return;
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    Result result = tensor.at(i);
    for (size_t bound : {1, 2})
      if (result && call.has(bound)) {
        const Tensor &limit = call.operand(bound).constant;
        if (limit.elements() != 1)
          return call.refuse("has a bound of " + llvm::Twine(limit.elements()) + " elements", "bounds are scalars");
        result = (bound == 1 ? extreme<false> : extreme<true>)(*result, limit.at(0), isReal(tensor.type()));
      }
    if (!result)
      return refuseDependence(call);
    scalars.push_back(*result);
  }
  setNamed(call, Tensor(tensor.type(), tensor.shape(), scalars));
}

static void foldCastTo(Call &call, ElementType to) {
  if (!widthOf(to))
    call.refuse("turns a constant into " + nameOf(to), "numbers and bool are supported");
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  if (tensor.type() == to || (isReal(tensor.type()) && isReal(to) && !tensor.isSymbolic() && tensor.elements() > maxFolded))
    return call.set(0, tensor); // weights are f32 here, whatever the file has
  if (!isSmall(call, tensor.elements()))
    return;
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    Scalar scalar = tensor.at(i);
    if (isReal(tensor.type()) && !isReal(to))
      scalar.integer = std::fabs(scalar.real) < 9.2e18 ? static_cast<int64_t>(scalar.real) : 0;
    else if (!isReal(tensor.type()) && isReal(to))
      scalar.real = static_cast<double>(scalar.integer);
    if (to == ElementType::Bool)
      scalar = {0, scalar.batch || scalar.integer || (isReal(tensor.type()) && scalar.real != 0), 0};
    scalars.push_back(scalar);
  }
  Tensor result(to, tensor.shape(), scalars);
  result.name = tensor.name;
  call.set(0, result);
}

static void foldCast(Call &call) { foldCastTo(call, static_cast<ElementType>(call.integer("to", 1))); }

static void foldCastLike(Call &call) {
  if (call.ready(2))
    foldCastTo(call, call.type(1));
}

static void foldWhere(Call &call) {
  if (!call.ready(3))
    return;
  std::optional<Shape> shape = broadcastShape(call, {call.shape(0), call.shape(1), call.shape(2)});
  if (!shape || !isSmall(call, elementsOf(*shape)))
    return;
  Tensor condition = call.operand(0).constant.broadcast(*shape), yes = call.operand(1).constant.broadcast(*shape),
         no = call.operand(2).constant.broadcast(*shape);
  std::vector<Scalar> scalars;
  for (int64_t i = 0, e = elementsOf(*shape); i < e; ++i)
    scalars.push_back(condition.at(i).integer ? yes.at(i) : no.at(i));
  setNamed(call, Tensor(yes.type(), *shape, scalars));
}

static bool isLess(int order) { return order < 0; }
static bool isLessOrEqual(int order) { return order <= 0; }
static bool isGreater(int order) { return order > 0; }
static bool isGreaterOrEqual(int order) { return order >= 0; }
static bool isEqual(int order) { return order == 0; }
static bool both(bool a, bool b) { return a && b; }
static bool either(bool a, bool b) { return a || b; }
static bool oneOf(bool a, bool b) { return a != b; }

void onnx::addElementFolders(Table &table) {
  table["Add"] = table["Sum"] = foldBinary<sum>;
  table["Sub"] = foldBinary<difference>;
  table["Mul"] = foldBinary<product>;
  table["Div"] = foldBinary<quotient>;
  table["Mod"] = foldMod;
  table["Pow"] = foldBinary<power>;
  table["Min"] = foldBinary<extreme<true>>;
  table["Max"] = foldBinary<extreme<false>>;
  table["Equal"] = foldBinary<comparison<isEqual>, ElementType::Bool>;
  table["Less"] = foldBinary<comparison<isLess>, ElementType::Bool>;
  table["LessOrEqual"] = foldBinary<comparison<isLessOrEqual>, ElementType::Bool>;
  table["Greater"] = foldBinary<comparison<isGreater>, ElementType::Bool>;
  table["GreaterOrEqual"] = foldBinary<comparison<isGreaterOrEqual>, ElementType::Bool>;
  table["And"] = foldBinary<logical<both>>;
  table["Or"] = foldBinary<logical<either>>;
  table["Xor"] = foldBinary<logical<oneOf>>;
  table["Not"] = foldUnary<negatedTruth>;
  table["Neg"] = foldUnary<negated>;
  table["Abs"] = foldUnary<absolute>;
  table["Sign"] = foldUnary<sign>;
  table["Clip"] = foldClip;
  table["Sqrt"] = foldUnary<real<std::sqrt>>;
  table["Exp"] = foldUnary<real<std::exp>>;
  table["Log"] = foldUnary<real<std::log>>;
  table["Floor"] = foldUnary<rounded<std::floor>>;
  table["Ceil"] = foldUnary<rounded<std::ceil>>;
  table["Round"] = foldUnary<rounded<std::nearbyint>>;
  table["Reciprocal"] = foldUnary<real<[](double x) { return 1 / x; }>>;
  table["Relu"] = foldUnary<real<[](double x) { return x > 0 ? x : 0; }>>;
  table["Sigmoid"] = foldUnary<real<[](double x) { return 1 / (1 + std::exp(-x)); }>>;
  table["Tanh"] = foldUnary<real<std::tanh>>;
  table["Sin"] = foldUnary<real<std::sin>>;
  table["Cos"] = foldUnary<real<std::cos>>;
  table["Erf"] = foldUnary<real<std::erf>>;
  table["Cast"] = foldCast;
  table["CastLike"] = foldCastLike;
  table["Where"] = foldWhere;
}
