//===- ConvInputGradEmitter.cpp - gradient of a convolution by its input --===//
//
// As a layer, a transposed convolution; what follows calls its input dy.
// dx is a convolution of dy with the weights seen from the other side. Where
// the stride is more than 1, each residue of a coordinate of dx meets its own
// subset of the taps: a dense convolution per residue, without zeros.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "passes/tile/ContractionEmitters.h"
#include "passes/tile/ConvPlanes.h"

#include <numeric>

using namespace mlir;

namespace cnnc::tile {

using plan::blockSize;

/// Coordinates `residue + stride · m` of dx. Tap r contributes where
/// `residue + pad - r · dilation` is a multiple of the stride: every
/// `stride / gcd`-th tap from the first such one on.
template <typename OpTy> static SmallVector<Axis> inputGradAxes(OpTy op, unsigned dim) {
  int64_t size = op.getType().getDimSize(2 + dim), taps = op.getKernel().getType().getDimSize(2 + dim);
  int64_t stride = op.getStride()[dim], dilation = op.getDilation()[dim], pad = op.getPad()[dim];
  int64_t common = std::gcd(stride, dilation);
  SmallVector<Axis> axes;
  for (int64_t residue = 0; residue < std::min(stride, size); ++residue) {
    Axis axis;
    axis.outputs = ceilDiv(size - residue, stride);
    axis.outFirst = residue;
    axis.outStep = stride;
    axis.weightStep = stride / common;
    axis.sourceStep = -dilation / common;
    axis.taps = 0;
    for (int64_t tap = 0; tap < std::min(taps, axis.weightStep); ++tap)
      if ((residue + pad - tap * dilation) % stride == 0) {
        axis.weightFirst = tap;
        axis.taps = ceilDiv(taps - tap, axis.weightStep);
        axis.sourceFirst = (residue + pad - tap * dilation) / stride;
      }
    axes.push_back(axis);
  }
  return axes;
}

namespace {

/// The weights, as they are and seen from the other side: as the weights of a
/// convolution of dy, with C outputs and, in each group, K / groups inputs.
struct Sides {
  Bank weights, transposed;
  int64_t groups, inputs, outputs; ///< of the convolution: groups, C / groups, K / groups
};

} // namespace

/// A stage that turns blocks of 16 outputs by up to 16 inputs. Inputs that do
/// not exist become lanes of zeros.
static void emitBlockTransposition(KernelBuilder &kernel, const Sides &sides) {
  const Bank &from = sides.weights, &to = sides.transposed;
  int64_t blocksOfGroup = to.inputBlocks;
  kernel.stage(0, blocksOfGroup * sides.groups, [&](StageBuilder &s) {
    Value group = s.div(s.task, blocksOfGroup), within = s.rem(s.task, blocksOfGroup);
    s.forEach(0, from.inputBlocks, 1, [&](Value block) {
      Value target = s.add(s.mul(group, from.inputBlocks), block);
      s.forEach(0, from.rows, 1, [&](Value r) {
        s.forEach(0, from.columns, 1,
                  [&](Value t) { transposeBlock(s, kernel.target, from, {s.task, block, r, t}, to, {target, within, r, t}); });
      });
    });
  });
}

/// The same element by element, for groups that do not fill blocks.
static void emitElementTransposition(KernelBuilder &kernel, const Sides &sides) {
  const Bank &from = sides.weights, &to = sides.transposed;
  int64_t channels = sides.inputs * sides.groups;
  kernel.stage(0, ceilDiv(channels, blockSize), [&](StageBuilder &s) {
    Value last = s.index(channels - 1), zero = s.scalar(0);
    s.forEach(0, sides.outputs, 1, [&](Value j) {
      s.forEach(0, from.rows, 1, [&](Value r) {
        s.forEach(0, from.columns, 1, [&](Value t) {
          Value lanes = s.splat(0);
          for (int64_t i = 0; i < blockSize; ++i) {
            Value channel = s.add(s.mul(s.task, blockSize), i);
            Value exists = arith::CmpIOp::create(s.b, s.loc, arith::CmpIPredicate::ule, channel, last);
            channel = arith::MinUIOp::create(s.b, s.loc, channel, last);
            Value k = s.add(s.mul(s.div(channel, sides.inputs), sides.outputs), j), c = s.rem(channel, sides.inputs);
            Value weight = memref::LoadOp::create(
                s.b, s.loc, from.memref,
                ValueRange{s.div(k, blockSize), s.div(c, from.block), r, t, s.rem(c, from.block), s.rem(k, blockSize)});
            weight = arith::SelectOp::create(s.b, s.loc, exists, weight, zero);
            lanes = vector::InsertOp::create(s.b, s.loc, weight, lanes, i);
          }
          to.store(s, s.task, s.div(j, to.block), r, t, s.rem(j, to.block), lanes);
        });
      });
    });
  });
}

template <typename OpTy> static LogicalResult emitTransposed(OpTy op, KernelBuilder &kernel) {
  const TensorView &gradient = kernel.view(op->getOperand(0)), &weights = kernel.view(op.getKernel());
  if (failed(requireHalo(op, gradient, op.getReach(0))))
    return failure();
  RankedTensorType type = op.getKernel().getType();
  int64_t groups = op.getGroups(), inputs = type.getDimSize(1), outputs = type.getDimSize(0) / groups,
          block = weights.getLayout().getBlock();
  int64_t rows = type.getDimSize(2), columns = type.getDimSize(3), channels = inputs * groups;
  Bank bank{weights.getMemRef(), ceilDiv(inputs, block), rows, columns, block};
  bool isDepthwise = groups > 1 && inputs == 1 && outputs == 1;
  if (!isDepthwise) {
    Sides sides{bank, {{}, ceilDiv(outputs, blockSize), rows, columns, std::min(blockSize, outputs)}, groups, inputs, outputs};
    Bank &transposed = sides.transposed;
    transposed.memref = kernel.fixedScratch(ceilDiv(channels, blockSize) * transposed.inputBlocks * rows * columns *
                                            transposed.block * blockSize);
    if (groups == 1 || (inputs % blockSize == 0 && outputs % blockSize == 0))
      emitBlockTransposition(kernel, sides);
    else
      emitElementTransposition(kernel, sides);
    bank = transposed;
  }
  ConvPlanes planes;
  planes.rows = inputGradAxes(op, 0);
  planes.columns = inputGradAxes(op, 1);
  planes.outputChannels = channels;
  planes.flopsPerExample = op.getFlopsPerExample();
  planes.inputBytes = 4 * gradient.channels() * gradient.height() * gradient.width();
  planes.weightBytes = 4 * type.getNumElements();
  emitConvPlanes(kernel, planes, Source(gradient, {groups, outputs, inputs}), bank);
  return success();
}

LogicalResult emitConvInputGrad(Operation *op, KernelBuilder &kernel) {
  return emitTransposed(cast<cnn::ConvInputGradOp>(op), kernel);
}
LogicalResult emitConvTranspose(Operation *op, KernelBuilder &kernel) {
  return emitTransposed(cast<cnn::ConvTransposeOp>(op), kernel);
}

} // namespace cnnc::tile
