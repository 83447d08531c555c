//===- Files.h - the bytes of a model and of its weights ---------*- C++ -*-===//

#ifndef CNNC_FRONTENDS_ONNX_FILES_H
#define CNNC_FRONTENDS_ONNX_FILES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>

namespace cnnc::onnx {

using File = std::shared_ptr<const llvm::MemoryBuffer>;

/// The file at `path`, mapped; null, and `why`, where it cannot be read.
File openFile(llvm::StringRef path, std::string &why);

/// The files of external data that one model names. A location is a path below
/// the model's folder; what leads out of it is refused: "..", absolute paths,
/// symbolic links, and files with a second link.
class ExternalFiles {
public:
  explicit ExternalFiles(llvm::StringRef folder) : folder(folder.str()) {}

  /// The file at `location`, opened once; null, and `why`, after an error.
  File open(llvm::StringRef location, std::string &why);

private:
  std::string folder;
  llvm::StringMap<File> files;
};

} // namespace cnnc::onnx

#endif // CNNC_FRONTENDS_ONNX_FILES_H
