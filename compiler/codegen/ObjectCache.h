//===- ObjectCache.h - object code that was generated before -----*- C++ -*-===//

#ifndef CNNC_COMPILER_CODEGEN_OBJECTCACHE_H
#define CNNC_COMPILER_CODEGEN_OBJECTCACHE_H

#include "compiler/codegen/Codegen.h"

namespace cnnc {

/// A folder of object files by the content that they come from. Any number of
/// processes and threads may use one at a time: a file appears complete or not
/// at all, and one whose content is not what was written counts as absent.
class ObjectCache {
public:
  /// Makes the folder where it is missing. Without a name nothing is kept.
  static llvm::Expected<ObjectCache> open(llvm::StringRef folder);

  bool isOpen() const { return !folder.empty(); }
  /// The name of what is generated from `source`, by this build of the compiler, with `options`.
  std::string key(llvm::StringRef source, llvm::StringRef options) const;
  std::optional<Bytes> find(llvm::StringRef key) const;
  /// Keeps an object; a full disk only loses it.
  void store(llvm::StringRef key, llvm::StringRef object) const;
  /// Removes what was not used for longest, beyond `maxBytes`.
  void prune() const;

  static constexpr uint64_t maxBytes = uint64_t(512) << 20;

private:
  std::string path(llvm::StringRef key) const;
  std::string folder, compiler; ///< hash of the program
};

} // namespace cnnc

#endif // CNNC_COMPILER_CODEGEN_OBJECTCACHE_H
