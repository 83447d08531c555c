//===- Losses.h - the losses of the language ---------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_TRAIN_LOSSES_H
#define CNNC_FRONTENDS_DSL_TRAIN_LOSSES_H

#include "frontends/dsl/ModelBuilder.h"
#include "frontends/dsl/Signature.h"

namespace cnnc::dsl {

/// An entry of the table of losses.
struct Loss : Signature {
  /// Whether targets are class numbers, named `label`; else `target`, of the prediction's shape.
  bool takesLabels = false;
  /// What is wrong with `args` for a prediction of `shape`, and a remedy; empty if nothing.
  std::pair<std::string, std::string> (*check)(const Record &args, const CheckedShape &shape) = nullptr;
  mlir::Value (*build)(mlir::OpBuilder &builder, mlir::Location loc, const Record &args, mlir::Value prediction,
                       mlir::Value target) = nullptr;
};

/// All losses.
const Table<Loss> &losses();

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_TRAIN_LOSSES_H
