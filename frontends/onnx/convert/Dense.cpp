//===- Dense.cpp - products with matrices ---------------------------------===//

#include "frontends/onnx/convert/Broadcast.h"
#include "frontends/onnx/convert/Tables.h"

using namespace cnnc;
using namespace cnnc::onnx;

/// The kernel [K, C] of a dense layer from a matrix [C, K], or [K, C] where it
/// is `transposed`. Null after an error.
static mlir::Value kernelOf(Call &call, size_t i, bool transposed) {
  if (transposed)
    return call.runtime(i);
  const Tensor *matrix = call.constant(i, "a matrix");
  mlir::Value kernel =
      matrix ? call.conversion.parameter(matrix->transposed({1, 0}), cnn::ParameterKind::Weight, call.node.str()) : mlir::Value();
  return kernel;
}

static mlir::Value scaled(Call &call, mlir::Value value, double factor) {
  return !value || factor == 1 ? value
                               : call.emit<cnn::AffineOp>(shapeOf(value), value, llvm::APFloat(factor), llvm::APFloat(0.0));
}

/// `beta · C`, where C is a scalar, [K] or [1, K].
static mlir::Value addBias(Call &call, mlir::Value value, double beta) {
  const Tensor *bias = call.constant(2, "an addend");
  if (!bias)
    return {};
  int64_t features = shapeOf(value)[1];
  if ((bias->elements() != 1 && bias->elements() != features) || (bias->rank() && bias->shape().back() != bias->elements()) ||
      !isReal(bias->type())) {
    call.refuse("adds " + text(bias->shape()) + " to " + text(shapeOf(value)),
                "an addend is a scalar or has one element per feature");
    return {};
  }
  if (bias->elements() == 1 && features != 1)
    return call.emit<cnn::AffineOp>(shapeOf(value), value, llvm::APFloat(1.0), llvm::APFloat(beta * bias->at(0).real));
  Tensor vector = bias->reshaped({features});
  if (beta != 1 && vector.isSplat()) {
    vector = Tensor::splat(ElementType::F32, {features}, {0, 0, beta * vector.at(0).real});
    vector.name = bias->name;
  } else if (beta != 1) {
    std::vector<Scalar> scalars;
    for (int64_t i = 0; i < features; ++i)
      scalars.push_back({0, 0, beta * vector.at(i).real});
    std::string name = vector.name;
    vector = Tensor(ElementType::F32, {features}, scalars);
    vector.name = name;
  }
  mlir::Value read = call.conversion.parameter(vector, cnn::ParameterKind::Weight, call.node.str());
  return read ? call.emit<cnn::BiasOp>(shapeOf(value), value, read) : mlir::Value();
}

/// The matrix of operand `i`, [rows, columns] after it is `transposed`. Null after an error.
static mlir::Value matrixOf(Call &call, size_t i, bool transposed) {
  if (call.isConstant(i) && transposed)
    return kernelOf(call, i, /*transposed=*/false);
  mlir::Value matrix = call.runtime(i);
  if (!matrix || !transposed)
    return matrix;
  llvm::ArrayRef<int64_t> shape = shapeOf(matrix);
  return call.emit<cnn::TransposeOp>({shape[1], shape[0]}, matrix, llvm::ArrayRef<int64_t>({1, 0}));
}

/// `alpha · A · B + beta · C` of matrices that are no batch of vectors and a kernel.
static void multiplyAndAdd(Call &call, bool transA, bool transB, double alpha, double beta) {
  mlir::Value a = matrixOf(call, 0, transA), b = a ? matrixOf(call, 1, transB) : a;
  if (!b)
    return;
  int64_t m = shapeOf(a)[0], k = shapeOf(a)[1], columns = shapeOf(b)[1];
  bool isBatch = m == dynamic;
  if (shapeOf(b)[0] == dynamic || (isBatch && transA))
    return call.refuse("multiplies " + text(call.shape(0)) + " by " + text(call.shape(1)),
                       "the batch is the first dimension of the left matrix alone");
  a = isBatch ? call.reshape(a, {m, 1, k}) : a;
  mlir::Value value =
      a ? call.emit<cnn::MatmulOp>(isBatch ? Shape{m, 1, columns} : Shape{m, columns}, a, b, mlir::UnitAttr(), mlir::UnitAttr())
        : a;
  value = scaled(call, call.reshape(value, {m, columns}), alpha);
  if (value && call.has(2) && beta != 0) {
    std::optional<Shape> whole = broadcast(call.shape(2), {m, columns});
    if (!whole || *whole != Shape{m, columns})
      return call.refuse("adds " + text(call.shape(2)) + " to " + text({m, columns}),
                         "sizes, aligned at the last, are equal or 1");
    mlir::Value addend = scaled(call, call.runtime(2), beta);
    addend = addend ? repeat(call, addend, *whole) : addend;
    value = addend ? call.emit<cnn::AddOp>({m, columns}, value, addend) : addend;
  }
  call.set(0, value);
}

