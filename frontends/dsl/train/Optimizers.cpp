//===- Optimizers.cpp - optimizers, decay and freezing --------------------===//
//
// The hyper-parameters of a rule are those of its op; defaults are PyTorch's.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/train/Train.h"
#include "llvm/Support/GlobPattern.h"

using namespace mlir;
using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

const Vocabulary &dsl::optimizers() {
  static const Table<Signature> table = [] {
    Table<Signature> table("an optimizer");
    auto hyper = [](StringRef name, double value) { return SignatureParameter(name, types::number(0), value); };
    auto share = [](StringRef name, double value) { return SignatureParameter(name, types::number(0, 1), value); };
    SignatureParameter decayOn("decay_on", types::globs(), "*"), noDecay = hyper("weight_decay", 0);
    table.add({"sgd",
               "gradient descent, with momentum",
               {{"lr", types::number(0)}, share("momentum", 0), noDecay, {"nesterov", types::boolean(), false}, decayOn}});
    table.add({"adagrad", "AdaGrad", {hyper("lr", 0.01), noDecay, hyper("epsilon", 1e-10), decayOn}});
    table.add({"rmsprop",
               "RMSProp",
               {hyper("lr", 0.01), share("alpha", 0.99), hyper("epsilon", 1e-8), noDecay, share("momentum", 0), decayOn}});
    table.add({"adam",
               "Adam",
               {hyper("lr", 1e-3), share("beta1", 0.9), share("beta2", 0.999), hyper("epsilon", 1e-8), noDecay, decayOn}});
    table.add({"adamw",
               "Adam with decoupled weight decay",
               {hyper("lr", 1e-3), share("beta1", 0.9), share("beta2", 0.999), hyper("epsilon", 1e-8),
                hyper("weight_decay", 0.01), decayOn}});
    return table;
  }();
  return table;
}

/// Calls `mark` for each weight that a glob of `globs` matches; a glob that matches none is an error at `range`.
static void forMatches(const List &globs, llvm::SMRange range, StringRef what, ModelBuilder &model, DiagnosticSink &sink,
                       llvm::function_ref<void(cnn::ParameterOp)> mark) {
  auto parameters = model.parameters();
  for (const dsl::Value &glob : globs.elements) {
    StringRef text = *glob.as<std::string>();
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(text, /*MaxSubPatterns=*/64);
    if (!pattern) {
      sink.error(range, "'" + text.take_front(60) + "' is no pattern: " + llvm::toString(pattern.takeError()))
          .help("write \"conv1.*\", or \"*.weight\"");
      continue;
    }
    bool matched = false;
    std::vector<StringRef> names;
    for (auto &[name, parameter] : parameters) {
      names.push_back(name);
      if (!pattern->match(name))
        continue;
      matched = true;
      if (parameter.getKind() == cnn::ParameterKind::Weight)
        mark(parameter);
    }
    if (!matched && !parameters.empty())
      sink.error(range, what + " '" + text.take_front(60) + "' matches no parameter" + didYouMean(text, names))
          .note("parameters are " + names.front() + " … " + names.back());
  }
}

void dsl::addOptimizer(const TrainBlock &block, const TrainValues &values, ModelBuilder &model, DiagnosticSink &sink) {
  auto place = [&](StringRef key) { return block.entries.find(key)->second.value->range; };
  if (auto freeze = values.find("freeze"); freeze != values.end() && freeze->second.list())
    forMatches(*freeze->second.list(), place("freeze"), "freeze", model, sink,
               [](cnn::ParameterOp parameter) { parameter.setFrozen(true); });
  auto found = values.find("optimizer");
  if (found == values.end()) {
    sink.error(block.range, "'" + block.name + "' has no optimizer")
        .help("add optimizer = adam(), or sgd(lr: 0.01, momentum: 0.9)");
    return;
  }
  const Record *args = found->second.record();
  if (!args)
    return;
  forMatches(*(*args)["decay_on"].list(), place("optimizer"), "decay_on", model, sink,
             [](cnn::ParameterOp parameter) { parameter.setDecay(true); });

  OpBuilder &builder = model.ops();
  StringRef rule = args->signature->name;
  std::optional<RegisteredOperationName> op = RegisteredOperationName::lookup(("cnn." + rule).str(), builder.getContext());
  auto *interface = op ? op->getInterface<cnn::UpdateRuleInterface>() : nullptr;
  if (!interface) {
    sink.error(place("optimizer"), "internal error: no update rule '" + rule + "'").help("report this with the file");
    return;
  }
  SmallVector<NamedAttribute> hypers, options;
  for (StringRef name : interface->getHyperNames())
    if (auto *value = (*args)[name].as<double>())
      hypers.push_back(builder.getNamedAttr(name, builder.getF64FloatAttr(*value)));
  for (auto [parameter, value] : llvm::zip_equal(args->signature->parameters, args->bound))
    if (auto *flag = value.as<bool>(); flag && *flag)
      options.push_back(builder.getNamedAttr(parameter.name, builder.getUnitAttr()));
  StringRef clip;
  if (auto clipping = values.find("clip"); clipping != values.end() && clipping->second.record()) {
    const Record &record = *clipping->second.record();
    clip = record.signature->name;
    hypers.push_back(builder.getNamedAttr(("clip_" + clip).str(), builder.getF64FloatAttr(*record["bound"].as<double>())));
  }
  cnn::OptimizerOp::create(
      builder, model.location(place("optimizer").Start), builder.getStringAttr(rule), builder.getDictionaryAttr(hypers),
      options.empty() ? DictionaryAttr() : builder.getDictionaryAttr(options), clip == "norm", clip == "value");
}
