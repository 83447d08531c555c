//===- Pack.h - kernels that are computed, packed ----------------*- C++ -*-===//

#ifndef CNNC_PASSES_TILE_PACK_H
#define CNNC_PASSES_TILE_PACK_H

#include "passes/tile/KernelBuilder.h"

namespace cnnc::tile {

/// True for a copy of a row-major [K, C, R, S] or [K, C] to the layout that convolutions and dense layers read.
bool isPacking(plan::KernelOp kernel);
/// Emits that copy; gaps become zero.
void packKernel(KernelBuilder &builder, plan::KernelOp kernel);

} // namespace cnnc::tile

#endif // CNNC_PASSES_TILE_PACK_H
