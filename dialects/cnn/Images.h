//===- Images.h - which tensors have channels --------------------*- C++ -*-===//

#ifndef CNNC_DIALECTS_CNN_IMAGES_H
#define CNNC_DIALECTS_CNN_IMAGES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace cnnc::cnn {

/// True for batches of images [N, C, H, W] and of vectors [N, F], which have
/// kernels in blocks of channels; all other tensors are row-major.
inline bool isImages(mlir::RankedTensorType type) { return (type.getRank() == 2 || type.getRank() == 4) && type.isDynamicDim(0); }

/// The number of examples of every call, where the module of `op` fixes it (`cnn.batch`); else 0. Tensors may then be
/// reshaped between a batch `?` and that number.
int64_t fixedBatch(mlir::Operation *op);

} // namespace cnnc::cnn

#endif // CNNC_DIALECTS_CNN_IMAGES_H
