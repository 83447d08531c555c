//===- Pools.cpp - pooling ----------------------------------------------------===//

#include "compiler/export/Converters.h"

using namespace cnnc;
using namespace cnnc::exporting;

template <typename Op> static Node finishPool(Call &call) {
  auto op = llvm::cast<Op>(call.op);
  return call.finish(call.type, {call.operand(0)})
      .integers("kernel_shape", op.getKernel())
      .integers("strides", op.getStride())
      .integers("pads", op.getPad())
      .integers("dilations", op.getDilation())
      .integer("ceil_mode", op.getCeilMode());
}

static void convertMaxpool(Call &call) { finishPool<cnn::MaxpoolOp>(call); }
static void convertAvgpool(Call &call) {
  finishPool<cnn::AvgpoolOp>(call).integer("count_include_pad", llvm::cast<cnn::AvgpoolOp>(call.op).getCountIncludePad());
}

void exporting::addPools(Table &table) {
  table.add<cnn::MaxpoolOp>(convertMaxpool, "MaxPool");
  table.add<cnn::AvgpoolOp>(convertAvgpool, "AveragePool");
  table.add<cnn::GlobalAvgpoolOp>(convertPlain, "GlobalAveragePool");
  table.add<cnn::GlobalMaxpoolOp>(convertPlain, "GlobalMaxPool");
}
