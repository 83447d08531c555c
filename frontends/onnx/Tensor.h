//===- Tensor.h - a tensor of an ONNX file -----------------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_TENSOR_H
#define CNNC_FRONTENDS_ONNX_TENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cnnc::onnx {

/// The element types of ONNX, numbered as in TensorProto.DataType.
enum class ElementType {
  Undefined = 0,
  F32 = 1,
  U8 = 2,
  I8 = 3,
  U16 = 4,
  I16 = 5,
  I32 = 6,
  I64 = 7,
  String = 8,
  Bool = 9,
  F16 = 10,
  F64 = 11,
  U32 = 12,
  U64 = 13,
  BF16 = 16
};

/// "float", "int64": as ONNX spells it; "type 17" for one that is not above.
std::string nameOf(ElementType type);
/// Bytes of an element; 0 for types that no tensor of ours has.
unsigned widthOf(ElementType type);
bool isReal(ElementType type);

/// An element: `batch · N` and a number, `real` in tensors of real type and
/// `integer` in all others.
struct Scalar {
  int64_t batch = 0, integer = 0;
  double real = 0;

  bool operator==(const Scalar &) const = default;
};

using Shape = llvm::SmallVector<int64_t, 6>;

/// The product of the sizes of a shape that has been checked.
int64_t elementsOf(llvm::ArrayRef<int64_t> shape);

/// Constant elements in a static shape. A tensor is a view: its bytes lie in a
/// file or in memory that several tensors share, and reshaping, transposing,
/// slicing and broadcasting move none of them.
class Tensor {
public:
  Tensor() = default;
  /// Little-endian elements in row-major order; `bytes` lives as long as `owner`
  /// and is as long as the shape needs.
  Tensor(ElementType type, llvm::ArrayRef<int64_t> shape, const char *bytes, std::shared_ptr<const void> owner);
  Tensor(ElementType type, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<Scalar> scalars);
  /// Of real numbers.
  Tensor(ElementType type, llvm::ArrayRef<int64_t> shape, std::vector<double> numbers);
  /// All elements are `scalar`; takes no memory, whatever the shape.
  static Tensor splat(ElementType type, llvm::ArrayRef<int64_t> shape, Scalar scalar);
  static Tensor ofIntegers(llvm::ArrayRef<int64_t> values);

  ElementType type() const { return elementType; }
  llvm::ArrayRef<int64_t> shape() const { return sizes; }
  size_t rank() const { return sizes.size(); }
  int64_t elements() const { return elementsOf(sizes); }

  /// The element at a place of row-major order.
  Scalar at(int64_t index) const { return atPlace(placeOf(index)); }
  /// The same as a number, of a tensor of real numbers or of integers.
  double number(int64_t index) const {
    Scalar scalar = at(index);
    return isReal(elementType) ? scalar.real : static_cast<double>(scalar.integer);
  }
  /// All elements of a tensor of real numbers, in row-major order.
  std::vector<double> reals() const;
  /// Elements `first`, `first + 1`, … as f32.
  void read(int64_t first, llvm::MutableArrayRef<float> out) const;
  /// True if some element depends on the size of the batch.
  bool isSymbolic() const;
  /// True if all elements are known to be one without looking at them.
  bool isSplat() const;
  /// The same text for tensors of the same shape over the same bytes, while one of them lives.
  std::string viewKey() const;
  /// True if an element stands in several places.
  bool repeats() const;

  /// True if the elements along `axis` are one and the same, without looking at them.
  bool isRepeated(size_t axis) const { return sizes[axis] == 1 || strides[axis] == 0; }

  /// The same elements in another shape of as many.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  Tensor transposed(llvm::ArrayRef<int64_t> permutation) const;
  /// By NumPy's rules; the shapes are compatible.
  Tensor broadcast(llvm::ArrayRef<int64_t> shape) const;
  /// Elements start, start + step, … along an axis; `count` of them.
  Tensor sliced(size_t axis, int64_t start, int64_t step, int64_t count) const;

  /// The initializer that the elements come from, or the value's name.
  std::string name;

private:
  int64_t placeOf(int64_t index) const;
  Scalar atPlace(int64_t place) const;
  /// Calls `visit(index, place)` for elements `first` to `last - 1`.
  template <typename Visit> void walk(int64_t first, int64_t last, Visit visit) const;
  /// For views: whether their elements lie one behind the other.
  void updateContiguous();

  ElementType elementType = ElementType::Undefined;
  ElementType storedType = ElementType::Undefined; // computed elements have eight bytes
  Shape sizes, strides;                            // strides in elements
  int64_t origin = 0;                              // the place of the first element
  bool isContiguous = true;
  const char *data = nullptr;
  std::shared_ptr<const void> owner;
  std::shared_ptr<const std::vector<int64_t>> batches; // coefficients of N by place, or none
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_TENSOR_H
