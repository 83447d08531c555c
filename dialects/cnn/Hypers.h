//===- Hypers.h - the order of hyper-parameters ------------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_HYPERS_H
#define CNNC_DIALECTS_CNN_HYPERS_H

#include "dialects/cnn/Cnn.h"

namespace cnnc::cnn {

/// The hyper-parameters of `optimizer` in the order in which a library takes
/// them: those of the update rule as UpdateRuleInterface lists them (lr first),
/// then the bounds of clipping.
llvm::SmallVector<mlir::NamedAttribute> orderedHypers(OptimizerOp optimizer);

} // namespace cnnc::cnn

#endif // CNNC_DIALECTS_CNN_HYPERS_H
