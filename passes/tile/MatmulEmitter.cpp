//===- MatmulEmitter.cpp - products of row-major matrices -----------------===//
//
// A register tile is some rows by some vectors of 16 columns; an element of
// the left side is broadcast and meets a row of the right side. A task is a
// band of rows of one product; the sum over k runs in order, cut at places that
// the shape alone decides, so that no result depends on the tile or on the threads.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Rows.h"
#include "passes/tile/Tiling.h"

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

class Matmul {
public:
  Matmul(KernelBuilder &kernel, cnn::MatmulOp op)
      : kernel(kernel), op(op), lhs(kernel.view(op.getLhs())), rhs(kernel.view(op.getRhs())), lhsType(op.getLhs().getType()),
        rhsType(op.getRhs().getType()) {
    ArrayRef<int64_t> matrix = lhsType.getShape().take_back(2);
    m = matrix[op.getTransposeLhs()], k = matrix[!op.getTransposeLhs()], n = rhsType.getShape().back();
    // One register for a row of the right side per vector, one for the broadcast element.
    int64_t accumulators = kernel.target.blockRegisters() - 1;
    columns = n > blockSize ? 2 : 1;
    rows = std::max<int64_t>(1, std::min<int64_t>(m, (accumulators - columns) / columns));
  }
  void emit();

private:
  void emitTile(StageBuilder &s, const Index &product, Value row, int64_t tileRows, Value column, int64_t vectors, Value count);
  SmallVector<Value> multiply(StageBuilder &s, const Index &product, Value row, int64_t tileRows, Value column, int64_t vectors,
                              Value count, ValueRange sums);

  KernelBuilder &kernel;
  cnn::MatmulOp op;
  const TensorView &lhs, &rhs;
  RankedTensorType lhsType, rhsType;
  int64_t m, k, n, rows, columns;
};

SmallVector<Value> Matmul::multiply(StageBuilder &s, const Index &product, Value row, int64_t tileRows, Value column,
                                    int64_t vectors, Value count, ValueRange sums) {
  auto addProduct = [&](Value i, ValueRange soFar) {
    SmallVector<Value> next, right;
    for (int64_t v = 0; v < vectors; ++v) {
      Index at(rhsType.getRank() == 2 ? Index() : product);
      at.append({i, s.add(column, v * blockSize)});
      right.push_back(rhs.loadLanes(s.b, s.loc, rowPlace(at, count)));
    }
    for (int64_t r = 0; r < tileRows; ++r) {
      Index at(product);
      Value y = s.add(row, r);
      at.append({op.getTransposeLhs() ? i : y, op.getTransposeLhs() ? y : i});
      Value left = s.broadcast(lhs.loadElement(s.b, s.loc, at));
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(s.fma(left, right[v], soFar[r * vectors + v]));
    }
    return next;
  };
  if (k <= mostTerms && !op.getSumProducts())
    return s.forEach(s.index(0), s.index(k), 1, sums, addProduct);
  SmallVector<Value> all(sums), zeros(sums.size(), s.splat(0));
  for (const Run &run : balancedRuns(k, mostTerms))
    all = s.forEach(s.index(run.first), s.index(run.first + run.count * run.size), run.size, all,
                    [&](Value first, ValueRange before) {
                      return s.addEach(before, s.forEach(first, s.add(first, run.size), 1, zeros, addProduct));
                    });
  return all;
}

void Matmul::emitTile(StageBuilder &s, const Index &product, Value row, int64_t tileRows, Value column, int64_t vectors,
                      Value count) {
  SmallVector<Value> sums(tileRows * vectors, s.splat(0));
  if (!op.getSumProducts()) {
    sums = multiply(s, product, row, tileRows, column, vectors, count, sums);
  } else {
    Index index;
    auto over = [&](auto &&self, ArrayRef<int64_t> sizes, ValueRange soFar) -> SmallVector<Value> {
      if (sizes.empty())
        return multiply(s, index, row, tileRows, column, vectors, count, soFar);
      return s.forEach(s.index(0), ShapedType::isDynamic(sizes[0]) ? s.n : s.index(sizes[0]), 1, soFar,
                       [&](Value i, ValueRange carried) {
                         index.push_back(i);
                         SmallVector<Value> next = self(self, sizes.drop_front(), carried);
                         index.pop_back();
                         return next;
                       });
    };
    sums = over(over, lhsType.getShape().drop_back(2), sums);
  }
  for (int64_t r = 0; r < tileRows; ++r)
    for (int64_t v = 0; v < vectors; ++v) {
      Index at(op.getSumProducts() ? Index() : product);
      at.append({s.add(row, r), s.add(column, v * blockSize)});
      kernel.finish(s, rowPlace(at, count), sums[r * vectors + v]);
    }
}

void Matmul::emit() {
  bool isBatch = kernel.result(0).isBatch();
  SmallVector<int64_t> leading;
  if (!op.getSumProducts())
    leading.assign(lhsType.getShape().begin() + isBatch, lhsType.getShape().end() - 2);
  int64_t products = 1;
  for (int64_t size : leading)
    products *= size;
  // Bands of rows, of whole tiles; about 10 microseconds each.
  int64_t bands = std::clamp<int64_t>(tasksForFlops(2 * m * n * k), 1, ceilDiv(m, rows)),
          bandRows = ceilDiv(ceilDiv(m, rows), bands) * rows;
  bands = ceilDiv(m, bandRows);
  int64_t tasks = products * bands;
  kernel.stage(isBatch ? tasks : 0, isBatch ? 0 : tasks, [&](StageBuilder &s) {
    Value number = isBatch ? s.rem(s.task, tasks) : s.task;
    Value first = s.mul(s.rem(number, bands), bandRows);
    Index product;
    number = s.div(number, bands);
    for (int64_t size : llvm::reverse(leading)) {
      product.push_back(s.rem(number, size));
      number = s.div(number, size);
    }
    if (isBatch)
      product.push_back(s.div(s.task, tasks));
    std::reverse(product.begin(), product.end());
    Value last = s.b.createOrFold<arith::MinUIOp>(s.loc, s.add(first, bandRows), s.index(m));
    auto columnsOf = [&](Value row, int64_t tileRows) {
      int64_t wide = n / (columns * blockSize) * columns * blockSize, whole = n / blockSize * blockSize;
      s.forEach(0, wide, columns * blockSize, [&](Value column) { emitTile(s, product, row, tileRows, column, columns, {}); });
      s.forEach(wide, whole, blockSize, [&](Value column) { emitTile(s, product, row, tileRows, column, 1, {}); });
      if (whole < n)
        emitTile(s, product, row, tileRows, s.index(whole), 1, s.index(n - whole));
    };
    Value end = s.add(first, s.mul(s.div(s.sub(last, first), rows), rows));
    s.forEach(first, end, rows, [&](Value row) { columnsOf(row, rows); });
    if (m % rows != 0)
      s.forEach(end, last, 1, [&](Value row) { columnsOf(row, 1); });
  });
}

void matmul(KernelBuilder &kernel, cnn::MatmulOp op) { Matmul(kernel, op).emit(); }

} // namespace

void registerMatmulEmitter(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) { attachLeader<cnn::MatmulOp, matmul>(context); });
}

} // namespace cnnc::tile
