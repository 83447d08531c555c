//===- Program.h - a file with all that it imports ---------------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_DSL_PROGRAM_H
#define CNNC_FRONTENDS_DSL_PROGRAM_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Parser.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/SourceMgr.h"

namespace cnnc::dsl {

/// Every definition that a file can see. Names are shared by all files: a
/// block that is imported is as good as one that is written here.
struct Program {
  llvm::MapVector<llvm::StringRef, const Function *> functions;
  std::vector<const Function *> rootModels; // of the file itself, in order
  std::vector<const Train *> rootTrains;
};

/// Reads and parses `path` and what it imports, each file once.
class Loader {
public:
  /// Bytes of one file, files of one program, imports in one another.
  static constexpr size_t maxBytes = 1 << 20, maxFiles = 64, maxDepth = 16;

  Loader(llvm::BumpPtrAllocator &arena, DiagnosticSink &sink) : arena(arena), sink(sink) {}

  /// Reads the file at `path`. Only regular files are read.
  void loadFile(llvm::StringRef path);
  /// Parses `text` as the file called `name`.
  void loadText(llvm::StringRef text, llvm::StringRef name);

  Program program;

private:
  void load(llvm::StringRef path, const Import *import);
  void parse(std::unique_ptr<llvm::MemoryBuffer> buffer, llvm::StringRef path);
  void define(const Function *function);

  llvm::BumpPtrAllocator &arena;
  DiagnosticSink &sink;
  std::vector<std::string> open, done; // real paths, and those of the files that are being read
};

} // namespace cnnc::dsl

#endif // CNNC_FRONTENDS_DSL_PROGRAM_H
