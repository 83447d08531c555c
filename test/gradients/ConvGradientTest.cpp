//===- ConvGradientTest.cpp - convolution and dense -----------------------===//

#include "test/gradients/GradientCheck.h"
#include "llvm/Support/FormatVariadic.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::test;

TEST(Gradient, Conv) {
  Random random(1);
  for (int i = 0, count = caseCount(500, 5000); i < count; ++i) {
    int64_t groups = random.integer(1, 3), batch = random.integer(1, 3);
    int64_t channels = groups * random.integer(1, 3), kernels = groups * random.integer(1, 3);
    SmallVector<int64_t> stride, dilation, low, high, window, image;
    for (int d = 0; d < 2; ++d) {
      window.push_back(random.integer(1, 4));
      stride.push_back(random.integer(1, 5)); // may pass over elements
      dilation.push_back(random.integer(1, 3));
      low.push_back(random.integer(0, 3));
      high.push_back(random.integer(0, 3));
      int64_t smallest = std::max<int64_t>(1, dilation[d] * (window[d] - 1) + 1 - low[d] - high[d]);
      image.push_back(random.integer(smallest, smallest + 7));
    }
    Tensor x = random.tensor({batch, channels, image[0], image[1]});
    Tensor w = random.tensor({kernels, channels / groups, window[0], window[1]});
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ConvOp::create(builder, loc, arguments[0], arguments[1], stride, {low[0], low[1], high[0], high[1]}, dilation,
                                 groups);
    };
    checkGradients(random, {{x}, {w}}, build,
                   llvm::formatv("conv [{0:$[, ]}] * [{1:$[, ]}] groups {2}", llvm::make_range(x.shape.begin(), x.shape.end()),
                                 llvm::make_range(w.shape.begin(), w.shape.end()), groups)
                       .str());
  }
}

TEST(Gradient, ConvTranspose) {
  Random random(8);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    int64_t groups = random.integer(1, 3), batch = random.integer(1, 3);
    int64_t channels = groups * random.integer(1, 3), kernels = random.integer(1, 3);
    SmallVector<int64_t> stride, dilation, low, high, more, window, image;
    for (int d = 0; d < 2; ++d) {
      window.push_back(random.integer(1, 4));
      stride.push_back(random.integer(1, 4));
      dilation.push_back(random.integer(1, 3));
      more.push_back(random.integer(0, stride[d] - 1));
      image.push_back(random.integer(1, 6));
      int64_t whole = (image[d] - 1) * stride[d] + dilation[d] * (window[d] - 1) + 1 + more[d];
      low.push_back(random.integer(0, std::min<int64_t>(3, whole - 1)));
      high.push_back(random.integer(0, std::min<int64_t>(3, whole - 1 - low[d])));
    }
    Tensor x = random.tensor({batch, channels, image[0], image[1]});
    Tensor w = random.tensor({channels, kernels, window[0], window[1]});
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::ConvTransposeOp::create(builder, loc, arguments[0], arguments[1], stride, {low[0], low[1], high[0], high[1]},
                                          more, dilation, groups);
    };
    checkGradients(random, {{x}, {w}}, build,
                   llvm::formatv("conv_transpose [{0:$[, ]}] * [{1:$[, ]}] groups {2}",
                                 llvm::make_range(x.shape.begin(), x.shape.end()),
                                 llvm::make_range(w.shape.begin(), w.shape.end()), groups)
                       .str());
  }
}

TEST(Gradient, Dense) {
  Random random(2);
  for (int i = 0, count = caseCount(100, 1000); i < count; ++i) {
    int64_t batch = random.integer(1, 5), inputs = random.integer(1, 20), outputs = random.integer(1, 20);
    auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) -> Value {
      return cnn::DenseOp::create(builder, loc, arguments[0], arguments[1]);
    };
    checkGradients(random, {{random.tensor({batch, inputs})}, {random.tensor({outputs, inputs})}}, build,
                   llvm::formatv("dense {0} x {1} -> {2}", batch, inputs, outputs).str());
  }
}
