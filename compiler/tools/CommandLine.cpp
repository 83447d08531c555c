//===- CommandLine.cpp - the arguments of cnnc ----------------------------===//

#include "compiler/tools/CommandLine.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace cnnc;
using namespace llvm::opt;

namespace {
enum Id {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "compiler/tools/Options.inc"
#undef OPTION
};

#define OPTTABLE_STR_TABLE_CODE
#include "compiler/tools/Options.inc"
#undef OPTTABLE_STR_TABLE_CODE
#define OPTTABLE_PREFIXES_TABLE_CODE
#include "compiler/tools/Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr OptTable::Info infos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "compiler/tools/Options.inc"
#undef OPTION
};

class CnncOptions : public GenericOptTable {
public:
  CnncOptions() : GenericOptTable(OptionStrTable, OptionPrefixesTable, infos) {}
};
} // namespace

static constexpr char overview[] = "cnnc: compiles a convolutional network to one self-contained library with a C header";
static constexpr char examples[] = R"(
EXAMPLES:
  cnnc digits.dsl -o digits.so                       a library, and digits.h beside it
  cnnc digits.dsl -o digits.so --cpu=x86-64-v3,x86-64-v4
  cnnc resnet50.onnx -o resnet50.so                  with the file's weights inside
  cnnc resnet50.onnx --train --loss=softmax_cross_entropy --optimizer=sgd,lr=0.1,momentum=0.9 -o resnet50.so
  cnnc detector.onnx --shape=x=N,3,320,480 -o detector.so
  cnnc googlenet.dsl -o googlenet.onnx --weights=run1/best.safetensors
  cnnc digits.dsl --explain                          each layer's shape, parameters and cost, and the memory
  cnnc digits.dsl --emit=cnn                         the network as the compiler sees it
  cnnc digits.dsl --emit=grad -o digits.mlir         with its derivatives and updates
  cnnc zoo.dsl --model=lenet5 --emit=cnn             one model of several
  cnnc digits.dsl --set loss='mean_squared_error()' --emit=cnn

Exit codes: 0 success, 1 an error in the input, 2 wrong usage.
)";

static CommandLine wrongUsage(const llvm::Twine &message, const llvm::Twine &help = "") {
  llvm::errs() << "cnnc: error: " << message << '\n';
  if (!help.isTriviallyEmpty())
    llvm::errs() << "  help: " << help << '\n';
  return {std::nullopt, 2};
}

