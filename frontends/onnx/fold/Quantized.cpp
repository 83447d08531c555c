//===- Quantized.cpp - constants of few bits ------------------------------===//

#include "frontends/onnx/fold/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// (x - zero point) · scale, with one of these, one for each place of an axis, or one for each block of them.
static void foldDequantize(Call &call) {
  int64_t given = call.integer("axis", 1), block = call.integer("block_size", 0);
  if (!call.ready(2))
    return;
  const Tensor &x = call.operand(0).constant, &scale = call.operand(1).constant;
  const Tensor *zero = call.has(2) ? &call.operand(2).constant : nullptr;
  if (!isSmall(call, x.elements()))
    return;
  bool isOne = scale.elements() == 1;
  std::optional<size_t> axis = isOne ? 0 : call.axis(given, x.rank());
  if (!axis)
    return;
  int64_t size = isOne ? 1 : x.shape()[*axis], places = scale.rank() == 1                 ? size
                                                        : block > 0 && block <= maxFolded ? (size + block - 1) / block
                                                                                          : 0;
  Shape expected(x.shape());
  if (!isOne)
    expected[*axis] = places;
  bool fits = isOne || scale.shape() == (scale.rank() == 1 ? llvm::ArrayRef(places) : llvm::ArrayRef(expected));
  if (!fits || (zero && zero->elements() != scale.elements()))
    return call.refuse("has scales " + text(scale.shape()) + " for " + text(x.shape()),
                       "there is one, one for each place of the axis, or one for each block, and as many zero points");
  int64_t inner = isOne ? 1 : elementsOf(x.shape().drop_front(*axis + 1));
  std::vector<double> numbers;
  for (int64_t i = 0; i < x.elements(); ++i) {
    int64_t along = isOne ? 0 : i / inner % size;
    int64_t place = isOne || scale.rank() == 1 ? along : (i / inner / size * places + along / block) * inner + i % inner;
    numbers.push_back((x.number(i) - (zero ? zero->number(place) : 0)) * scale.number(place));
  }
  Tensor result(ElementType::F32, x.shape(), std::move(numbers));
  result.name = x.name;
  call.set(0, result);
}

void onnx::addQuantizedFolders(Table &table) { table["DequantizeLinear"] = foldDequantize; }
