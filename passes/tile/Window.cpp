//===- Window.cpp - which places a pooling window covers ------------------===//

#include "passes/tile/Window.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace cnnc::tile {

/// Places of a window that are written one after the other, without a loop.
constexpr int64_t unrolled = 16;

static Value smaller(StageBuilder &s, Value a, Value b) { return s.b.createOrFold<arith::MinSIOp>(s.loc, a, b); }
static Value larger(StageBuilder &s, Value a, Value b) { return s.b.createOrFold<arith::MaxSIOp>(s.loc, a, b); }

Window::Range Window::covered(StageBuilder &s, unsigned dimension, Value p) const {
  int64_t before = pad[dimension], apart = dilation[dimension], span = apart * (kernel[dimension] - 1) + 1;
  Value start = s.sub(s.mul(p, stride[dimension]), s.index(before)), first = start, last = s.add(start, span);
  if (before && apart == 1) {
    first = larger(s, start, s.index(0));
  } else if (before) {
    Value outside = larger(s, s.sub(s.index(0), start), s.index(0));
    first = s.add(start, s.mul(s.div(s.add(outside, apart - 1), apart), apart));
  }
  if (!endsWithin(dimension, inputSize(dimension)))
    last = smaller(s, last, s.index(inputSize(dimension)));
  return {first, last};
}

Window::Range Window::covering(StageBuilder &s, unsigned dimension, Value y) const {
  int64_t step = stride[dimension];
  Value inPadded = s.add(y, pad[dimension]);
  Value beforeFirst = larger(s, s.add(inPadded, step - kernel[dimension]), s.index(0));
  return {s.div(beforeFirst, step), smaller(s, s.add(s.div(inPadded, step), 1), s.index(windows(dimension)))};
}

Window::Values Window::forEachCovered(StageBuilder &s, Value p, Value q, ValueRange carried, Step step) const {
  Range rows = covered(s, 0, p), columns = covered(s, 1, q);
  bool whole =
      llvm::all_of(pad, [](int64_t size) { return size == 0; }) && endsWithin(0, input.height) && endsWithin(1, input.width);
  if (whole && kernel[0] * kernel[1] <= unrolled) {
    Values values(carried);
    for (int64_t r = 0; r < kernel[0]; ++r)
      for (int64_t c = 0; c < kernel[1]; ++c)
        values = step(s.add(rows.first, r * dilation[0]), s.add(columns.first, c * dilation[1]), values);
    return values;
  }
  return s.forEach(rows.first, rows.last, dilation[0], carried, [&](Value y, ValueRange inRow) {
    return s.forEach(columns.first, columns.last, dilation[1], inRow,
                     [&](Value x, ValueRange values) { return step(y, x, values); });
  });
}

Window::Values Window::forEachCoveringAlong(StageBuilder &s, unsigned dimension, Value y, ValueRange carried,
                                            llvm::function_ref<Values(Value, ValueRange)> step) const {
  if (dilation[dimension] == 1) {
    Range range = covering(s, dimension, y);
    return s.forEach(range.first, range.last, 1, carried, step);
  }
  // Tap t of window p is at p · stride + t · dilation - pad: there may be no such p.
  Value zero = s.index(0), inPadded = s.add(y, pad[dimension]);
  return s.forEach(zero, s.index(kernel[dimension]), 1, carried, [&](Value tap, ValueRange soFar) {
    Value start = s.sub(inPadded, s.mul(tap, dilation[dimension])), safe = larger(s, start, zero),
          p = s.div(safe, stride[dimension]);
    Value isWhole = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::eq, s.mul(p, stride[dimension]), start);
    Value isWindow = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::slt, p, s.index(windows(dimension)));
    Value exists = arith::AndIOp::create(s.b, s.loc, isWhole, isWindow);
    Values next = step(arith::SelectOp::create(s.b, s.loc, exists, p, zero), soFar);
    for (auto [after, before] : llvm::zip_equal(next, soFar))
      after = arith::SelectOp::create(s.b, s.loc, exists, after, before);
    return next;
  });
}

Window::Values Window::forEachCovering(StageBuilder &s, Value y, Value x, ValueRange carried, Step step) const {
  return forEachCoveringAlong(s, 0, y, carried, [&](Value p, ValueRange inRow) {
    return forEachCoveringAlong(s, 1, x, inRow, [&](Value q, ValueRange values) { return step(p, q, values); });
  });
}

bool Window::isTiling() const {
  return kernel == stride && llvm::all_of(pad, [](int64_t size) { return size == 0; }) && dilation[0] == 1 && dilation[1] == 1 &&
         endsWithin(0, input.height) && endsWithin(1, input.width) && kernel[0] * kernel[1] <= unrolled;
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

Value Window::count(StageBuilder &s, unsigned dimension, Value p, bool countPad) const {
  int64_t apart = dilation[dimension], size = inputSize(dimension) + pad[dimension + 2];
  Range range = covered(s, dimension, p);
  if (countPad) {
    if (endsWithin(dimension, size))
      return s.index(kernel[dimension]);
    range.first = s.sub(s.mul(p, stride[dimension]), s.index(pad[dimension]));
    range.last = smaller(s, s.add(range.first, apart * (kernel[dimension] - 1) + 1), s.index(size));
  }
  return s.div(s.add(s.sub(range.last, range.first), apart - 1), apart);
}

Value Window::inverseCount(StageBuilder &s, Value p, Value q, bool countPad) const {
  Value all = s.mul(count(s, 0, p, countPad), count(s, 1, q, countPad));
  if (std::optional<int64_t> known = getConstantIntValue(all))
    return s.scalar(1.0 / *known);
  Value whole = arith::IndexCastOp::create(s.b, s.loc, s.b.getI32Type(), all);
  return s.divf(s.scalar(1), arith::SIToFPOp::create(s.b, s.loc, s.b.getF32Type(), whole));
}

} // namespace cnnc::tile
