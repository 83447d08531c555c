//===- Tables.h - constant operators, by family ------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_FOLD_TABLES_H
#define CNNC_FRONTENDS_ONNX_FOLD_TABLES_H

#include "frontends/onnx/Conversion.h"

namespace cnnc::onnx {

/// Elements that are computed one by one, whatever the file has; views may be larger.
constexpr int64_t maxFolded = Conversion::largeConstant;

void addBitFolders(Table &table);
void addConstants(Table &table);
void addElementFolders(Table &table);
void addFills(Table &table);
void addJoinFolders(Table &table);
void addNormFolders(Table &table);
void addQuantizedFolders(Table &table);
void addReduceFolders(Table &table);
void addSelectFolders(Table &table);
void addViewFolders(Table &table);

/// The shape that operands broadcast to by NumPy's rules; nothing after an error.
std::optional<Shape> broadcastShape(Call &call, llvm::ArrayRef<Shape> shapes);
/// True, and no error, where `elements` may be computed one by one; counts them where they are many.
bool isSmall(Call &call, int64_t elements);

// Integers wrap around, as ONNX's do.
inline int64_t add(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }
inline int64_t times(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b)); }

/// The place of N in `sizes`, which is in no other size of it; nothing where that is not so.
std::optional<size_t> batchIn(const Tensor &sizes);

/// Sets the result to the elements of `one`, in every example: what has the size of the batch along `axis` at run time.
/// They are numbers, and `one` has size 1 there.
void repeatForBatch(Call &call, const Tensor &one, size_t axis, llvm::ArrayRef<int64_t> repeats);

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_FOLD_TABLES_H
