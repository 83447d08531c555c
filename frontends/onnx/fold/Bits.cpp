//===- Bits.cpp - constants bit by bit ------------------------------------===//

#include "frontends/onnx/fold/Tables.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/MathExtras.h"

using namespace cnnc;
using namespace cnnc::onnx;

static bool isSigned(ElementType type) {
  return type == ElementType::I8 || type == ElementType::I16 || type == ElementType::I32 || type == ElementType::I64;
}

/// The low bits, as many as the type has, as a number of the type.
static int64_t wrapped(ElementType type, uint64_t bits) {
  unsigned width = 8 * widthOf(type);
  return isSigned(type) ? llvm::SignExtend64(bits, width)
                        : static_cast<int64_t>(width == 64 ? bits : bits & ((uint64_t(1) << width) - 1));
}

/// True for whole numbers that do not depend on the batch; else an error.
static bool hasBits(Call &call, const Tensor &tensor) {
  if (isReal(tensor.type()) || tensor.isSymbolic()) {
    call.refuse("computes with bits of " + nameOf(tensor.type()) + (tensor.isSymbolic() ? " that depend on the batch" : ""),
                "bits are those of integers that are known");
    return false;
  }
  return isSmall(call, tensor.elements());
}

static void foldNot(Call &call) {
  if (!call.ready() || !hasBits(call, call.operand(0).constant))
    return;
  const Tensor &tensor = call.operand(0).constant;
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i)
    scalars.push_back({0, wrapped(tensor.type(), ~static_cast<uint64_t>(tensor.at(i).integer)), 0});
  call.set(0, Tensor(tensor.type(), tensor.shape(), scalars));
}

using Function = uint64_t (*)(int64_t, int64_t, unsigned width);

static void foldPairs(Call &call, Function function) {
  if (!call.ready(2) || !hasBits(call, call.operand(0).constant) || !hasBits(call, call.operand(1).constant))
    return;
  ElementType type = call.type(0);
  std::optional<Shape> shape = broadcastShape(call, {call.shape(0), call.shape(1)});
  if (!shape || !isSmall(call, elementsOf(*shape)))
    return;
  Tensor a = call.operand(0).constant.broadcast(*shape), b = call.operand(1).constant.broadcast(*shape);
  std::vector<Scalar> scalars;
  for (int64_t i = 0, e = elementsOf(*shape); i < e; ++i)
    scalars.push_back({0, wrapped(type, function(a.at(i).integer, b.at(i).integer, 8 * widthOf(type))), 0});
  call.set(0, Tensor(type, *shape, scalars));
}

template <Function function> static void foldBits(Call &call) { foldPairs(call, function); }

static uint64_t bothBits(int64_t a, int64_t b, unsigned) { return a & b; }
static uint64_t eitherBits(int64_t a, int64_t b, unsigned) { return a | b; }
static uint64_t differentBits(int64_t a, int64_t b, unsigned) { return a ^ b; }
static uint64_t shiftedLeft(int64_t a, int64_t by, unsigned width) {
  return static_cast<uint64_t>(by) < width ? static_cast<uint64_t>(a) << by : 0;
}
/// A sign stays, however far.
static uint64_t shiftedRight(int64_t a, int64_t by, unsigned width) { return a >> (static_cast<uint64_t>(by) < width ? by : 63); }
static uint64_t shiftedRightUnsigned(int64_t a, int64_t by, unsigned width) {
  return static_cast<uint64_t>(by) < width ? static_cast<uint64_t>(a) >> by : 0;
}

static void foldShift(Call &call) {
  std::string direction = call.string("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    call.refuse("has direction '" + direction + "'", "it is LEFT or RIGHT");
  if (call.ready(2))
    foldPairs(call, direction == "LEFT" ? shiftedLeft : isSigned(call.type(0)) ? shiftedRight : shiftedRightUnsigned);
}

/// The bits that an element has in the file.
static uint64_t bitsOf(ElementType type, Scalar scalar) {
  switch (type) {
  case ElementType::F32:
    return llvm::bit_cast<uint32_t>(static_cast<float>(scalar.real));
  case ElementType::F64:
    return llvm::bit_cast<uint64_t>(scalar.real);
  default:
    return scalar.integer;
  }
}

/// The same bits as numbers of another type of the same width.
static void foldBitCast(Call &call) {
  auto to = static_cast<ElementType>(call.integer("to", 0));
  if (!call.ready())
    return;
  const Tensor &tensor = call.operand(0).constant;
  auto isHalf = [](ElementType type) { return type == ElementType::F16 || type == ElementType::BF16; };
  if (widthOf(to) == 0 || widthOf(to) != widthOf(tensor.type()) || isHalf(to) || isHalf(tensor.type()) || tensor.isSymbolic())
    return call.refuse("takes bits of " + nameOf(tensor.type()) + " as " + nameOf(to),
                       "both are integers, float or double, of one width");
  if (!isSmall(call, tensor.elements()))
    return;
  std::vector<Scalar> scalars;
  for (int64_t i = 0; i < tensor.elements(); ++i) {
    uint64_t bits = bitsOf(tensor.type(), tensor.at(i));
    scalars.push_back({0, isReal(to) ? 0 : wrapped(to, bits),
                       to == ElementType::F32   ? llvm::bit_cast<float>(static_cast<uint32_t>(bits))
                       : to == ElementType::F64 ? llvm::bit_cast<double>(bits)
                                                : 0});
  }
  call.set(0, Tensor(to, tensor.shape(), scalars));
}

void onnx::addBitFolders(Table &table) {
  table["BitwiseAnd"] = foldBits<bothBits>;
  table["BitwiseOr"] = foldBits<eitherBits>;
  table["BitwiseXor"] = foldBits<differentBits>;
  table["BitwiseNot"] = foldNot;
  table["BitShift"] = foldShift;
  table["BitCast"] = foldBitCast;
}
