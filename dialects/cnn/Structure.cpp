//===- Structure.cpp - constants and parameters ---------------------------===//

#include "dialects/cnn/Cnn.h"

using namespace mlir;
using namespace cnnc::cnn;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValueAttr(); }
