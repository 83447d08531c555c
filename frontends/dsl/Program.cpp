//===- Program.cpp - a file with all that it imports ----------------------===//

#include "frontends/dsl/Program.h"
#include "frontends/dsl/layers/Layers.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::StringRef;

void Loader::loadFile(StringRef path) { load(path, nullptr); }

void Loader::loadText(StringRef text, StringRef name) {
  open.push_back(name.str());
  parse(llvm::MemoryBuffer::getMemBufferCopy(text, name), name);
  open.pop_back();
}

void Loader::load(StringRef path, const Import *import) {
  auto fail = [&](const llvm::Twine &message) -> Diagnostic & {
    return import ? sink.error(import->range, message) : sink.error(path, message);
  };
  llvm::SmallString<128> real;
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::real_path(path, real); error || (error = llvm::sys::fs::status(real, status))) {
    fail("cannot read '" + path + "': " + llvm::Twine(error.message()))
        .help(import ? "an import is relative to the file it stands in" : "check the path");
    return;
  }
  if (status.type() != llvm::sys::fs::file_type::regular_file) {
    fail("'" + path + "' is not a regular file").help("name a file with the text of a model");
    return;
  }
  if (status.getSize() > maxBytes) {
    fail("'" + path + "' has " + llvm::Twine(status.getSize()) + " bytes; the limit is " + llvm::Twine(maxBytes))
        .help("a model is text; weights are kept in a .safetensors file");
    return;
  }
  auto repeated = llvm::find(open, real.str());
  if (repeated != open.end()) {
    std::string cycle;
    for (auto file = repeated; file != open.end(); ++file)
      cycle += llvm::sys::path::filename(*file).str() + " → ";
    fail("files import each other: " + cycle + llvm::sys::path::filename(real)).help("move what both need to a file of its own");
    return;
  }
  if (llvm::is_contained(done, real.str()))
    return;
  if (done.size() >= maxFiles || open.size() >= maxDepth) {
    fail("more than " + llvm::Twine(done.size() >= maxFiles ? maxFiles : maxDepth) + " files" +
         (done.size() >= maxFiles ? "" : " import one another"))
        .help("join some of them");
    return;
  }
  done.push_back(real.str().str());
  auto buffer = llvm::MemoryBuffer::getFile(real, /*IsText=*/false, /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
  if (!buffer) {
    fail("cannot read '" + path + "': " + buffer.getError().message()).help("check its permissions");
    return;
  }
  open.push_back(real.str().str());
  parse(llvm::MemoryBuffer::getMemBufferCopy((*buffer)->getBuffer().take_front(maxBytes), path), path);
  open.pop_back();
}

void Loader::parse(std::unique_ptr<llvm::MemoryBuffer> buffer, StringRef path) {
  bool isRoot = open.size() == 1;
  StringRef text = buffer->getBuffer();
  sink.sources().AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  auto at = [](const char *place) { return llvm::SMLoc::getFromPointer(place); };
  const auto *bytes = reinterpret_cast<const llvm::UTF8 *>(text.begin()), *end = bytes + text.size();
  if (!llvm::isLegalUTF8String(&bytes, end) || text.contains('\0')) {
    const char *bad = bytes == end ? text.begin() + text.find('\0') : reinterpret_cast<const char *>(bytes);
    sink.error({at(bad), at(bad + 1)}, "'" + path + "' is not UTF-8 text").help("save it as UTF-8");
    return;
  }
  text.consume_front("\xEF\xBB\xBF");
  File file = Parser(text, arena, sink).parseFile();
  for (const Import &import : file.imports) {
    llvm::SmallString<128> target(llvm::sys::path::parent_path(path));
    llvm::sys::path::append(target, import.path);
    if (import.path.empty() || import.path.contains('\\'))
      sink.error(import.range, "'" + import.path + "' is no file name").help("write import \"blocks.dsl\"");
    else
      load(llvm::sys::path::is_absolute(import.path) ? import.path : StringRef(target), &import);
  }
  for (const Function *function : file.functions) {
    define(function);
    if (isRoot && function->isModel)
      program.rootModels.push_back(function);
  }
  if (isRoot)
    program.rootTrains = file.trains;
}

void Loader::define(const Function *function) {
  if (layers().lookup(function->name)) {
    sink.error(function->range, "'" + function->name + "' is the name of a layer").help("choose another name");
    return;
  }
  auto [place, added] = program.functions.insert({function->name, function});
  if (!added)
    sink.error(function->range, "'" + function->name + "' is defined twice")
        .note("the first is at " + sink.where(place->second->range.Start, function->range.Start))
        .help("choose another name");
}
