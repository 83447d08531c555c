//===- DslFuzz.cpp - libFuzzer target of the language ---------------------===//
//
// Any bytes either compile or are refused with at least one error.
//
//===----------------------------------------------------------------------===//

#include "dialects/cnn/Cnn.h"
#include "frontends/dsl/Frontend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<cnnc::cnn::CnnDialect, mlir::func::FuncDialect>();
  cnnc::DiagnosticSink sink;
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  bool compiled = static_cast<bool>(cnnc::compileDslText(text, "fuzz.dsl", {}, context, sink));
  sink.print(llvm::nulls());
  if (compiled == sink.hasErrors())
    __builtin_trap();
  return 0;
}
