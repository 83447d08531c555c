//===- Conversion.cpp - a graph becomes a module of the cnn dialect -------===//

#include "frontends/onnx/Conversion.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::onnx;
using llvm::ArrayRef;
using llvm::StringRef;
using llvm::Twine;

ArrayRef<int64_t> onnx::shapeOf(mlir::Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

std::string onnx::text(ArrayRef<int64_t> shape) {
  std::string out;
  for (int64_t size : shape)
    out += (out.empty() ? "" : ", ") + (size == dynamic ? "N" : std::to_string(size));
  return "[" + out + "]";
}

std::string onnx::text(double number) {
  std::string out;
  llvm::raw_string_ostream(out) << llvm::format("%g", number);
  return out;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

Conversion::Conversion(MLIRContext &context, StringRef file, DiagnosticSink &sink)
    : builder(&context), module(ModuleOp::create(builder.getUnknownLoc())), file(file), sink(sink) {}

FlatSymbolRefAttr Conversion::parameterName(const Tensor &tensor, cnn::ParameterKind kind, StringRef reader) {
  std::string why;
  std::optional<CheckedShape> shape = CheckedShape::get(tensor.shape(), why);
  if (tensor.isSymbolic())
    why = "the size of the batch is part of it";
  if (!why.empty()) {
    sink.error(file, reader + " reads a constant that does not fit: " + why).help("make it a constant of the file, or an input");
    return {};
  }
  double first = 0;
  if (tensor.isSplat())
    first = tensor.number(0);
  // A splat needs no bytes: it is how the parameter starts.
  bool needsBytes = !tensor.isSplat() || !std::isfinite(static_cast<float>(first));
  if (needsBytes && tensor.repeats() && tensor.elements() > int64_t(1) << 22) {
    sink.error(file, reader + " reads a constant of " + Twine(tensor.elements()) + " elements that repeats fewer")
        .help("repeat them where the model is made, or make them 2^22 at most");
    return {};
  }
  // One of each kind; buffers belong to their reader.
  std::string owner = kind == cnn::ParameterKind::Weight ? "" : reader.str();
  Known &known = parameters[tensor.name + "\n" + tensor.viewKey() + "\n" + std::to_string(static_cast<int>(kind)) + "\n" + owner];
  if (known.op)
    return FlatSymbolRefAttr::get(known.op.getSymNameAttr());
  std::string base = tensor.name.empty() ? "constant" : tensor.name, name = base;
  for (size_t &number = numbers[tensor.name]; !tensors.try_emplace(name, tensor.name).second;)
    name = base + "." + std::to_string(++number);
  OpBuilder::InsertionGuard guard(builder);
  if (last)
    builder.setInsertionPointAfter(last);
  else
    builder.setInsertionPointToStart(module->getBody());
  auto init = cnn::InitAttr::get(builder.getContext(), cnn::Distribution::Constant, first, 0);
  last = cnn::ParameterOp::create(builder, builder.getUnknownLoc(), name, kind, shape->type(builder.getContext()), init,
                                  /*frozen=*/!isReal(tensor.type()) && kind == cnn::ParameterKind::Weight,
                                  /*decay=*/false, /*doc=*/nullptr, /*value=*/nullptr);
  if (needsBytes)
    values[name] = [tensor](int64_t begin, llvm::MutableArrayRef<float> out) { tensor.read(begin, out); };
  known = {tensor, last};
  return FlatSymbolRefAttr::get(last.getSymNameAttr());
}

mlir::Value Conversion::parameter(const Tensor &tensor, cnn::ParameterKind kind, StringRef reader) {
  FlatSymbolRefAttr name = parameterName(tensor, kind, reader);
  if (!name)
    return {};
  Type type = RankedTensorType::get(tensor.shape(), builder.getF32Type());
  return cnn::ReadOp::create(builder, builder.getUnknownLoc(), type, name);
}

void Conversion::pruneParameters(func::FuncOp forward) {
  if (trains)
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(forward.front())))
      if (isOpTriviallyDead(&op))
        op.erase();
  llvm::DenseSet<mlir::Attribute> read;
  forward.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs())
      if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        read.insert(symbol.getAttr());
  });
  for (auto parameter : llvm::make_early_inc_range(module->getOps<cnn::ParameterOp>()))
    if (!read.contains(parameter.getSymNameAttr())) {
      values.erase(parameter.getSymName().str());
      parameter.erase();
    }
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

