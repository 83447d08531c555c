//===- Frontend.cpp - from the text of a model to the cnn dialect ---------===//

#include "frontends/dsl/Frontend.h"
#include "frontends/dsl/Elaborator.h"
#include "frontends/dsl/Lexer.h"
#include "frontends/dsl/Resolver.h"
#include "frontends/dsl/layers/Layers.h"
#include "frontends/dsl/train/Train.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

namespace {
/// What is to be compiled: a model and, if it is to be trained, how.
struct Choice {
  const Function *model = nullptr;
  const CallExpr *arguments = nullptr;
  std::optional<TrainBlock> train;
};

class Compiler {
public:
  Compiler(StringRef path, const DslOptions &options, MLIRContext &context, DiagnosticSink &sink)
      : path(path), options(options), context(context), sink(sink), loader(arena, sink) {}

  OwningOpRef<ModuleOp> run();
  Loader &files() { return loader; }

private:
  std::optional<Choice> choose();
  std::optional<Choice> chooseTrain(const Train &train);
  std::optional<Choice> chooseModel(const Function &model);
  bool build(const Choice &choice, ModelBuilder &model);
  bool normalize(const Choice &choice, const TrainValues &values, Elaborator &elaborator, Tensor &input);
  std::string names() const;

  StringRef path;
  const DslOptions &options;
  MLIRContext &context;
  DiagnosticSink &sink;
  llvm::BumpPtrAllocator arena;
  Loader loader;
};
} // namespace

//===----------------------------------------------------------------------===//
// Which model
//===----------------------------------------------------------------------===//

std::string Compiler::names() const {
  std::vector<StringRef> names;
  for (const Train *train : loader.program.rootTrains)
    names.push_back(train->name);
  for (const Function *model : loader.program.rootModels)
    names.push_back(model->name);
  return llvm::join(names, ", ");
}

std::optional<Choice> Compiler::chooseTrain(const Train &train) {
  Choice choice;
  choice.train = makeTrainBlock(train, sink);
  for (const std::string &text : options.overrides)
    applyOverride(*choice.train, text, arena, sink);
  const Program &program = loader.program;
  auto entry = choice.train->entries.find("model");
  if (entry == choice.train->entries.end()) {
    if (program.rootModels.size() == 1) {
      choice.model = program.rootModels[0];
      return choice;
    }
    sink.error(train.range, "'" + train.name + "' does not say which model it trains").help("add model = …(…)");
    return std::nullopt;
  }
  const Expr *value = entry->second.value;
  choice.arguments = llvm::dyn_cast<CallExpr>(value);
  auto *alone = llvm::dyn_cast<NameExpr>(value);
  StringRef name = choice.arguments ? choice.arguments->callee : alone ? alone->name : "";
  auto found = program.functions.find(name);
  if (found == program.functions.end() || !found->second->isModel) {
    std::vector<StringRef> models;
    for (auto &[known, function] : program.functions)
      if (function->isModel)
        models.push_back(known);
    sink.error(value->range, name.empty() ? "'model' takes a model with arguments"
                                          : "there is no model '" + name + "'" + didYouMean(name, models))
        .help("write model = lenet5(classes: 10)");
    return std::nullopt;
  }
  choice.model = found->second;
  return choice;
}

std::optional<Choice> Compiler::chooseModel(const Function &model) {
  if (!options.overrides.empty()) {
    sink.error("--set", "there is no train block to change").help("add one to the file, or leave out --set");
    return std::nullopt;
  }
  Choice choice;
  choice.model = &model;
  return choice;
}

