//===- Keys.cpp - the keys of a train block -------------------------------===//

#include "frontends/dsl/train/Initializers.h"
#include "frontends/dsl/train/Losses.h"
#include "frontends/dsl/train/Train.h"
#include "llvm/ADT/StringExtras.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;
using Kind = ArgumentType::Kind;

llvm::ArrayRef<TrainKey> dsl::trainKeys() {
  static const TrainKey keys[] = {
      {"model", {Kind::Model}, true, "the model, with arguments"},
      {"init", types::call(initializers()), true, "where weights start"},
      {"normalize", types::call(normalizations()), true, "from pixels to what the network wants"},
      {"loss", types::calls(losses()), true, "what training makes small; one, or one per output"},
      {"optimizer", types::call(optimizers()), true, "how a gradient changes a parameter"},
      {"clip", types::call(clippings()), true, "how gradients are bounded"},
      {"freeze", types::globs(), true, "parameters that are not trained"},
      {"data", types::call(dataSources()), false, "where examples come from"},
      {"resize", types::pair(1), false, "the size of an image"},
      {"augment", types::calls(augmentations()), false, "how training examples vary"},
      {"shuffle", types::boolean(), false, "a new order each epoch"},
      {"validation", types::fraction(), false, "the part that is not trained on"},
      {"batch", types::integer(1), false, "examples a step"},
      {"schedule", types::call(schedules()), false, "how the learning rate changes"},
      {"stop", {Kind::Stop, 0, 0, &stops()}, false, "when training ends"},
      {"metrics", types::calls(metrics()), false, "what is measured"},
      {"checkpoint", types::call(checkpoints()), false, "when parameters are saved"},
      {"log", types::text(), false, "the file of the log"},
      {"seed", types::integer(0), false, "of everything random"},
  };
  return keys;
}

const TrainKey *dsl::findTrainKey(StringRef name) {
  auto found = llvm::find_if(trainKeys(), [&](const TrainKey &key) { return key.name == name; });
  return found == trainKeys().end() ? nullptr : found;
}

std::vector<StringRef> dsl::trainKeyNames() {
  std::vector<StringRef> names;
  for (const TrainKey &key : trainKeys())
    names.push_back(key.name);
  return names;
}

TrainBlock dsl::makeTrainBlock(const Train &train, DiagnosticSink &sink) {
  TrainBlock block{train.name, train.range, {}};
  for (const TrainEntry &entry : train.entries) {
    if (!findTrainKey(entry.key)) {
      sink.error(entry.keyRange, "unknown key '" + entry.key + "'" + didYouMean(entry.key, trainKeyNames()))
          .help("keys are " + llvm::join(trainKeyNames(), ", "));
      continue;
    }
    auto [place, added] = block.entries.insert({entry.key, entry});
    if (!added)
      sink.error(entry.keyRange, "'" + entry.key + "' is given twice")
          .note("first at " + sink.where(place->second.keyRange.Start, entry.keyRange.Start))
          .help("keep one of them");
  }
  return block;
}

TrainValues dsl::evaluateTrain(const TrainBlock &block, Elaborator &elaborator) {
  TrainValues values;
  for (auto &[name, entry] : block.entries) {
    const TrainKey *key = findTrainKey(name);
    if (key->type.kind != Kind::Model)
      values[key->name] = elaborator.evaluateArgument(entry.value, key->type, "'" + name + "'");
  }
  return values;
}

//===----------------------------------------------------------------------===//
// Overrides
//===----------------------------------------------------------------------===//

namespace {
/// An argument that shapes the code although its neighbours do not, or the reverse.
struct CompiledArgument {
  StringRef key, argument;
};
} // namespace
static constexpr CompiledArgument compiledArguments[] = {{"optimizer", "decay_on"}, {"optimizer", "nesterov"}};

/// Whether `cnnc` decides about `key`, or about `argument` of it where that is not empty.
static bool isCompiled(const TrainKey &key, StringRef argument) {
  if (key.name != "optimizer" || argument.empty())
    return key.compiled;
  return llvm::any_of(compiledArguments,
                      [&](const CompiledArgument &known) { return known.key == key.name && known.argument == argument; });
}

void dsl::applyOverride(TrainBlock &block, StringRef text, llvm::BumpPtrAllocator &arena, DiagnosticSink &sink) {
  auto [left, right] = text.split('=');
  auto [name, argument] = left.trim().split('.');
  if (right.empty() || name.empty()) {
    sink.error("--set", "expected key=value, got '" + text.take_front(60) + "'")
        .help("write --set loss='softmax_cross_entropy()'");
    return;
  }
  const TrainKey *key = findTrainKey(name);
  if (!key) {
    sink.error("--set", "unknown key '" + name + "'" + didYouMean(name, trainKeyNames()));
    return;
  }
  if (!isCompiled(*key, argument)) {
    sink.error("--set", "'" + left.trim() + "' is not compiled into the library")
        .help("set it when training: cnnrt train --set " + text);
    return;
  }
  // The value is parsed where it stands, so that errors point into the option.
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(text, "--set");
  StringRef value = buffer->getBuffer().drop_front(left.size() + 1);
  StringRef ownName = buffer->getBuffer().substr(buffer->getBuffer().find(name), name.size());
  StringRef ownArgument = argument.empty()
                              ? StringRef()
                              : buffer->getBuffer().substr(buffer->getBuffer().find(argument, name.size()), argument.size());
  sink.sources().AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  const Expr *expr = Parser(value, arena, sink).parseOnlyExpression();
  if (!expr)
    return;
  llvm::SMRange range(llvm::SMLoc::getFromPointer(ownName.begin()), llvm::SMLoc::getFromPointer(ownName.end()));
  if (argument.empty()) {
    block.entries[key->name] = {key->name, range, expr};
    return;
  }
  auto entry = block.entries.find(key->name);
  auto *call = entry == block.entries.end() ? nullptr : llvm::dyn_cast<CallExpr>(entry->second.value);
  if (!call) {
    sink.error(range, "'" + name + "' is no call in this block that could have an argument '" + argument + "'")
        .help("set all of it: --set " + name + "='…(" + argument + ": " + right + ")'");
    return;
  }
  std::vector<CallExpr::Argument> arguments;
  for (const CallExpr::Argument &given : call->arguments)
    if (given.name != argument)
      arguments.push_back(given);
  arguments.push_back(
      {ownArgument, {llvm::SMLoc::getFromPointer(ownArgument.begin()), llvm::SMLoc::getFromPointer(ownArgument.end())}, expr});
  auto *data = arena.Allocate<CallExpr::Argument>(arguments.size());
  std::uninitialized_copy(arguments.begin(), arguments.end(), data);
  auto *changed = new (arena.Allocate<CallExpr>()) CallExpr(*call);
  changed->arguments = {data, arguments.size()};
  entry->second.value = changed;
}