CommandLine cnnc::parseCommandLine(int argc, char **argv) {
  CnncOptions table;
  unsigned missingIndex = 0, missingCount = 0;
  InputArgList args = table.ParseArgs(llvm::ArrayRef<const char *>(argv + 1, argv + argc), missingIndex, missingCount);
  if (args.hasArg(OPT_help)) {
    table.printHelp(llvm::outs(), "cnnc <file.dsl|file.onnx> [options]", overview);
    llvm::outs() << examples;
    return {std::nullopt, 0};
  }
  if (args.hasArg(OPT_version)) {
    llvm::outs() << "cnnc " CNNC_VERSION "\n";
    return {std::nullopt, 0};
  }
  for (const Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string spelled = arg->getAsString(args), nearest;
    llvm::StringRef name = llvm::StringRef(spelled).split('=').first;
    bool close = table.findNearest(name, nearest, Visibility(), /*MinimumLength=*/2, /*MaximumDistance=*/3) <= 3;
    return wrongUsage("unknown option '" + name + "'" + (close ? "; did you mean '" + nearest + "'?" : ""),
                      "cnnc --help lists the options");
  }
  if (missingCount)
    return wrongUsage("option '" + llvm::StringRef(args.getArgString(missingIndex)) + "' needs a value",
                      "cnnc --help shows which");

  Options options;
  std::vector<std::string> inputs = args.getAllArgValues(OPT_INPUT);
  if (inputs.size() != 1)
    return wrongUsage(inputs.empty() ? "no input file" : "several input files: " + llvm::join(inputs, ", "),
                      "cnnc <file.dsl> --emit=cnn");
  options.input = inputs[0];
  const Arg *emit = args.getLastArg(OPT_emit), *output = args.getLastArg(OPT_output);
  std::string stages = llvm::join(llvm::map_range(stageNames(), [](llvm::StringRef name) { return name.str(); }), ", ");
  std::optional<Stage> stage = emit ? stageOf(emit->getValue()) : Stage::Library;
  if (!stage)
    return wrongUsage("unknown stage '" + llvm::StringRef(emit->getValue()) + "'", "stages are " + stages);
  options.emit = *stage;
  options.output = output ? output->getValue() : "-";
  options.explain = args.hasArg(OPT_explain);
  if (options.explain)
    options.emit = Stage::Cnn;
  else if (!emit && !output)
    return wrongUsage("nothing to write", "name a library with -o, or a stage with --emit: " + stages);
  llvm::StringRef extension = llvm::sys::path::extension(options.output);
  if (options.emit == Stage::Library && extension == ".onnx")
    options.emit = Stage::Onnx;
  else if (options.emit == Stage::Library && extension != ".so" && extension != ".o" && extension != ".a")
    return wrongUsage("'" + options.output + "' is not a library",
                      "end its name in .so, .o or .a, or in .onnx for the model itself");
  if (const Arg *seed = args.getLastArg(OPT_seed); seed && llvm::StringRef(seed->getValue()).getAsInteger(10, options.seed))
    return wrongUsage("--seed is '" + llvm::StringRef(seed->getValue()) + "'", "give a number that is not negative");
  options.weights = args.getLastArgValue(OPT_weights).str();
  options.externalData = args.hasArg(OPT_external_data);
  if (options.emit != Stage::Onnx && (args.hasArg(OPT_seed) || options.externalData))
    return wrongUsage(llvm::Twine(options.externalData ? "--external-data" : "--seed") + " is for an .onnx output",
                      "end the name of the output in .onnx");
  if (options.emit != Stage::Onnx && options.emit != Stage::Library && !options.weights.empty())
    return wrongUsage("--weights is for a library or an .onnx output", "name one with -o");
  options.name = args.getLastArgValue(OPT_name).str();
  options.cpu = args.getLastArgValue(OPT_cpu, "native").str();
  const char *cacheDir = std::getenv("CNNC_CACHE_DIR");
  options.cacheDir = args.getLastArgValue(OPT_cache_dir, cacheDir ? cacheDir : "").str();
  options.sanitize = args.getLastArgValue(OPT_sanitize).str();
  if (!options.sanitize.empty() && options.sanitize != "thread" && options.sanitize != "address")
    return wrongUsage("unknown sanitizer '" + options.sanitize + "'", "sanitizers are thread, address");
  if (const Arg *batch = args.getLastArg(OPT_batch))
    if (llvm::StringRef(batch->getValue()).getAsInteger(10, options.batch) || options.batch < 1 || options.batch > 1 << 20)
      return wrongUsage("--batch is '" + llvm::StringRef(batch->getValue()) + "'", "give a number from 1 to 1048576");
  options.model = args.getLastArgValue(OPT_model).str();
  options.overrides = args.getAllArgValues(OPT_set);
  options.train = args.hasArg(OPT_train);
  options.losses = args.getAllArgValues(OPT_loss);
  options.optimizer = args.getLastArgValue(OPT_optimizer).str();
  if (!options.train && (args.hasArg(OPT_loss) || args.hasArg(OPT_optimizer)))
    return wrongUsage("--loss and --optimizer go with --train", "add --train, or change a train block with --set");
  options.shapes = args.getAllArgValues(OPT_shape);
  options.constants = args.getAllArgValues(OPT_const);
  options.outputs = args.getAllArgValues(OPT_outputs);
  bool isOnnx = llvm::StringRef(options.input).ends_with(".onnx");
  if (!isOnnx && (!options.shapes.empty() || !options.constants.empty() || !options.outputs.empty()))
    return wrongUsage("--shape, --const and --outputs are for .onnx files",
                      "a .dsl file says itself what its inputs and outputs are");
  return {options, 0};
}