cnnc::Diagnostic &Call::refuse(const Twine &what) {
  hasFailed = true;
  return conversion.sink.error(conversion.file, node.str() + " " + what);
}

const onnx::Attribute *Call::typed(StringRef name, onnx::Attribute::Kind kind, StringRef what) {
  const onnx::Attribute *attribute = node.attribute(name);
  if (!attribute || attribute->kind == kind)
    return attribute;
  refuse("has an attribute '" + name + "' that is not " + what, "export the model again");
  return nullptr;
}

int64_t Call::integer(StringRef name, int64_t fallback) {
  const onnx::Attribute *attribute = typed(name, onnx::Attribute::Kind::Integer, "an integer");
  return attribute ? attribute->integers[0] : fallback;
}

double Call::number(StringRef name, double fallback) {
  const onnx::Attribute *attribute = typed(name, onnx::Attribute::Kind::Real, "a number");
  if (!attribute)
    return fallback;
  if (!std::isnan(attribute->reals[0]))
    return attribute->reals[0];
  refuse("has an attribute '" + name + "' that is not a number but NaN", "export the model again");
  return fallback;
}

std::string Call::string(StringRef name, StringRef fallback) {
  const onnx::Attribute *attribute = typed(name, onnx::Attribute::Kind::Text, "a text");
  return attribute ? attribute->texts[0] : fallback.str();
}

std::optional<Shape> Call::integers(StringRef name) {
  const onnx::Attribute *attribute = typed(name, onnx::Attribute::Kind::Integers, "a list of integers");
  if (!attribute)
    return std::nullopt;
  return Shape(attribute->integers.begin(), attribute->integers.end());
}

//===----------------------------------------------------------------------===//
// Operands and results
//===----------------------------------------------------------------------===//

const onnx::Value &Call::operand(size_t i) const {
  static const onnx::Value unknown;
  if (i < formed.size())
    return formed[i];
  auto found = has(i) ? conversion.named.find(node.inputs[i]) : conversion.named.end();
  return found == conversion.named.end() ? unknown : found->second;
}

bool Call::ready(size_t required) {
  for (size_t i = 0; i < required; ++i)
    if (!has(i)) {
      refuse("has no operand " + Twine(i + 1) + ", and needs " + Twine(required), "export the model again");
      return false;
    }
  bool known = true;
  for (size_t i = 0; i < operands(); ++i)
    if (has(i) && operand(i).kind == onnx::Value::Kind::Unknown) {
      known = false;
      if (!operand(i).missing.empty())
        refuse("reads '" + node.inputs[i] + "', " + operand(i).missing, "export the model without it");
    }
  return known && !hasFailed;
}

Shape Call::shape(size_t i) const {
  const onnx::Value &value = operand(i);
  if (value.kind != onnx::Value::Kind::Runtime)
    return Shape(value.constant.shape());
  Shape shape(shapeOf(value.runtime));
  if (value.parts > 1)
    shape.erase(shape.begin() + 1);
  if (value.batchAxis)
    std::rotate(shape.begin(), shape.begin() + 1, shape.begin() + value.batchAxis + 1);
  return shape;
}

mlir::Value Call::runtime(size_t i) {
  const onnx::Value &value = operand(i);
  if (value.kind == onnx::Value::Kind::Runtime)
    return value.runtime;
  if (value.kind == onnx::Value::Kind::Constant)
    return parameter(value.constant);
  refuse("has no operand " + Twine(i + 1), "export the model again");
  return {};
}

mlir::Value Call::parameter(const Tensor &tensor) {
  if (tensor.type() == ElementType::Undefined) {
    refuse("computes with an operand that is left out", "export the model again");
    return {};
  }
  constexpr int64_t exact = 1 << 24;
  for (int64_t i = 0,
               count = isReal(tensor.type()) ? 0 : std::min<int64_t>(tensor.elements(), tensor.isSplat() ? 1 : tensor.elements());
       i < count; ++i)
    if (int64_t integer = tensor.at(i).integer; integer < -exact || integer > exact) {
      refuse("computes with " + Twine(integer) + " of '" + tensor.name + "' at run time",
             "integers are exact up to 2^24 there: use smaller ones");
      return {};
    }
  mlir::Value result = conversion.parameter(tensor, cnn::ParameterKind::Weight, node.str());
  hasFailed |= !result;
  return result;
}

