//===- Record.h - the data and the entry points of a library -----*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_RECORD_H
#define CNNC_COMPILER_CODEGEN_RECORD_H

#include "compiler/Model.h"
#include "compiler/codegen/Constants.h"
#include "compiler/codegen/Level.h"

namespace cnnc {

/// Adds the record cnnc_model with its tables and the embedded weights.
/// Returns its address. The pack functions are those of passes/lower/Packing.h,
/// the programs those of cnnc-lower with the suffix of their level.
llvm::Constant *addModelRecord(const Model &model, llvm::ArrayRef<Level> levels, Constants &constants);

/// Adds the exported functions over the core (runtime/core/core.h), the table
/// cnnc_api and the record cnnc_info.
void addEntryPoints(const Model &model, llvm::Constant *record, Constants &constants);

/// The description of runtime/include/cnnc/note.md.
std::string noteJson(const Model &model, llvm::ArrayRef<Level> levels);
/// Adds the note section.
void addNote(llvm::StringRef json, Constants &constants);

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_RECORD_H
