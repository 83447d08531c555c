//===- Window.cpp - which places a pooling window covers ------------------===//

#include "passes/tile/Window.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cnnc::tile {

/// Places of a window that are written one after the other, without a loop.
constexpr int64_t unrolled = 16;

static Value smaller(StageBuilder &s, Value a, Value b) { return s.b.createOrFold<arith::MinSIOp>(s.loc, a, b); }
static Value larger(StageBuilder &s, Value a, Value b) { return s.b.createOrFold<arith::MaxSIOp>(s.loc, a, b); }

Window::Range Window::covered(StageBuilder &s, unsigned dimension, Value p) const {
  int64_t size = dimension ? input.width : input.height, windows = dimension ? output.width : output.height;
  int64_t before = pad[dimension], step = stride[dimension], length = kernel[dimension];
  Value first = s.sub(s.mul(p, step), s.index(before)), last = s.add(first, length);
  if (before)
    first = larger(s, first, s.index(0));
  if ((windows - 1) * step - before + length > size)
    last = smaller(s, last, s.index(size));
  return {first, last};
}

Window::Range Window::covering(StageBuilder &s, unsigned dimension, Value y) const {
  int64_t windows = dimension ? output.width : output.height, step = stride[dimension];
  Value inPadded = s.add(y, pad[dimension]);
  Value beforeFirst = larger(s, s.add(inPadded, step - kernel[dimension]), s.index(0));
  return {s.div(beforeFirst, step), smaller(s, s.add(s.div(inPadded, step), 1), s.index(windows))};
}

Window::Values Window::forEachCovered(StageBuilder &s, Value p, Value q, ValueRange carried, Step step) const {
  Range rows = covered(s, 0, p), columns = covered(s, 1, q);
  bool whole = llvm::all_of(pad, [](int64_t size) { return size == 0; });
  if (whole && kernel[0] * kernel[1] <= unrolled) {
    Values values(carried);
    for (int64_t r = 0; r < kernel[0]; ++r)
      for (int64_t c = 0; c < kernel[1]; ++c)
        values = step(s.add(rows.first, r), s.add(columns.first, c), values);
    return values;
  }
  return s.forEach(rows.first, rows.last, 1, carried, [&](Value y, ValueRange inRow) {
    return s.forEach(columns.first, columns.last, 1, inRow, [&](Value x, ValueRange values) { return step(y, x, values); });
  });
}

Window::Values Window::forEachCovering(StageBuilder &s, Value y, Value x, ValueRange carried, Step step) const {
  Range rows = covering(s, 0, y), columns = covering(s, 1, x);
  return s.forEach(rows.first, rows.last, 1, carried, [&](Value p, ValueRange inRow) {
    return s.forEach(columns.first, columns.last, 1, inRow, [&](Value q, ValueRange values) { return step(p, q, values); });
  });
}

bool Window::isTiling() const {
  return kernel == stride && llvm::all_of(pad, [](int64_t size) { return size == 0; }) && kernel[0] * kernel[1] <= unrolled;
}

void Window::forEachTile(StageBuilder &s, llvm::function_ref<void(Value, Value, const Covered &)> body,
                         llvm::function_ref<void(Value, Value)> outside) const {
  s.forEach(0, output.height, 1, [&](Value p) {
    s.forEach(0, output.width, 1, [&](Value q) {
      Covered places;
      for (int64_t r = 0; r < kernel[0]; ++r)
        for (int64_t c = 0; c < kernel[1]; ++c)
          places.push_back({s.add(s.mul(p, kernel[0]), r), s.add(s.mul(q, kernel[1]), c)});
      body(p, q, places);
    });
  });
  auto fill = [&](int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
    if (y0 < y1 && x0 < x1)
      s.forEach(y0, y1, 1, [&](Value y) { s.forEach(x0, x1, 1, [&](Value x) { outside(y, x); }); });
  };
  int64_t rows = output.height * kernel[0], columns = output.width * kernel[1];
  fill(0, rows, columns, input.width);
  fill(rows, input.height, 0, input.width);
}

Value Window::firstCovered(StageBuilder &s, Value p, Value q) const {
  return s.add(s.mul(covered(s, 0, p).first, input.width), covered(s, 1, q).first);
}

Value Window::inverseCount(StageBuilder &s, Value p, Value q, bool countPad) const {
  if (countPad)
    return s.scalar(1.0 / (kernel[0] * kernel[1]));
  Range rows = covered(s, 0, p), columns = covered(s, 1, q);
  Value count = s.mul(s.sub(rows.last, rows.first), s.sub(columns.last, columns.first));
  Value whole = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), count);
  return s.divf(s.scalar(1), arith::SIToFPOp::create(s.b, s.loc, s.b.getF32Type(), whole));
}

} // namespace cnnc::tile
