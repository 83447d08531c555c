//===- Tensor.cpp - a tensor of an ONNX file ------------------------------===//

#include "frontends/onnx/Tensor.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <bit>
#include <cstring>

using namespace cnnc::onnx;
using llvm::ArrayRef;

std::string cnnc::onnx::nameOf(ElementType type) {
  static constexpr llvm::StringLiteral names[] = {"undefined", "float",  "uint8",     "int8",       "uint16",  "int16",
                                                  "int32",     "int64",  "string",    "bool",       "float16", "double",
                                                  "uint32",    "uint64", "complex64", "complex128", "bfloat16"};
  auto number = static_cast<size_t>(type);
  return number < std::size(names) ? names[number].str() : "type " + std::to_string(number);
}

unsigned cnnc::onnx::widthOf(ElementType type) {
  switch (type) {
  case ElementType::U8:
  case ElementType::I8:
  case ElementType::Bool:
    return 1;
  case ElementType::U16:
  case ElementType::I16:
  case ElementType::F16:
  case ElementType::BF16:
    return 2;
  case ElementType::F32:
  case ElementType::I32:
  case ElementType::U32:
    return 4;
  case ElementType::I64:
  case ElementType::U64:
  case ElementType::F64:
    return 8;
  default:
    return 0;
  }
}

bool cnnc::onnx::isReal(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64 || type == ElementType::F16 || type == ElementType::BF16;
}

int64_t cnnc::onnx::elementsOf(ArrayRef<int64_t> shape) {
  int64_t product = 1;
  for (int64_t size : shape)
    product *= size;
  return product;
}

static Shape rowMajor(ArrayRef<int64_t> shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

template <typename T> static T load(const char *bytes) { return llvm::support::endian::read<T, llvm::endianness::little>(bytes); }

static double loadReal(ElementType type, const char *bytes) {
  switch (type) {
  case ElementType::F32:
    return std::bit_cast<float>(load<uint32_t>(bytes));
  case ElementType::F64:
    return std::bit_cast<double>(load<uint64_t>(bytes));
  case ElementType::BF16:
    return std::bit_cast<float>(static_cast<uint32_t>(load<uint16_t>(bytes)) << 16);
  default: {
    llvm::APFloat half(llvm::APFloat::IEEEhalf(), llvm::APInt(16, load<uint16_t>(bytes)));
    return half.convertToDouble();
  }
  }
}

static int64_t loadInteger(ElementType type, const char *bytes) {
  switch (type) {
  case ElementType::Bool:
    return *bytes != 0;
  case ElementType::U8:
    return static_cast<uint8_t>(*bytes);
  case ElementType::I8:
    return static_cast<int8_t>(*bytes);
  case ElementType::U16:
    return load<uint16_t>(bytes);
  case ElementType::I16:
    return load<int16_t>(bytes);
  case ElementType::U32:
    return load<uint32_t>(bytes);
  case ElementType::I32:
    return load<int32_t>(bytes);
  default:
    return load<int64_t>(bytes);
  }
}

Tensor::Tensor(ElementType type, ArrayRef<int64_t> shape, const char *bytes, std::shared_ptr<const void> owner)
    : elementType(type), storedType(type), sizes(shape), strides(rowMajor(shape)), data(bytes), owner(std::move(owner)) {}

Tensor::Tensor(ElementType type, ArrayRef<int64_t> shape, ArrayRef<Scalar> scalars)
    : elementType(type), storedType(isReal(type) ? ElementType::F64 : ElementType::I64), sizes(shape), strides(rowMajor(shape)) {
  auto words = std::make_shared<std::vector<uint64_t>>();
  words->reserve(scalars.size());
  for (const Scalar &scalar : scalars)
    words->push_back(isReal(type) ? std::bit_cast<uint64_t>(scalar.real) : static_cast<uint64_t>(scalar.integer));
  if (llvm::any_of(scalars, [](const Scalar &scalar) { return scalar.batch != 0; })) {
    auto coefficients = std::make_shared<std::vector<int64_t>>();
    for (const Scalar &scalar : scalars)
      coefficients->push_back(scalar.batch);
    batches = coefficients;
  }
  data = reinterpret_cast<const char *>(words->data());
  owner = words;
}

Tensor::Tensor(ElementType type, ArrayRef<int64_t> shape, std::vector<double> numbers)
    : elementType(type), storedType(ElementType::F64), sizes(shape), strides(rowMajor(shape)) {
  auto shared = std::make_shared<std::vector<double>>(std::move(numbers));
  data = reinterpret_cast<const char *>(shared->data());
  owner = shared;
}

Tensor Tensor::splat(ElementType type, ArrayRef<int64_t> shape, Scalar scalar) {
  return Tensor(type, {}, scalar).broadcast(shape);
}

Tensor Tensor::ofIntegers(ArrayRef<int64_t> values) {
  std::vector<Scalar> scalars;
  for (int64_t value : values)
    scalars.push_back({0, value, 0});
  return Tensor(ElementType::I64, {static_cast<int64_t>(values.size())}, scalars);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

int64_t Tensor::placeOf(int64_t index) const {
  if (isContiguous)
    return origin + index;
  int64_t place = origin;
  for (size_t i = sizes.size(); i-- > 0;) {
    place += index % sizes[i] * strides[i];
    index /= sizes[i];
  }
  return place;
}

Scalar Tensor::atPlace(int64_t place) const {
  const char *bytes = data + place * widthOf(storedType);
  Scalar scalar;
  if (isReal(elementType))
    scalar.real = loadReal(storedType, bytes);
  else
    scalar.integer = loadInteger(storedType, bytes);
  if (batches)
    scalar.batch = (*batches)[place];
  return scalar;
}

template <typename Visit> void Tensor::walk(int64_t first, int64_t last, Visit visit) const {
  if (isContiguous) {
    for (int64_t i = first; i < last; ++i)
      visit(i, origin + i);
    return;
  }
  // The index of each dimension is counted, not divided out: views of large tensors are read once, but whole.
  Shape index(sizes.size());
  int64_t place = placeOf(first), rest = first;
  for (size_t d = sizes.size(); d-- > 0; rest /= sizes[d])
    index[d] = rest % sizes[d];
  for (int64_t i = first; i < last; ++i) {
    visit(i, place);
    for (size_t d = sizes.size(); d-- > 0;) {
      place += strides[d];
      if (++index[d] < sizes[d])
        break;
      place -= sizes[d] * strides[d];
      index[d] = 0;
    }
  }
}

std::vector<double> Tensor::reals() const {
  std::vector<double> numbers(elements());
  walk(0, elements(),
       [&](int64_t index, int64_t place) { numbers[index] = loadReal(storedType, data + place * widthOf(storedType)); });
  return numbers;
}

void Tensor::read(int64_t first, llvm::MutableArrayRef<float> out) const {
  if (storedType == ElementType::F32 && isContiguous) {
    std::memcpy(out.data(), data + (origin + first) * sizeof(float), out.size() * sizeof(float));
    return;
  }
  walk(first, first + static_cast<int64_t>(out.size()), [&](int64_t index, int64_t place) {
    Scalar scalar = atPlace(place);
    out[index - first] = static_cast<float>(isReal(elementType) ? scalar.real : static_cast<double>(scalar.integer));
  });
}

bool Tensor::isSymbolic() const {
  return batches && llvm::any_of(*batches, [](int64_t coefficient) { return coefficient != 0; });
}

bool Tensor::isSplat() const {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1 && strides[i] != 0)
      return false;
  return true;
}

std::string Tensor::viewKey() const {
  std::string key;
  llvm::raw_string_ostream stream(key);
  stream << static_cast<const void *>(data) << ' ' << static_cast<int>(storedType) << ' ' << origin;
  for (size_t i = 0; i < sizes.size(); ++i)
    stream << ' ' << sizes[i] << ':' << strides[i];
  return key;
}

bool Tensor::repeats() const {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1 && strides[i] == 0)
      return true;
  return false;
}

