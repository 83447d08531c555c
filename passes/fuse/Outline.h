//===- Outline.h - groups become kernels -------------------------*- C++ -*-===//

#ifndef CNNC_PASSES_FUSE_OUTLINE_H
#define CNNC_PASSES_FUSE_OUTLINE_H

#include "dialects/plan/Plan.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/fuse/Groups.h"
#include "passes/fuse/Layouts.h"
#include "llvm/ADT/StringMap.h"

namespace cnnc::fuse {

/// Makes kernels at the top of a module; equal ones once.
class Outliner {
public:
  explicit Outliner(mlir::ModuleOp module) : module(module) {}

  /// Replaces a group by a launch of its kernel; `layouts` learns its results.
  void outline(const Group &group, Layouts &layouts);

  unsigned getNumKernels() const { return kernels.size(); }
  unsigned getNumLaunches() const { return launches; }

private:
  /// Puts the kernel into the module, called `name` or like it; or erases it and gives its equal that is there.
  plan::KernelOp share(plan::KernelOp kernel, std::string name);

  mlir::ModuleOp module;
  llvm::StringMap<plan::KernelOp> kernels; ///< by everything but the name
  llvm::StringMap<unsigned> names;
  unsigned launches = 0;
};

} // namespace cnnc::fuse

#endif // CNNC_PASSES_FUSE_OUTLINE_H
