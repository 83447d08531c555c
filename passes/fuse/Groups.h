//===- Groups.h - which ops share a kernel -----------------------*- C++ -*-===//

#ifndef CNNC_PASSES_FUSE_GROUPS_H
#define CNNC_PASSES_FUSE_GROUPS_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "passes/fuse/Layouts.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc::fuse {

/// Ops that one kernel computes, in program order. All but the leader, if
/// there is one, are elementwise.
struct Group {
  llvm::SmallSetVector<mlir::Operation *, 4> ops;
  mlir::Operation *leader = nullptr;

  /// Where the kernel is launched: every operand is defined before, every
  /// use of a result comes after.
  mlir::Operation *last() const { return ops.back(); }
};

/// Cuts the ops of a function into groups, in launch order. Ops that no
/// kernel is made of (reads, writes, phases, constants) are in none. `layouts`
/// are those of assignLayouts.
llvm::SmallVector<Group> formGroups(mlir::Block &block, const Layouts &layouts);

} // namespace cnnc::fuse

#endif // CNNC_PASSES_FUSE_GROUPS_H
