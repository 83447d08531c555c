//===- AddTraining.h - how any front end's module is trained -----*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_TRAIN_ADDTRAINING_H
#define CNNC_FRONTENDS_DSL_TRAIN_ADDTRAINING_H

#include "frontends/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace cnnc {

/// A train block as options of a command: each text is an entry of a vocabulary
/// of the language, `sgd(lr: 0.1)`, or `sgd,lr=0.1`.
struct TrainingOptions {
  std::vector<std::string> losses; ///< one for the first output, or one for each
  std::string optimizer;
  std::vector<std::string> overrides; ///< key=value, of the rest of a train block
};

/// The module with @loss, an optimizer and a recipe, as if a train block stood
/// beside the network. Cross entropy over an output that is a softmax is that
/// of its logits, which a remark says. Null after errors, which are in `sink`.
mlir::OwningOpRef<mlir::ModuleOp> addTraining(mlir::OwningOpRef<mlir::ModuleOp> module, const TrainingOptions &options,
                                              DiagnosticSink &sink);

} // namespace cnnc

#endif // CNNC_FRONTENDS_DSL_TRAIN_ADDTRAINING_H
