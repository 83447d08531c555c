//===- Model.h - what a compiled library says about itself -------*- C++ -*-===//

#ifndef CNNC_COMPILER_MODEL_H
#define CNNC_COMPILER_MODEL_H

#include "dialects/cnn/Cnn.h"
#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>
#include <vector>

namespace cnnc {

/// The content of cnnc_model (runtime/include/cnnc/abi.h), of the note section
/// and of the header; the fields are those of the ABI.
struct Model {
  struct Tensor {
    std::string name, doc;
    bool isLabels = false;     ///< i32, else f32
    bool isWhole = false;      ///< has no batch
    std::vector<int64_t> dims; ///< without the batch
    int64_t elements = 1;      ///< per example; of a whole tensor all
    int64_t classes = 0, ignored = 0;
  };
  struct Parameter {
    std::string name, doc;
    cnn::ParameterKind kind;
    bool trainable = false;
    mlir::RankedTensorType type;
    int64_t packedOffset = 0, packedElements = 0;
    cnn::InitAttr init;
    mlir::ElementsAttr embedded;
    std::optional<uint64_t> embeddedOffset; ///< in the library's data object
  };
  struct Hyper {
    std::string name;
    double value;
  };
  struct Memory {
    int64_t fixed = 0, perExample = 0;
  };

  std::string name, prefix, doc, source, recipe, graphHash;
  std::vector<Tensor> inputs, targets, outputs;
  std::vector<Parameter> parameters;
  std::vector<Hyper> hypers;
  bool isBatchExact = false; ///< every call has `batch` examples
  int64_t batch = 0, parameterBytes = 0, gradientBytes = 0;
  Memory inferMemory, trainMemory;
  int64_t inferFlops = 0, trainFlops = 0; ///< per example; training without the gradients of the inputs
  bool hasTraining = false, hasPrepare = false;
};

/// Reads the tensors and the texts off a module after differentiation (@infer,
/// @train, @update). `prefix` starts every exported symbol.
llvm::FailureOr<Model> describeModel(mlir::ModuleOp module, llvm::StringRef prefix);

/// Adds the parameters and sizes of a module whose memory is planned. Called
/// once per level of the instruction set: memory grows to the largest.
void describeMemory(mlir::ModuleOp module, Model &model);

/// True for a name that can start a C identifier's symbols.
bool isValidPrefix(llvm::StringRef prefix);

} // namespace cnnc

#endif // CNNC_COMPILER_MODEL_H
