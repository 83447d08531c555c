//===- OnnxFuzz.cpp - libFuzzer target of ONNX files ----------------------===//
//
// Any bytes either compile or are refused with at least one error; the values
// of the parameters can be read.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/onnx/Frontend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<cnnc::cnn::CnnDialect, mlir::func::FuncDialect>();
  cnnc::DiagnosticSink sink;
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  cnnc::OnnxModel model = cnnc::compileOnnxBytes(bytes, "fuzz.onnx", "/nowhere", {}, context, sink);
  sink.print(llvm::nulls());
  if (static_cast<bool>(model.module) == sink.hasErrors())
    __builtin_trap();
  if (model.module)
    for (auto parameter : model.module->getOps<cnnc::cnn::ParameterOp>())
      if (auto value = model.values.find(parameter.getSymName()); value != model.values.end()) {
        std::vector<float> elements(std::min<int64_t>(parameter.getTensorType().getNumElements(), 1 << 16));
        value->second(0, elements);
      }
  return 0;
}
