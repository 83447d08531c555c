//===- ReadersFuzz.cpp - data files, libraries and values of any bytes ------===//
//
// The first byte chooses the reader. Whatever the rest is, a reader returns
// what it promises or throws an Error.
//
//===----------------------------------------------------------------------===//

#include "runtime/tool/Elf.h"
#include "runtime/tool/Error.h"
#include "runtime/tool/Note.h"
#include "runtime/tool/Settings.h"
#include "runtime/tool/data/Png.h"
#include "runtime/tool/data/Sources.h"

#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

using namespace cnnc;

namespace {

void require(bool condition) {
  if (!condition)
    std::abort();
}

/// A file in memory, reachable by path.
class MemoryFile {
public:
  MemoryFile(const uint8_t *bytes, size_t size) : descriptor(memfd_create("input", MFD_CLOEXEC)) {
    require(descriptor >= 0 && write(descriptor, bytes, size) == static_cast<ssize_t>(size));
  }
  ~MemoryFile() { close(descriptor); }
  fs::path path() const { return "/proc/self/fd/" + std::to_string(descriptor); }

private:
  int descriptor;
};

void checkColumn(const Column &column) {
  std::vector<float> values(column.elements());
  require(column.bytes.size() == column.rows() * column.elements() * elementSize(column.type));
  if (column.rows() > 0)
    column.row(column.rows() - 1, values.data());
}

void readAs(uint8_t kind, const uint8_t *bytes, size_t size) {
  MemoryFile file(bytes, size);
  std::string text(reinterpret_cast<const char *>(bytes), size);
  fs::path path = file.path();
  switch (kind % 7) {
  case 0:
    return checkColumn(readIdx(path));
  case 1:
    return checkColumn(readNpy(path));
  case 2:
    return require(readPng(path, kind & 8 ? 1 : 3).values.size() > 0);
  case 3:
    return (void)readCsv(path);
  case 4:
    return require(!readElf(path).describeSymbol.empty());
  case 5:
    return (void)parseNote(text, "input");
  default:
    // What the command line can say can be printed, and read again, as a recipe.
    Json value = parseValue(text, "input");
    require(!valueText(value).empty());
    Recipe recipe(Json{{"schedule", value}, {"stop", value}}, {});
    settingsOf(recipe);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0)
    return 0;
  try {
    readAs(bytes[0], bytes + 1, size - 1);
  } catch (const Error &error) {
    require(error.what()[0] != '\0');
  }
  return 0;
}
