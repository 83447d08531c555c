//===- Vocabularies.cpp - the words that only steer a run -----------------===//
//
// Their meaning is in docs/recipe.md; `cnnrt` carries it out.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/train/Train.h"

using namespace cnnc;
using namespace cnnc::dsl;
using Kind = ArgumentType::Kind;

/// A vocabulary of plain signatures.
static Table<Signature> makeTable(llvm::StringRef what, std::initializer_list<Signature> entries) {
  Table<Signature> table(what);
  for (const Signature &entry : entries)
    table.add(entry);
  return table;
}

const Vocabulary &dsl::schedules() {
  static const Table<Signature> table = [] {
    Table<Signature> table("a schedule");
    SignatureParameter factor("factor", types::number(0)), every("every", types::duration());
    table.add({"constant", "1", {}});
    table.add({"step", "factor^⌊t / every⌋", {every, factor}});
    table.add({"multistep", "factor^(how many of `at` are past)", {{"at", {Kind::Durations}}, factor}});
    table.add({"exponential", "factor^⌊t / every⌋", {factor, {"every", types::duration(), Value::None()}}});
    table.add({"cosine",
               "half a cosine from 1 to `to`",
               {{"over", types::duration(), Value::None()}, {"to", types::number(0, 1), 0.0}}});
    return table;
  }();
  // What follows a warm-up is a schedule again.
  static const Vocabulary &all = []() -> const Vocabulary & {
    static Table<Signature> withWarmup("a schedule");
    for (const Signature *entry : table.entries())
      withWarmup.add(*entry);
    withWarmup.add({"warmup",
                    "rises from `from` to 1, then follows `then`",
                    {{"duration", types::duration()},
                     {"then", types::call(withWarmup), Value::None()},
                     {"from", types::number(0, 1), 0.0}}});
    return withWarmup;
  }();
  return all;
}

const Vocabulary &dsl::dataSources() {
  static const ArgumentType file = types::text();
  static const Value none = Value::None();
  static const Table<Signature> table = makeTable(
      "a data source", {{"idx",
                         "files of MNIST's format",
                         {{"folder", file, none},
                          {"images", file, none},
                          {"labels", file, none},
                          {"test_images", file, none},
                          {"test_labels", file, none}}},
                        {"cifar10", "CIFAR-10, binary", {{"folder", file}}},
                        {"cifar100", "CIFAR-100, binary", {{"folder", file}}},
                        {"npy", "NumPy arrays", {{"x", file}, {"y", file}, {"test_x", file, none}, {"test_y", file, none}}},
                        {"points", "rows of numbers", {{"rows", {Kind::Rows}}, {"test", {Kind::Rows}, none}}},
                        {"csv", "rows of a file", {{"file", file}, {"test", file, none}}}});
  return table;
}

const Vocabulary &dsl::augmentations() {
  static const Table<Signature> table =
      makeTable("an augmentation", {{"pad", "zeros on each side", {{"size", types::integer(0)}}},
                                    {"random_crop", "a window at a random place", {{"size", types::pair(1)}}},
                                    {"hflip", "mirrored with a probability", {{"probability", types::fraction(), 0.5}}},
                                    {"shift", "moved at random along each axis", {{"size", types::integer(0)}}}});
  return table;
}

const Vocabulary &dsl::stops() {
  static const Table<Signature> table = makeTable(
      "early(…)", {{"early", "when nothing gets better", {{"patience", types::integer(1)}, {"max", types::duration()}}}});
  return table;
}

const Vocabulary &dsl::metrics() {
  static const Table<Signature> table =
      makeTable("a metric", {{"accuracy", "share of right answers", {}},
                             {"top_k", "right answer among the k first", {{"k", types::integer(1)}}},
                             {"loss", "the loss", {}}});
  return table;
}

const Vocabulary &dsl::checkpoints() {
  static const Table<Signature> table = makeTable(
      "every(…)", {{"every",
                    "after so many epochs or steps",
                    {{"interval", types::duration()}, {"keep", types::integer(1), 3}, {"best", types::text(), Value::None()}}}});
  return table;
}

const Vocabulary &dsl::normalizations() {
  static const Table<Signature> table = makeTable(
      "a normalization", {{"standardize", "(x / 255 - mean) / std", {{"mean", types::numbers()}, {"std", types::numbers()}}}});
  return table;
}

const Vocabulary &dsl::clippings() {
  static const Table<Signature> table =
      makeTable("a clipping", {{"norm", "bounds the norm of all gradients", {{"bound", types::number(0)}}},
                               {"value", "bounds each element", {{"bound", types::number(0)}}}});
  return table;
}