std::optional<Choice> Compiler::choose() {
  const Program &program = loader.program;
  if (!options.model.empty()) {
    for (const Train *train : program.rootTrains)
      if (train->name == options.model)
        return chooseTrain(*train);
    auto named = [&](const Train *train) {
      for (const TrainEntry &entry : train->entries)
        if (entry.key == "model") {
          auto *call = llvm::dyn_cast<CallExpr>(entry.value);
          auto *name = llvm::dyn_cast<NameExpr>(entry.value);
          return (call && call->callee == options.model) || (name && name->name == options.model);
        }
      return program.rootModels.size() == 1 && program.rootModels[0]->name == options.model;
    };
    if (auto function = program.functions.find(options.model); function != program.functions.end() && function->second->isModel) {
      if (llvm::count_if(program.rootTrains, named) == 1)
        return chooseTrain(**llvm::find_if(program.rootTrains, named));
      return chooseModel(*function->second);
    }
    sink.error(path, "there is no model or train block '" + StringRef(options.model) + "'").help("there are " + names());
    return std::nullopt;
  }
  if (program.rootTrains.size() == 1)
    return chooseTrain(*program.rootTrains[0]);
  if (program.rootTrains.empty() && program.rootModels.size() == 1)
    return chooseModel(*program.rootModels[0]);
  if (program.rootTrains.empty() && program.rootModels.empty())
    sink.error(path, "there is no model").help("write model name(image: f32[N, 1, 28, 28]) -> f32[N, 10] { … }");
  else
    sink.error(path, "there are several models and train blocks").help("choose with --model: " + names());
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

bool Compiler::normalize(const Choice &choice, const TrainValues &values, Elaborator &elaborator, Tensor &input) {
  auto found = values.find("normalize");
  if (found == values.end())
    return true;
  const Record *record = found->second.record();
  if (!record)
    return false;
  const Layer *layer = layers().find(record->signature->name);
  Record args{layer, record->range, {}, {}, {input}};
  args.bound.insert(args.bound.end(), record->bound.begin(), record->bound.end());
  std::optional<Tensor> result = elaborator.applyLayer(*layer, args, record->range, layer->name, "");
  if (result)
    input.value = result->value;
  return result.has_value();
}

bool Compiler::build(const Choice &choice, ModelBuilder &model) {
  Elaborator elaborator(loader.program, model, sink);
  TrainValues values;
  if (choice.train)
    values = evaluateTrain(*choice.train, elaborator);
  if (auto init = values.find("init"); init != values.end())
    elaborator.defaultStart = init->second;
  const Function &function = *choice.model;
  std::optional<llvm::StringMap<dsl::Value>> arguments = elaborator.modelArguments(function, choice.arguments);
  if (!arguments)
    return false;

  // Inputs become arguments of @forward.
  OpBuilder &builder = model.ops();
  SmallVector<Type> types;
  std::vector<std::pair<const Parameter *, CheckedShape>> inputs;
  for (const Parameter &parameter : function.parameters)
    if (auto *shape = (*arguments)[parameter.name].as<CheckedShape>()) {
      types.push_back(shape->type(&context));
      inputs.emplace_back(&parameter, *shape);
    }
  if (inputs.empty()) {
    sink.error(function.range, "model '" + function.name + "' has no input")
        .help("add a parameter such as image: f32[N, 1, 28, 28]");
    return false;
  }
  func::FuncOp forward = model.startFunction("forward", function.range.Start, types);
  for (auto [i, input] : llvm::enumerate(inputs)) {
    auto &[parameter, shape] = input;
    forward.setArgAttr(i, "cnn.name", builder.getStringAttr(parameter->name));
    if (!parameter->doc.empty())
      forward.setArgAttr(i, "cnn.doc", builder.getStringAttr(docText(parameter->doc)));
    Tensor tensor{forward.getArgument(i), shape, {"input '" + parameter->name.str() + "'", parameter->range.Start}};
    if (i == 0 && !normalize(choice, values, elaborator, tensor))
      return false;
    (*arguments)[parameter->name] = tensor;
  }
  std::optional<std::vector<Tensor>> outputs = elaborator.runModel(function, std::move(*arguments));
  if (!outputs)
    return false;
  SmallVector<mlir::Value> results;
  for (const Tensor &output : *outputs)
    results.push_back(output.value);
  model.endFunction(forward, results);
  model.checkUses();
  for (size_t i = 0; i < results.size(); ++i) {
    StringRef name = i < function.results.size() ? function.results[i].name : "";
    std::string fallback = results.size() == 1 ? "output" : "output" + std::to_string(i);
    forward.setResultAttr(i, "cnn.name", builder.getStringAttr(name.empty() ? fallback : name.str()));
  }

  ModuleOp module = model.module();
  module->setAttr("cnn.name", builder.getStringAttr(function.name));
  module->setAttr("cnn.source", builder.getStringAttr(llvm::sys::path::filename(path)));
  module->setAttr("cnn.doc", builder.getStringAttr(docText(function.doc)));
  if (choice.train) {
    addOptimizer(*choice.train, values, model, sink);
    addLoss(*choice.train, values, *outputs, model, sink);
    module->setAttr("cnn.recipe", builder.getStringAttr(recipeJson(*choice.train, values)));
  }
  return !sink.hasErrors();
}

OwningOpRef<ModuleOp> Compiler::run() {
  if (sink.hasErrors())
    return {};
  bool canRun = resolve(loader.program, sink);
  std::optional<Choice> choice = choose();
  if (!canRun || !choice)
    return {};
  ModelBuilder model(context, sink);
  bool good = build(*choice, model) && !sink.hasErrors();
  if (!good) {
    model.module()->dropAllReferences();
    return {};
  }
  std::string wrong;
  ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) { wrong += diagnostic.str(); });
  if (failed(verify(model.module()))) {
    sink.error(path, "internal error: the module is invalid: " + wrong).help("report this with the file");
    return {};
  }
  return model.release();
}

OwningOpRef<ModuleOp> cnnc::compileDsl(StringRef path, const DslOptions &options, MLIRContext &context, DiagnosticSink &sink) {
  Compiler compiler(path, options, context, sink);
  compiler.files().loadFile(path);
  return compiler.run();
}

OwningOpRef<ModuleOp> cnnc::compileDslText(StringRef text, StringRef name, const DslOptions &options, MLIRContext &context,
                                           DiagnosticSink &sink) {
  Compiler compiler(name, options, context, sink);
  compiler.files().loadText(text, name);
  return compiler.run();
}
