//===- cnnc.cpp - the compiler --------------------------------------------===//

#include "compiler/Pipeline.h"
#include "compiler/Registration.h"
#include "compiler/tools/CommandLine.h"
#include "frontends/dsl/Frontend.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

static int fail(const llvm::Twine &message) {
  llvm::errs() << "cnnc: error: " << message << '\n';
  return 1;
}

static int compile(const Options &options) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();

  DiagnosticSink sink;
  mlir::OwningOpRef<mlir::ModuleOp> module = compileDsl(options.input, {options.model, options.overrides}, context, sink);
  if (!module) {
    sink.print(llvm::errs());
    return 1;
  }
  if (failed(runPipeline(*module, options)))
    return 1;

  // Nothing half-written stays behind: the file is kept at the very end.
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = mlir::openOutputFile(options.output, &error);
  if (!file)
    return fail(error);
  module->print(file->os());
  file->os().flush();
  if (std::error_code code = file->os().error()) {
    file->os().clear_error();
    return fail("cannot write '" + options.output + "': " + code.message());
  }
  file->keep();
  return 0;
}

int main(int argc, char **argv) {
  CommandLine line = parseCommandLine(argc, argv);
  return line.options ? compile(*line.options) : line.exitCode;
}
