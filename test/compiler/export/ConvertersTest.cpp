//===- ConvertersTest.cpp - no op of the dialect is forgotten -------------===//

#include "compiler/export/Converters.h"
#include "frontends/dsl/Frontend.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace cnnc;

namespace {
class ConvertersTest : public testing::Test {
protected:
  ConvertersTest() { context.loadDialect<cnn::CnnDialect, mlir::func::FuncDialect>(); }

  llvm::SmallVector<mlir::RegisteredOperationName> ops() {
    return llvm::to_vector(context.getRegisteredOperationsByDialect(cnn::CnnDialect::getDialectNamespace()));
  }
  void collect(mlir::ModuleOp module) {
    module.walk([&](mlir::Operation *op) { written.insert(op->getName().getStringRef()); });
  }

  mlir::MLIRContext context;
  llvm::StringSet<> written;
};
} // namespace

TEST_F(ConvertersTest, everyOpHasAFormOrAReason) {
  ASSERT_GT(ops().size(), 100u);
  for (mlir::RegisteredOperationName op : ops()) {
    const exporting::Entry *entry = exporting::converters().find(op.getStringRef());
    ASSERT_TRUE(entry) << op.getStringRef().str()
                       << ": compiler/export has neither a converter for it nor a reason why there is none";
    EXPECT_TRUE(entry->convert || !entry->text.empty()) << op.getStringRef().str();
  }
}

TEST_F(ConvertersTest, everyFormIsInANetwork) {
  for (const char *name : {"windows", "moves", "functions", "activations", "truths", "rows"}) {
    DiagnosticSink sink;
    auto module = compileDsl(CNNC_EXPORT_INPUTS "/networks.dsl", {name, {}}, context, sink);
    sink.print(llvm::errs());
    ASSERT_TRUE(module) << name;
    collect(*module);
  }
  for (const char *name : {"/others.mlir", "/indices.mlir", "/scatter.mlir"}) {
    auto module = mlir::parseSourceFile<mlir::ModuleOp>(CNNC_EXPORT_INPUTS + std::string(name), &context);
    ASSERT_TRUE(module) << name;
    collect(*module);
  }
  for (mlir::RegisteredOperationName op : ops()) {
    const exporting::Entry *entry = exporting::converters().find(op.getStringRef());
    if (entry && entry->convert)
      EXPECT_TRUE(written.contains(op.getStringRef())) << op.getStringRef().str() << ": no network in Inputs has it";
  }
}
