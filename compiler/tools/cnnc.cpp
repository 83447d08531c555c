//===- cnnc.cpp - the compiler --------------------------------------------===//

#include "compiler/Artifact.h"
#include "compiler/Explain.h"
#include "compiler/Registration.h"
#include "compiler/export/Onnx.h"
#include "compiler/link/Link.h"
#include "compiler/tools/CommandLine.h"
#include "compiler/weights/Weights.h"
#include "frontends/dsl/Frontend.h"
#include "frontends/dsl/train/AddTraining.h"
#include "frontends/onnx/Frontend.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

using namespace cnnc;

/// What went wrong inside a pass has been said by its diagnostic.
static int fail(const std::string &message) {
  if (!message.empty())
    llvm::errs() << "cnnc: error: " << message << '\n';
  return 1;
}

/// The front end's module, with values for parameters where the file has them;
/// null after errors, which are printed.
static mlir::OwningOpRef<mlir::ModuleOp> readModel(const Options &options, mlir::MLIRContext &context, ParameterValues &values) {
  llvm::StringRef input(options.input);
  DiagnosticSink sink;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  if (input.ends_with(".mlir")) {
    module = mlir::parseSourceFile<mlir::ModuleOp>(options.input, &context);
    if (!module)
      return {};
  } else if (input.ends_with(".onnx")) {
    OnnxModel model = compileOnnx(input, {options.shapes, options.constants, options.outputs, options.train}, context, sink);
    module = std::move(model.module);
    values = std::move(model.values);
  } else {
    module =
        compileDsl(options.input, {options.model, options.train ? std::vector<std::string>() : options.overrides}, context, sink);
  }
  if (module && options.train)
    module = addTraining(std::move(module), {options.losses, options.optimizer, options.overrides}, sink);
  sink.print(llvm::errs());
  return module;
}

/// The model as an ONNX file.
static int exportModel(mlir::ModuleOp module, ParameterValues values, const Options &options) {
  if (options.weights.empty()) {
    llvm::Expected<ParameterValues> initial = initialWeights(module, std::move(values), options.seed);
    if (!initial)
      return fail(llvm::toString(initial.takeError()));
    values = std::move(*initial);
  }
  DiagnosticSink sink;
  llvm::Error error = writeOnnx(module, values, {options.output, CNNC_VERSION, options.externalData}, sink);
  sink.print(llvm::errs());
  return error ? fail(llvm::toString(std::move(error))) : 0;
}

static int compile(const Options &options) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry);
  context.loadAllAvailableDialects();

  ParameterValues values;
  mlir::OwningOpRef<mlir::ModuleOp> module = readModel(options, context, values);
  if (!module)
    return 1;
  if (!options.weights.empty()) {
    llvm::Expected<ParameterValues> loaded = loadWeights(*module, options.weights);
    if (!loaded)
      return fail(llvm::toString(loaded.takeError()));
    values = std::move(*loaded);
  }
  if (options.emit == Stage::Onnx)
    return exportModel(*module, std::move(values), options);
  if (options.emit == Stage::Library) {
    llvm::Error error = buildLibrary(*module, std::move(values), options);
    return error ? fail(llvm::toString(std::move(error))) : 0;
  }
  llvm::Expected<std::string> text = options.explain ? explain(*module, options.cpu) : writeStage(*module, options);
  if (!text)
    return fail(llvm::toString(text.takeError()));
  if (options.output == "-") {
    llvm::outs() << *text;
    return 0;
  }
  llvm::Error error = writeFile(options.output, *text);
  return error ? fail(llvm::toString(std::move(error))) : 0;
}

/// What was printed has reached the disk or the pipe, or this says that it has
/// not. Where errors cannot be printed the exit code has to do.
static int closeOutput(int code) {
  llvm::outs().flush();
  std::error_code error = llvm::outs().error();
  llvm::outs().clear_error();
  if (error && code == 0)
    code = fail("cannot write standard output: " + error.message() + ": name a file with -o");
  llvm::errs().clear_error();
  return code;
}

int main(int argc, char **argv) {
  // A standard stream that is closed would be the next file that is opened.
  if (llvm::sys::Process::FixupStandardFileDescriptors())
    return 1;
  std::signal(SIGXFSZ, SIG_IGN); // a file over the limit is an error of the write, like a full disk
  CommandLine line = parseCommandLine(argc, argv);
  return closeOutput(line.options ? compile(*line.options) : line.exitCode);
}
