//===- Link.cpp - lld as a library ----------------------------------------===//

#include "compiler/link/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace cnnc {
namespace {

Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError("cannot write '" + path + "': " + code.message() + ": choose another place with -o");
}

/// A file that lives in memory, for the linker to read.
class MemoryFile {
public:
  MemoryFile() : descriptor(memfd_create("object", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor >= 0)
      close(descriptor);
  }
  MemoryFile(const MemoryFile &) = delete;
  MemoryFile &operator=(const MemoryFile &) = delete;

  std::error_code write(function_ref<void(raw_ostream &)> content) {
    if (descriptor < 0)
      return errnoAsErrorCode();
    raw_fd_ostream stream(descriptor, /*shouldClose=*/false);
    content(stream);
    stream.flush();
    std::error_code code = stream.error();
    stream.clear_error();
    return code;
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor); }

private:
  int descriptor;
};

/// Collects what the linker writes: its output never touches a disk, which may
/// be full, and is no file, whose size may be limited.
class Collector {
public:
  std::error_code open() {
    if (pipe2(ends, O_CLOEXEC))
      return errnoAsErrorCode();
    reader = std::thread([this] {
      char chunk[1 << 16];
      for (ssize_t count; (count = sys::RetryAfterSignal(-1, ::read, ends[0], static_cast<void *>(chunk), sizeof chunk)) > 0;)
        bytes.append(chunk, chunk + count);
    });
    return {};
  }
  ~Collector() { finish(); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(ends[1]); }
  Bytes finish() {
    if (reader.joinable()) {
      close(ends[1]);
      reader.join();
      close(ends[0]);
    }
    return std::move(bytes);
  }

private:
  int ends[2];
  std::thread reader;
  Bytes bytes;
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

StringRef textOf(const Bytes &bytes) { return StringRef(bytes.data(), bytes.size()); }

/// A signal that ends the program removes the file first. LLVM answers those
/// too that are ignored, as nohup does and we with the limit on files.
void removeOnSignal(StringRef path) {
  SmallVector<int> ignored;
  for (int signal : {SIGHUP, SIGINT, SIGTERM, SIGXFSZ})
    if (struct sigaction action; !sigaction(signal, nullptr, &action) && action.sa_handler == SIG_IGN)
      ignored.push_back(signal);
  sys::RemoveFileOnSignal(path);
  for (int signal : ignored)
    std::signal(signal, SIG_IGN);
}

/// Opens a new file beside the path. A signal removes it, from before it is there.
std::error_code openTemporary(StringRef path, int &descriptor, SmallVectorImpl<char> &temporary) {
  constexpr int attempts = 100;
  std::error_code code;
  for (int i = 0; i < attempts; ++i) {
    sys::fs::createUniquePath(path + ".%%%%%%.tmp", temporary, /*MakeAbsolute=*/false);
    StringRef name(temporary.data(), temporary.size());
    removeOnSignal(name);
    code = sys::fs::openFileForWrite(name, descriptor, sys::fs::CD_CreateNew, sys::fs::OF_None,
                                     sys::fs::all_read | sys::fs::owner_write);
    if (!code)
      return code;
    sys::DontRemoveFileOnSignal(name);
    if (code != std::errc::file_exists)
      return code;
  }
  return code;
}

/// Makes every symbol local that does not start with the prefix.
Expected<Bytes> localize(const Bytes &object, StringRef prefix) {
  auto binary = object::ObjectFile::createObjectFile(MemoryBufferRef(textOf(object), "linked"));
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
  return writeFile(path, [&](raw_ostream &stream) { stream << content; });
}

Error writeFile(StringRef path, function_ref<void(raw_ostream &)> content) {
  SmallString<128> temporary(path);
  int descriptor;
  // A device or a pipe is written as it is.
  sys::fs::file_status status;
  bool inPlace = !sys::fs::status(path, status) && !sys::fs::is_regular_file(status);
  if (std::error_code code = inPlace ? sys::fs::openFileForWrite(path, descriptor, sys::fs::CD_OpenExisting)
                                     : openTemporary(path, descriptor, temporary))
    return cannotWrite(path, code);
  raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
  content(stream);
  stream.close();
  std::error_code code = stream.error();
  stream.clear_error();
  if (!code && !inPlace)
    code = sys::fs::rename(temporary, path);
  if (code && !inPlace)
    sys::fs::remove(temporary);
  if (!inPlace)
    sys::DontRemoveFileOnSignal(temporary);
  return code ? cannotWrite(path, code) : Error::success();
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

Error linkLibrary(ArrayRef<Bytes> objects, const DataObject &data, const LinkOptions &options) {
  Expected<std::string> core = findCore(options.sanitizer);
  if (!core)
    return core.takeError();
  Collector linked;
  if (std::error_code code = linked.open())
    return cannotWrite(options.output, code);
  bool shared = StringRef(options.output).ends_with(".so");
  std::vector<std::string> arguments{"ld.lld", "-o", linked.path(), "--gc-sections", "--build-id=none"};
  if (shared) {
    arguments.insert(arguments.end(), {"-shared", "-z", "now", "-z", "relro", "-z", "noexecstack", "--hash-style=gnu",
                                       "--as-needed", "-soname", sys::path::filename(options.output).str()});
    // The sanitizer's functions come from the program that loads the library.
    if (options.sanitizer == Sanitizer::None)
      arguments.insert(arguments.end(), {"-z", "defs", "--strip-all"});
  } else {
    arguments.erase(llvm::find(arguments, "--gc-sections"));
    arguments.push_back("-r");
  }
  std::vector<MemoryFile> parts(objects.size() + (data.bytes != 0));
  for (auto [i, part] : enumerate(parts)) {
    std::error_code code = part.write([&, i = i](raw_ostream &stream) {
      if (i < objects.size())
        stream << textOf(objects[i]);
      else
        data.writePlaceholder(stream);
    });
    if (code)
      return cannotWrite(options.output, code);
    arguments.push_back(part.path());
  }
  arguments.push_back(*core);
  if (shared) {
    arguments.push_back(libraryOf(reinterpret_cast<void *>(&std::malloc)));
    arguments.push_back(libraryOf(reinterpret_cast<void *>(static_cast<float (*)(float)>(&::expf))));
  }
  if (Error error = runLinker(arguments))
    return error;
  Bytes content = linked.finish();
  if (!shared) {
    Expected<Bytes> object = localize(content, options.prefix);
    if (!object)
      return object.takeError();
    content = std::move(*object);
  }
  auto write = [&](raw_ostream &stream) {
    if (data.bytes)
      data.writeInto(content, stream);
    else
      stream << textOf(content);
  };
  if (!StringRef(options.output).ends_with(".a"))
    return writeFile(options.output, write);
  Bytes object;
  raw_svector_ostream stream(object);
  write(stream);
  std::string member = options.prefix + ".o";
  NewArchiveMember entry(MemoryBufferRef(textOf(object), member));
  auto archive = writeArchiveToBuffer(entry, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU, /*Deterministic=*/true,
                                      /*Thin=*/false);
  return archive ? writeFile(options.output, (*archive)->getBuffer()) : archive.takeError();
}

} // namespace cnnc
