//===- Plan.h - the plan dialect ---------------------------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_PLAN_PLAN_H
#define CNNC_DIALECTS_PLAN_PLAN_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace cnnc::plan {
/// Channels in a full block of a batch, and output channels in a block of a
/// kernel: one AVX-512 register, two AVX2 registers.
inline constexpr int64_t blockSize = 16;
} // namespace cnnc::plan

#include "dialects/plan/PlanDialect.h.inc"
#include "dialects/plan/PlanEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/plan/PlanAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/plan/PlanOps.h.inc"

namespace cnnc::plan {
/// The packed layout of a parameter, its gradient, its slots and whatever is
/// derived from it, by its canonical type: kernels for [K, C, R, S] and [K, C],
/// channels for [C], one element for a scalar, row-major for all others.
LayoutAttr parameterLayout(mlir::RankedTensorType type);
} // namespace cnnc::plan

#endif // CNNC_DIALECTS_PLAN_PLAN_H