static void convertGemm(Call &call) {
  double alpha = call.number("alpha", 1), beta = call.number("beta", 1);
  bool transA = call.flag("transA", false), transB = call.flag("transB", false);
  if (!call.ready(2))
    return;
  Shape left = call.shape(0), right = call.shape(1);
  if (left.size() != 2 || right.size() != 2 || left[transA ? 0 : 1] != right[transB ? 1 : 0]) {
    call.refuse("multiplies " + text(left) + (transA ? ", transposed," : "") + " by " + text(right) +
                    (transB ? ", transposed" : ""),
                "export the model again");
    return;
  }
  int64_t features = right[transB ? 0 : 1];
  auto isVector = [&](llvm::ArrayRef<int64_t> shape) {
    int64_t elements = llvm::is_contained(shape, dynamic) ? 0 : elementsOf(shape);
    return elements == 1 || (elements == features && shape.back() == features);
  };
  bool isLayer =
      left[0] == dynamic && !transA && call.isConstant(1) && (!call.has(2) || (call.isConstant(2) && isVector(call.shape(2))));
  if (!isLayer)
    return multiplyAndAdd(call, transA, transB, alpha, beta);
  mlir::Value input = call.runtime(0), kernel = input ? kernelOf(call, 1, transB) : input;
  if (!kernel)
    return;
  mlir::Value value = scaled(call, call.emit<cnn::DenseOp>({left[0], features}, input, kernel), alpha);
  if (value && call.has(2) && beta != 0)
    value = addBias(call, value, beta);
  call.set(0, value);
}

/// Products of matrices with any leading dimensions, which broadcast; a vector is a row on the left and a column on
/// the right, which leaves no dimension in the result.
static void multiplyMatrices(Call &call, Shape left, Shape right) {
  auto refuse = [&] {
    call.refuse("multiplies " + text(call.shape(0)) + " by " + text(call.shape(1)),
                "matrices [M, K] and [K, J] with leading dimensions that broadcast; the batch is a leading one");
  };
  if (left.empty() || right.empty())
    return refuse();
  bool isRow = left.size() == 1, isColumn = right.size() == 1;
  if (isRow)
    left.insert(left.begin(), 1);
  if (isColumn)
    right.push_back(1);
  auto matrix = [](const Shape &shape) { return llvm::ArrayRef(shape).take_back(2); };
  std::optional<Shape> leading = broadcast(llvm::ArrayRef(left).drop_back(2), llvm::ArrayRef(right).drop_back(2));
  if (!leading || matrix(left)[1] != matrix(right)[0] || llvm::is_contained(matrix(left), dynamic) ||
      llvm::is_contained(matrix(right), dynamic))
    return refuse();
  auto whole = [&](const Shape &shape) {
    Shape result(*leading);
    llvm::append_range(result, matrix(shape));
    return result;
  };
  mlir::Value a = call.reshape(call.runtime(0), left), b = a ? call.reshape(call.runtime(1), right) : a;
  if (!b)
    return;
  a = repeat(call, a, whole(left));
  bool isShared = right.size() == 2;
  if (!isShared)
    b = repeat(call, b, whole(right));
  if (!a || !b)
    return;
  Shape result(*leading), squeezed(*leading);
  result.append({matrix(left)[0], matrix(right)[1]});
  if (!isRow)
    squeezed.push_back(matrix(left)[0]);
  if (!isColumn)
    squeezed.push_back(matrix(right)[1]);
  call.set(0, call.reshape(call.emit<cnn::MatmulOp>(result, a, b, mlir::UnitAttr(), mlir::UnitAttr()), squeezed));
}

static void convertMatMul(Call &call) {
  if (!call.ready(2))
    return;
  Shape left = call.shape(0), right = call.shape(1);
  if (left.size() == 2 && left[0] == dynamic && right.size() == 2 && left[1] == right[0] && call.isConstant(1)) {
    mlir::Value input = call.runtime(0), kernel = input ? kernelOf(call, 1, /*transposed=*/false) : input;
    if (kernel)
      call.set(0, call.emit<cnn::DenseOp>({left[0], right[1]}, input, kernel));
    return;
  }
  multiplyMatrices(call, left, right);
}

void onnx::addDense(Table &table) {
  table["Gemm"] = convertGemm;
  table["MatMul"] = convertMatMul;
}
