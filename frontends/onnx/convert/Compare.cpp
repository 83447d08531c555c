//===- Compare.cpp - comparisons and logic at run time --------------------===//
//
// Truth is a number: 1 or 0.
//
//===----------------------------------------------------------------------===//

#include "frontends/onnx/convert/Compose.h"
#include "frontends/onnx/convert/Tables.h"
#include <limits>

using namespace cnnc;
using namespace cnnc::onnx;

/// An operator of two operands as a function of both.
template <mlir::Value (*function)(Compose &, mlir::Value, mlir::Value)> static void convertPair(Call &call) {
  if (!call.ready(2))
    return;
  Compose compose(call);
  mlir::Value a = compose.number(0), b = a ? compose.number(1) : a;
  call.set(0, function(compose, a, b), ElementType::Bool);
}

static mlir::Value less(Compose &compose, mlir::Value a, mlir::Value b) { return compose.zip<cnn::LessOp>(a, b); }
static mlir::Value greater(Compose &compose, mlir::Value a, mlir::Value b) { return less(compose, b, a); }
static mlir::Value equal(Compose &compose, mlir::Value a, mlir::Value b) { return compose.zip<cnn::EqualOp>(a, b); }
static mlir::Value either(Compose &compose, mlir::Value a, mlir::Value b) { return compose.zip<cnn::MaxOp>(a, b); }
static mlir::Value both(Compose &compose, mlir::Value a, mlir::Value b) { return compose.zip<cnn::MinOp>(a, b); }
/// Of NaN neither holds.
static mlir::Value lessOrEqual(Compose &compose, mlir::Value a, mlir::Value b) {
  return either(compose, less(compose, a, b), equal(compose, a, b));
}
static mlir::Value greaterOrEqual(Compose &compose, mlir::Value a, mlir::Value b) { return lessOrEqual(compose, b, a); }
static mlir::Value different(Compose &compose, mlir::Value a, mlir::Value b) {
  return compose.map<cnn::LogicalNotOp>(equal(compose, a, b));
}

static void convertNot(Call &call) {
  if (call.ready())
    call.set(0, Compose(call).map<cnn::LogicalNotOp>(call.runtime(0)), ElementType::Bool);
}

/// NaN alone is not equal to itself.
static void convertIsNan(Call &call) {
  if (!call.ready())
    return;
  mlir::Value x = call.runtime(0);
  Compose compose(call);
  call.set(0, different(compose, x, x), ElementType::Bool);
}

/// Only infinity is above the largest number.
static void convertIsInf(Call &call) {
  bool negative = call.flag("detect_negative", true), positive = call.flag("detect_positive", true);
  if (!call.ready())
    return;
  Compose compose(call);
  mlir::Value x = call.runtime(0),
              size = positive && negative ? compose.map<cnn::AbsOp>(x) : compose.affine(x, positive ? 1 : -1);
  auto zero = call.conversion.builder.getF64FloatAttr(0);
  if (!positive && !negative) // nothing is asked
    return call.set(0, compose.map<cnn::ClipOp>(x, zero, zero), ElementType::Bool);
  call.set(0, compose.map<cnn::StepOp>(compose.affine(size, 1, -static_cast<double>(std::numeric_limits<float>::max()))),
           ElementType::Bool);
}

void onnx::addComparisons(Table &table) {
  table["Less"] = convertPair<less>;
  table["LessOrEqual"] = convertPair<lessOrEqual>;
  table["Greater"] = convertPair<greater>;
  table["GreaterOrEqual"] = convertPair<greaterOrEqual>;
  table["Equal"] = convertPair<equal>;
  table["And"] = convertPair<both>;
  table["Or"] = convertPair<either>;
  table["Xor"] = convertPair<different>;
  table["Not"] = convertNot;
  table["IsNaN"] = convertIsNan;
  table["IsInf"] = convertIsInf;
}