const Tensor *Call::constant(size_t i, StringRef why) {
  if (isConstant(i) || operand(i).isKnown)
    return &operand(i).constant;
  if (!has(i)) {
    refuse("has no operand " + Twine(i + 1) + ", " + why, "export the model again");
    return nullptr;
  }
  refuse("takes " + why + " from '" + node.inputs[i] + "', which is only known at run time",
         "give it a value with --const=" + Twine(node.inputs[i]) + "=<file.npy> if it is an input");
  return nullptr;
}

std::optional<Shape> Call::constantIntegers(size_t i, StringRef why) {
  const Tensor *tensor = constant(i, why);
  if (!tensor)
    return std::nullopt;
  if (isReal(tensor->type()) || tensor->elements() > 1024 || tensor->isSymbolic()) {
    refuse("takes " + why + " from '" + node.inputs[i] + "', which is " +
               (tensor->isSymbolic() ? "not the same for every size of the batch" : "no list of integers"),
           "export the model again");
    return std::nullopt;
  }
  Shape values;
  for (int64_t j = 0; j < tensor->elements(); ++j)
    values.push_back(tensor->at(j).integer);
  return values;
}

std::optional<size_t> Call::axis(int64_t axis, size_t rank) {
  int64_t count = rank;
  if (axis >= -count && axis < count)
    return axis < 0 ? axis + count : axis;
  refuse("works along dimension " + Twine(axis) + " of a tensor that has " + Twine(count), "export the model again");
  return std::nullopt;
}

std::optional<Shape> Call::axes(const std::optional<Shape> &attribute, size_t rank) {
  std::optional<Shape> given = has(1) ? constantIntegers(1, "axes") : attribute.value_or(Shape());
  if (!given)
    return std::nullopt;
  for (int64_t &one : *given) {
    std::optional<size_t> dimension = axis(one, rank);
    if (!dimension)
      return std::nullopt;
    one = static_cast<int64_t>(*dimension);
  }
  llvm::sort(*given);
  return given;
}

mlir::Value Call::reshape(mlir::Value value, ArrayRef<int64_t> shape) {
  return !value || shapeOf(value) == shape ? value : emit<cnn::ReshapeOp>(shape, value);
}

void Call::set(size_t i, mlir::Value value, ElementType type) {
  if (i < results.size() && value)
    results[i] = onnx::Value::atRuntime(value, type);
}

void Call::set(size_t i, Tensor tensor) {
  if (i < results.size())
    results[i] = onnx::Value::ofConstant(std::move(tensor));
}

RankedTensorType Call::checked(ArrayRef<int64_t> shape) {
  // Steps of sequences and planes of volumes are ops of their own.
  constexpr size_t mostOps = size_t(1) << 20;
  if (++conversion.ops > mostOps) {
    refuse("makes more than " + Twine(mostOps) + " ops of the model", "use shorter sequences or fewer nodes");
    return {};
  }
  if (llvm::is_contained(shape.drop_front(!shape.empty()), dynamic)) {
    refuse("makes " + text(shape), "the batch stays the first dimension");
    return {};
  }
  std::string why;
  if (std::optional<CheckedShape> good = CheckedShape::get(shape, why))
    return good->type(conversion.builder.getContext());
  refuse("makes " + why, "check the sizes of the inputs");
  return {};
}

bool Call::checkedElements(ArrayRef<int64_t> shape) {
  // The smallest integer of a file is not the batch, which a constant does not have.
  if (llvm::is_contained(shape, dynamic)) {
    refuse("makes a constant of a size of " + Twine(dynamic), "sizes are not negative");
    return false;
  }
  Shape positive(shape);
  std::replace(positive.begin(), positive.end(), int64_t(0), int64_t(1));
  return checked(positive) != nullptr;
}

Location Call::location() {
  OpBuilder &b = conversion.builder;
  Location place = FileLineColLoc::get(b.getContext(), conversion.file, 0, 0);
  StringRef name = node.name.empty() && !node.outputs.empty() ? StringRef(node.outputs[0]) : StringRef(node.name);
  return NameLoc::get(b.getStringAttr(name), place);
}
