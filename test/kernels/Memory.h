//===- Memory.h - tensors in the layouts of the plan -------------*- C++ -*-===//

#ifndef CNNC_TEST_KERNELS_MEMORY_H
#define CNNC_TEST_KERNELS_MEMORY_H

#include "dialects/plan/Plan.h"
#include "test/interpreter/Tensor.h"

namespace cnnc::test {

using interpreter::Tensor;

/// The memory of one argument of a kernel: 4-byte elements, 64-byte aligned,
/// between two watched strips.
class Memory {
public:
  /// Of a memref type whose dynamic size is `n`; full of NaN.
  Memory(mlir::MemRefType type, int64_t n);
  /// What a C interface takes: {allocated, aligned, offset, sizes, strides}.
  void *descriptor() { return words.data(); }
  float *data() { return reinterpret_cast<float *>(storage.data() + start); }
  int64_t size() const { return elements; }
  /// True if nothing was written beside the memory.
  bool isWhole() const;

private:
  std::vector<uint32_t> storage;
  std::vector<intptr_t> words;
  int64_t start, elements;
};

/// Where each logical element lies in the memory of a layout, row-major.
std::vector<int64_t> places(mlir::RankedTensorType type, cnnc::plan::LayoutAttr layout, int64_t n);

} // namespace cnnc::test

#endif // CNNC_TEST_KERNELS_MEMORY_H
