//===- ConvEmitter.cpp - convolution --------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "passes/tile/ContractionEmitters.h"
#include "passes/tile/ConvPlanes.h"

using namespace mlir;

namespace cnnc::tile {

static Axis convAxis(cnn::ConvOp op, unsigned dim) {
  Axis axis;
  axis.outputs = op.getType().getDimSize(2 + dim);
  axis.taps = op.getKernel().getType().getDimSize(2 + dim);
  axis.sourceFirst = -op.getPad()[dim];
  axis.sourceStride = op.getStride()[dim];
  axis.sourceStep = op.getDilation()[dim];
  return axis;
}

LogicalResult emitConv(Operation *leader, KernelBuilder &kernel) {
  auto op = cast<cnn::ConvOp>(leader);
  const TensorView &input = kernel.view(op.getInput()), &weights = kernel.view(op.getKernel());
  if (failed(requireHalo(op, input, op.getReach(0))))
    return failure();
  int64_t groups = op.getGroups(), outputs = op.getType().getDimSize(1);
  ConvPlanes planes;
  planes.rows = {convAxis(op, 0)};
  planes.columns = {convAxis(op, 1)};
  planes.outputChannels = outputs;
  planes.flopsPerExample = op.getFlopsPerExample();
  planes.inputBytes = 4 * input.channels() * input.height() * input.width();
  planes.weightBytes = 4 * op.getKernel().getType().getNumElements();
  Source source(input, {groups, input.channels() / groups, outputs / groups});
  int64_t block = weights.getLayout().getBlock();
  Bank bank{weights.getMemRef(), ceilDiv(input.channels() / groups, block), planes.rows[0].taps, planes.columns[0].taps, block};
  emitConvPlanes(kernel, planes, source, bank);
  return success();
}

} // namespace cnnc::tile