void Tensor::updateContiguous() {
  Shape dense = rowMajor(sizes);
  isContiguous = true;
  for (size_t i = 0; i < sizes.size(); ++i)
    isContiguous &= sizes[i] == 1 || strides[i] == dense[i];
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

Tensor Tensor::reshaped(ArrayRef<int64_t> shape) const {
  Tensor result = *this;
  if (isContiguous) {
    result.sizes.assign(shape.begin(), shape.end());
    result.strides = rowMajor(shape);
    return result;
  }
  if (isSplat() && elements() != 0) {
    result.sizes = result.strides = {};
    return result.broadcast(shape);
  }
  std::vector<Scalar> scalars;
  scalars.reserve(elements());
  for (int64_t i = 0, e = elements(); i < e; ++i)
    scalars.push_back(at(i));
  result = Tensor(elementType, shape, scalars);
  result.name = name;
  return result;
}

Tensor Tensor::transposed(ArrayRef<int64_t> permutation) const {
  Tensor result = *this;
  for (auto [i, from] : llvm::enumerate(permutation)) {
    result.sizes[i] = sizes[from];
    result.strides[i] = strides[from];
  }
  result.updateContiguous();
  return result;
}

Tensor Tensor::broadcast(ArrayRef<int64_t> shape) const {
  Tensor result = *this;
  result.sizes.assign(shape.begin(), shape.end());
  result.strides.assign(shape.size(), 0);
  size_t lead = shape.size() - sizes.size();
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1)
      result.strides[lead + i] = strides[i];
  result.updateContiguous();
  return result;
}

Tensor Tensor::sliced(size_t axis, int64_t start, int64_t step, int64_t count) const {
  Tensor result = *this;
  result.origin += start * strides[axis];
  result.strides[axis] *= step;
  result.sizes[axis] = count;
  result.updateContiguous();
  return result;
}
