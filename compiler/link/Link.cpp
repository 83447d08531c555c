//===- Link.cpp - lld as a library ----------------------------------------===//

#include "compiler/link/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cmath>
#include <cstdlib>
#include <dlfcn.h>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace cnnc {
namespace {

Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError("cannot write '" + path + "': " + code.message() + ": choose another place with -o");
}

/// A folder for intermediate files, removed at the end.
class Workspace {
public:
  std::error_code create() { return sys::fs::createUniqueDirectory("cnnc", path); }
  ~Workspace() {
    if (!path.empty())
      sys::fs::remove_directories(path);
  }
  std::string file(const Twine &name) const {
    SmallString<128> result = path;
    sys::path::append(result, name);
    return result.str().str();
  }

private:
  SmallString<128> path;
};

/// The file of the shared library that a function of ours comes from: the
/// C library is found where this program found it.
std::string libraryOf(void *function) {
  Dl_info info;
  return dladdr(function, &info) ? info.dli_fname : "";
}

Error runLinker(ArrayRef<std::string> arguments) {
  SmallVector<const char *> pointers;
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  std::string output, errors;
  raw_string_ostream outputStream(output), errorStream(errors);
  lld::Result result = lld::lldMain(pointers, outputStream, errorStream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0)
    return Error::success();
  return createStringError("internal error: the linker fails: " + StringRef(errors).split('\n').first);
}

/// Makes every symbol local that does not start with the prefix.
Expected<Bytes> localize(StringRef object, StringRef prefix) {
  auto buffer = MemoryBuffer::getFile(object);
  if (!buffer)
    return errorCodeToError(buffer.getError());
  auto binary = object::ObjectFile::createObjectFile(**buffer);
  if (!binary)
    return binary.takeError();
  objcopy::ConfigManager config;
  std::string wildcard = (prefix + "_*").str(); // the pattern points into it
  auto pattern = objcopy::NameOrPattern::create(wildcard, objcopy::MatchStyle::Wildcard, [](Error error) { return error; });
  if (!pattern)
    return pattern.takeError();
  if (Error error = config.Common.SymbolsToKeepGlobal.addMatcher(std::move(pattern)))
    return std::move(error);
  Bytes bytes;
  raw_svector_ostream stream(bytes);
  if (Error error = objcopy::executeObjcopyOnBinary(config, **binary, stream))
    return std::move(error);
  return bytes;
}

} // namespace

Error writeFile(StringRef path, StringRef content) {
  SmallString<128> temporary(path);
  int descriptor;
  // A device or a pipe is written as it is.
  sys::fs::file_status status;
  bool inPlace = !sys::fs::status(path, status) && !sys::fs::is_regular_file(status);
  if (std::error_code code = inPlace ? sys::fs::openFileForWrite(path, descriptor, sys::fs::CD_OpenExisting)
                                     : sys::fs::createUniqueFile(path + ".%%%%%%.tmp", descriptor, temporary, sys::fs::OF_None,
                                                                 sys::fs::all_read | sys::fs::owner_write))
    return cannotWrite(path, code);
  raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  stream << content;
  stream.close();
  std::error_code code = stream.error();
  stream.clear_error();
  if (!code && !inPlace)
    code = sys::fs::rename(temporary, path);
  if (!code)
    return Error::success();
  if (!inPlace)
    sys::fs::remove(temporary);
  return cannotWrite(path, code);
}

Expected<std::string> findCore(Sanitizer sanitizer) {
  std::string name = "libcnnc-core";
  if (sanitizer != Sanitizer::None)
    name += sanitizer == Sanitizer::Thread ? "-tsan" : "-asan";
  name += ".a";
  std::string program = sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&findCore));
  StringRef root = sys::path::parent_path(sys::path::parent_path(program));
  for (StringRef folder : {"lib", "lib/cnnc"}) {
    SmallString<128> path = root;
    sys::path::append(path, folder, name);
    if (sys::fs::exists(path))
      return path.str().str();
  }
  return createStringError(name + " is in neither lib nor lib/cnnc of '" + root + "': build it or install cnnc again");
}

Error linkLibrary(ArrayRef<Bytes> objects, const LinkOptions &options) {
  Expected<std::string> core = findCore(options.sanitizer);
  if (!core)
    return core.takeError();
  Workspace workspace;
  if (std::error_code code = workspace.create())
    return createStringError("cannot create a temporary folder: " + code.message() + ": set TMPDIR to one with room");
  bool shared = StringRef(options.output).ends_with(".so");
  std::string linked = workspace.file("linked");
  std::vector<std::string> arguments{"ld.lld", "-o", linked, "--gc-sections", "--build-id=none"};
  if (shared) {
    arguments.insert(arguments.end(), {"-shared", "-z", "now", "-z", "relro", "-z", "noexecstack", "--hash-style=gnu", "--as-needed",
                                       "-soname", sys::path::filename(options.output).str()});
    // The sanitizer's functions come from the program that loads the library.
    if (options.sanitizer == Sanitizer::None)
      arguments.insert(arguments.end(), {"-z", "defs", "--strip-all"});
  } else {
    arguments.erase(llvm::find(arguments, "--gc-sections"));
    arguments.push_back("-r");
  }
  for (auto [i, object] : enumerate(objects)) {
    arguments.push_back(workspace.file("part" + Twine(i) + ".o"));
    if (Error error = writeFile(arguments.back(), StringRef(object.data(), object.size())))
      return error;
  }
  arguments.push_back(*core);
  if (shared) {
    arguments.push_back(libraryOf(reinterpret_cast<void *>(&std::malloc)));
    arguments.push_back(libraryOf(reinterpret_cast<void *>(static_cast<float (*)(float)>(&::expf))));
  }
  if (Error error = runLinker(arguments))
    return error;
  if (shared) {
    auto content = MemoryBuffer::getFile(linked);
    return content ? writeFile(options.output, (*content)->getBuffer()) : errorCodeToError(content.getError());
  }
  Expected<Bytes> object = localize(linked, options.prefix);
  if (!object)
    return object.takeError();
  StringRef content(object->data(), object->size());
  if (!StringRef(options.output).ends_with(".a"))
    return writeFile(options.output, content);
  std::string member = options.prefix + ".o";
  NewArchiveMember entry(MemoryBufferRef(content, member));
  auto archive = writeArchiveToBuffer(entry, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
  return archive ? writeFile(options.output, (*archive)->getBuffer()) : archive.takeError();
}

} // namespace cnnc
