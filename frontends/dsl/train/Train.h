//===- Train.h - what a train block says -------------------------*- C++ -*-===//
//
// A train block is data. Part of it shapes the module (loss, optimizer, frozen
// parameters); all of it is recorded as JSON for the program that trains.
//
//===----------------------------------------------------------------------===//

#ifndef CNNC_FRONTENDS_DSL_TRAIN_TRAIN_H
#define CNNC_FRONTENDS_DSL_TRAIN_TRAIN_H

#include "frontends/dsl/Elaborator.h"
#include "llvm/ADT/MapVector.h"

namespace cnnc::dsl {

/// A key of a train block.
struct TrainKey {
  llvm::StringRef name;
  ArgumentType type;
  bool compiled; // shapes the code: set with `cnnc --set`, not when training
  llvm::StringRef summary;
};
llvm::ArrayRef<TrainKey> trainKeys();
const TrainKey *findTrainKey(llvm::StringRef name);
std::vector<llvm::StringRef> trainKeyNames();

/// A train block, its entries replaced by what was set on the command line.
struct TrainBlock {
  llvm::StringRef name;
  llvm::SMRange range;
  llvm::MapVector<llvm::StringRef, TrainEntry> entries;
};

/// The entries of `train` as a block; reports keys that are unknown or twice.
TrainBlock makeTrainBlock(const Train &train, DiagnosticSink &sink);
/// Applies `key=value` or `key.argument=value` to the block. What may be set
/// only when training is an error that says so.
void applyOverride(TrainBlock &block, llvm::StringRef text, llvm::BumpPtrAllocator &arena, DiagnosticSink &sink);

/// The checked values of a block, by key.
using TrainValues = llvm::MapVector<llvm::StringRef, Value>;
TrainValues evaluateTrain(const TrainBlock &block, Elaborator &elaborator);

/// Marks frozen parameters and those that decay, and adds the optimizer.
void addOptimizer(const TrainBlock &block, const TrainValues &values, ModelBuilder &model, DiagnosticSink &sink);
/// Adds `@loss` over the `outputs` of the model.
void addLoss(const TrainBlock &block, const TrainValues &values, llvm::ArrayRef<Tensor> outputs, ModelBuilder &model,
             DiagnosticSink &sink);

/// The block as the JSON of docs/recipe.md; `modelText` is the call of the model.
std::string recipeJson(const TrainBlock &block, const TrainValues &values);

// The vocabularies of the keys.
struct Loss;
const Table<Loss> &losses();
const Vocabulary &optimizers();
const Vocabulary &clippings();
const Vocabulary &normalizations();
const Vocabulary &schedules();
const Vocabulary &dataSources();
const Vocabulary &augmentations();
const Vocabulary &stops();
const Vocabulary &metrics();
const Vocabulary &checkpoints();

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_TRAIN_TRAIN_H
