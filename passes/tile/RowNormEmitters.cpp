//===- RowNormEmitters.cpp - softmax and layer norm along rows ------------===//

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/Emitters.h"
#include "passes/tile/Leader.h"
#include "passes/tile/Math.h"
#include "passes/tile/Reduction.h"
#include "passes/tile/Rows.h"
#include <limits>

using namespace mlir;

namespace cnnc::tile {
namespace {

using plan::blockSize;

/// One row of a tensor: the loops over its elements, 16 at a time.
class Row {
public:
  Row(StageBuilder &s, KernelBuilder &kernel, const Index &start, int64_t length)
      : s(s), kernel(kernel), start(start), length(length) {}

  Value load(Value tensor, Value i, Value count) {
    Index at(start);
    at.back() = i;
    return kernel.load(s, rowPlace(at, count), tensor);
  }
  void finish(llvm::function_ref<Value(Value i, Value count)> lanes) {
    forEachVector(s, s.index(0), s.index(length), [&](Value i, Value count) {
      Index at(start);
      at.back() = i;
      kernel.finish(s, rowPlace(at, count), lanes(i, count));
    });
  }
  /// Combines what `lanes` gives, 16 partial results side by side; lanes beyond the row count as `neutral`.
  Value combine(double neutral, Value (StageBuilder::*with)(Value, Value),
                llvm::function_ref<Value(Value i, Value count)> lanes) {
    int64_t whole = length / blockSize * blockSize;
    Value start = s.splat(neutral);
    Value result = s.forEach(s.index(0), s.index(whole), blockSize, ValueRange{start},
                             [&](Value i, ValueRange soFar) -> Values { return {(s.*with)(soFar[0], lanes(i, {}))}; })[0];
    if (whole == length)
      return result;
    Value count = s.index(length - whole);
    Value exists = vector::CreateMaskOp::create(s.b, s.loc, VectorType::get({blockSize}, s.b.getI1Type()), count);
    return (s.*with)(result, math::select(s, exists, lanes(s.index(whole), count), start));
  }
  Value sum(llvm::function_ref<Value(Value i, Value count)> lanes) {
    return sumOfLanes(s, combine(0, &StageBuilder::addf, lanes));
  }
  /// The mean, in all lanes.
  Value mean(llvm::function_ref<Value(Value i, Value count)> lanes) {
    return s.broadcast(s.mulf(sum(lanes), s.scalar(1 / static_cast<double>(length))));
  }

private:
  StageBuilder &s;
  KernelBuilder &kernel;
  Index start;
  int64_t length;
};

void stageOverRowsOf(KernelBuilder &kernel, RankedTensorType type, llvm::function_ref<void(StageBuilder &, Row)> body) {
  SmallVector<int64_t> shape(type.getShape());
  int64_t length = shape.back();
  shape.back() = 1;
  kernel.stageOverRows(type.clone(shape),
                       [&](StageBuilder &s, const Place &place) { body(s, Row(s, kernel, place.at, length)); });
}

void softmax(KernelBuilder &kernel, cnn::RowSoftmaxOp op) {
  stageOverRowsOf(kernel, op.getType(), [&](StageBuilder &s, Row row) {
    auto input = [&](Value i, Value count) { return row.load(op.getInput(), i, count); };
    Value largest =
        s.broadcast(maximumOfLanes(s, row.combine(-std::numeric_limits<double>::infinity(), &StageBuilder::maxf, input)));
    auto exponential = [&](Value i, Value count) { return math::exp(s, s.subf(input(i, count), largest)); };
    Value inverse = s.broadcast(s.divf(s.scalar(1), row.sum(exponential)));
    row.finish([&](Value i, Value count) { return s.mulf(exponential(i, count), inverse); });
  });
}

void softmaxGrad(KernelBuilder &kernel, cnn::RowSoftmaxGradOp op) {
  stageOverRowsOf(kernel, op.getType(), [&](StageBuilder &s, Row row) {
    auto output = [&](Value i, Value count) { return row.load(op.getOutput(), i, count); };
    auto gradient = [&](Value i, Value count) { return row.load(op.getGradient(), i, count); };
    Value sum = s.broadcast(row.sum([&](Value i, Value count) { return s.mulf(output(i, count), gradient(i, count)); }));
    row.finish([&](Value i, Value count) { return s.mulf(output(i, count), s.subf(gradient(i, count), sum)); });
  });
}

/// Mean and 1 / √(variance + ε) of a row, in all lanes; the variance in a second pass.
std::pair<Value, Value> momentsOf(StageBuilder &s, Row &row, Value tensor, double epsilon) {
  auto input = [&](Value i, Value count) { return row.load(tensor, i, count); };
  Value mean = row.mean(input);
  Value variance = row.mean([&](Value i, Value count) {
    Value distance = s.subf(input(i, count), mean);
    return s.mulf(distance, distance);
  });
  return {mean, s.divf(s.splat(1), math::sqrt(s, s.addf(variance, s.splat(epsilon))))};
}

void layernorm(KernelBuilder &kernel, cnn::LayernormOp op) {
  stageOverRowsOf(kernel, op.getType(), [&](StageBuilder &s, Row row) {
    auto [mean, inverse] = momentsOf(s, row, op.getInput(), op.getEpsilon().convertToDouble());
    row.finish([&, mean = mean, inverse = inverse](Value i, Value count) {
      return s.mulf(s.subf(row.load(op.getInput(), i, count), mean), inverse);
    });
  });
}

void layernormGrad(KernelBuilder &kernel, cnn::LayernormGradOp op) {
  stageOverRowsOf(kernel, op.getType(), [&](StageBuilder &s, Row row) {
    auto [mean, inverse] = momentsOf(s, row, op.getInput(), op.getEpsilon().convertToDouble());
    auto normalised = [&, mean = mean, inverse = inverse](Value i, Value count) {
      return s.mulf(s.subf(row.load(op.getInput(), i, count), mean), inverse);
    };
    auto gradient = [&](Value i, Value count) { return row.load(op.getGradient(), i, count); };
    Value meanGradient = row.mean(gradient);
    Value meanProduct = row.mean([&](Value i, Value count) { return s.mulf(gradient(i, count), normalised(i, count)); });
    row.finish([&, inverse = inverse](Value i, Value count) {
      Value rest = s.subf(s.subf(gradient(i, count), meanGradient), s.mulf(normalised(i, count), meanProduct));
      return s.mulf(rest, inverse);
    });
  });
}

} // namespace

void registerRowNormEmitters(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    attachLeader<cnn::RowSoftmaxOp, softmax>(context);
    attachLeader<cnn::RowSoftmaxGradOp, softmaxGrad>(context);
    attachLeader<cnn::LayernormOp, layernorm>(context);
    attachLeader<cnn::LayernormGradOp, layernormGrad>(context);
  });
}

} // namespace cnnc::tile
