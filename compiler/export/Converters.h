//===- Converters.h - how ONNX says each op ----------------------*- C++ -*-===//

#ifndef CNNC_COMPILER_EXPORT_CONVERTERS_H
#define CNNC_COMPILER_EXPORT_CONVERTERS_H

#include "compiler/export/Graph.h"
#include "llvm/ADT/StringMap.h"

namespace cnnc::exporting {

using Converter = void (*)(Call &);

/// An op of the dialect: a function that writes it, and the operator if that
/// says all, or no function and why there is none.
struct Entry {
  Converter convert = nullptr;
  llvm::StringRef text;
};

/// One entry per op, by name.
class Table {
public:
  template <typename... Ops> void add(Converter convert, llvm::StringRef type = "") {
    ((entries[Ops::getOperationName()] = {convert, type}), ...);
  }
  template <typename... Ops> void refuse(llvm::StringRef reason) {
    ((entries[Ops::getOperationName()] = {nullptr, reason}), ...);
  }
  const Entry *find(llvm::StringRef op) const {
    auto it = entries.find(op);
    return it == entries.end() ? nullptr : &it->second;
  }

private:
  llvm::StringMap<Entry> entries;
};

/// The table of all ops of the dialect.
const Table &converters();

/// Writes `call.type` with the op's operands, of which those that are only
/// repeated to the shape of the others are read as they are.
void convertPlain(Call &call);

/// True where all that read the op are such elementwise ops, so that it need
/// not be written.
bool isAbsorbed(cnn::BroadcastOp op);

void addActivations(Table &table);
void addArithmetic(Table &table);
void addContractions(Table &table);
void addFunctions(Table &table);
void addGeneral(Table &table);
void addImageNorms(Table &table);
void addIndices(Table &table);
void addNorms(Table &table);
void addPools(Table &table);
void addRearrangements(Table &table);
void addResampling(Table &table);
void addShapes(Table &table);
void addTraining(Table &table);

} // namespace cnnc::exporting

#endif // CNNC_COMPILER_EXPORT_CONVERTERS_H
