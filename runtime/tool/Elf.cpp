#include "runtime/tool/Elf.h"

#include "runtime/tool/Error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <elf.h>
#include <string_view>

namespace cnnc {

namespace {

constexpr uint64_t maxNote = 16u << 20;
constexpr uint64_t maxTable = 64u << 20;
constexpr std::array<std::string_view, 3> allowedLibraries = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"};

/// One pass over the headers of a file.
class ElfReader {
public:
  explicit ElfReader(const fs::path &path) : file(path) {}

  ElfLibrary read() {
    readHeader();
    for (const Elf64_Phdr &segment : segments)
      checkSegment(segment);
    for (const Elf64_Phdr &segment : segments)
      if (segment.p_type == PT_DYNAMIC)
        checkDynamic(segment);
    library.path = file.path();
    findDescribe();
    if (library.note.empty())
      reject("has no cnnc note: it was not written by cnnc");
    return std::move(library);
  }

private:
  template <typename... Args> [[noreturn]] void reject(fmt::format_string<Args...> format, Args &&...args) {
    fail("'{}' {}", file.path().string(), fmt::format(format, std::forward<Args>(args)...));
  }

  template <typename T> std::vector<T> table(uint64_t offset, uint64_t count, const char *what) {
    if (count > maxTable / sizeof(T))
      reject("claims {} entries in its {}", count, what);
    if (offset > file.size() || count * sizeof(T) > file.size() - offset)
      reject("is cut off: its {} ends at byte {}, the file has {}", what, offset + count * sizeof(T), file.size());
    std::vector<T> entries(count);
    file.read(offset, entries.data(), count * sizeof(T));
    return entries;
  }

  void readHeader() {
    if (file.size() < sizeof header)
      reject("is not a shared library: {} bytes are too few for an ELF header", file.size());
    file.read(0, &header, sizeof header);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
      reject("is not a shared library: no ELF header; give the .so that cnnc wrote");
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != EM_X86_64)
      reject("was built for another machine (ELF machine {}), this one is x86-64 ({}): compile it here, or with cnnc "
             "--cpu=x86-64-v3",
             header.e_machine, EM_X86_64);
    if (header.e_type != ET_DYN)
      reject("is not a shared library (ELF type {}, expected {}): compile with cnnc -o name.so", header.e_type, ET_DYN);
    if (header.e_phentsize != sizeof(Elf64_Phdr) || (header.e_shnum != 0 && header.e_shentsize != sizeof(Elf64_Shdr)))
      reject("has ELF tables of an unknown entry size");
    segments = table<Elf64_Phdr>(header.e_phoff, header.e_phnum, "segment table");
    sections = table<Elf64_Shdr>(header.e_shoff, header.e_shnum, "section table");
  }

  void checkSegment(const Elf64_Phdr &segment) {
    if (segment.p_type != PT_GNU_STACK && segment.p_type != PT_NULL &&
        (segment.p_offset > file.size() || segment.p_filesz > file.size() - segment.p_offset))
      reject("is cut off: a segment ends past the file's {} bytes", file.size());
    if ((segment.p_type == PT_LOAD || segment.p_type == PT_GNU_STACK) && (segment.p_flags & PF_W) && (segment.p_flags & PF_X))
      reject("has memory that is writable and executable at once; refusing to load it");
    if (segment.p_type == PT_NOTE)
      readNotes(segment);
  }

  void readNotes(const Elf64_Phdr &segment) {
    if (segment.p_filesz > maxNote)
      return;
    Bytes notes = file.read(segment.p_offset, segment.p_filesz);
    auto rounded = [](uint64_t size) { return (size + 3) & ~uint64_t(3); };
    for (uint64_t at = 0; notes.size() - at >= sizeof(Elf64_Nhdr);) {
      Elf64_Nhdr note;
      std::memcpy(&note, notes.data() + at, sizeof note);
      uint64_t name = at + sizeof note, descriptor = name + rounded(note.n_namesz), end = descriptor + rounded(note.n_descsz);
      if (descriptor + note.n_descsz > notes.size())
        return;
      if (note.n_type == 1 && note.n_namesz == 5 && std::memcmp(notes.data() + name, "cnnc", 5) == 0)
        library.note.assign(reinterpret_cast<const char *>(notes.data() + descriptor), note.n_descsz);
      at = std::min<uint64_t>(end, notes.size());
    }
  }

  /// File offset of a virtual address inside a loaded segment.
  uint64_t offsetOf(uint64_t address) {
    for (const Elf64_Phdr &segment : segments)
      if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz)
        return segment.p_offset + (address - segment.p_vaddr);
    reject("has a dynamic section that points outside its segments");
  }

  static std::string stringAt(const Bytes &strings, uint64_t at) {
    if (at >= strings.size())
      return {};
    const char *begin = reinterpret_cast<const char *>(strings.data()) + at;
    return std::string(begin, strnlen(begin, strings.size() - at));
  }

  void checkDynamic(const Elf64_Phdr &segment) {
    auto entries = table<Elf64_Dyn>(segment.p_offset, segment.p_filesz / sizeof(Elf64_Dyn), "dynamic section");
    uint64_t strings = 0, stringBytes = 0;
    for (const Elf64_Dyn &entry : entries) {
      if (entry.d_tag == DT_STRTAB)
        strings = entry.d_un.d_ptr;
      if (entry.d_tag == DT_STRSZ)
        stringBytes = entry.d_un.d_val;
    }
    if (stringBytes > maxTable)
      reject("claims {} bytes of dynamic strings", stringBytes);
    Bytes names = stringBytes == 0 ? Bytes() : file.read(offsetOf(strings), stringBytes);
    for (const Elf64_Dyn &entry : entries) {
      switch (entry.d_tag) {
      case DT_RPATH:
      case DT_RUNPATH:
        reject("has a library search path (RPATH '{}'); refusing to load it", stringAt(names, entry.d_un.d_val));
      case DT_INIT:
      case DT_FINI:
        reject("runs code while it is loaded or unloaded (DT_INIT or DT_FINI); refusing to load it");
      case DT_INIT_ARRAYSZ:
      case DT_FINI_ARRAYSZ:
      case DT_PREINIT_ARRAYSZ:
        if (entry.d_un.d_val != 0)
          reject("has constructors or destructors ({} bytes of them); refusing to load it", entry.d_un.d_val);
        break;
      case DT_NEEDED: {
        std::string needed = stringAt(names, entry.d_un.d_val);
        if (std::find(allowedLibraries.begin(), allowedLibraries.end(), needed) == allowedLibraries.end())
          reject("needs '{}'; a compiled model needs nothing but libc and libm", needed);
        break;
      }
      default:
        break;
      }
    }
  }

  void findDescribe() {
    static constexpr std::string_view suffix = "_describe";
    std::vector<std::string> found;
    for (const Elf64_Shdr &section : sections) {
      if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size())
        continue;
      const Elf64_Shdr &stringSection = sections[section.sh_link];
      auto names = table<std::byte>(stringSection.sh_offset, stringSection.sh_size, "symbol names");
      for (const Elf64_Sym &symbol : table<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym), "symbol table")) {
        bool exported = symbol.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
                        ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL;
        std::string name = exported ? stringAt(names, symbol.st_name) : std::string();
        if (name.size() > suffix.size() && std::string_view(name).ends_with(suffix))
          found.push_back(name);
      }
    }
    if (found.size() != 1)
      reject("exports {} functions named <prefix>_describe, a compiled model has exactly one", found.size());
    library.describeSymbol = found.front();
  }

  InputFile file;
  Elf64_Ehdr header = {};
  std::vector<Elf64_Phdr> segments;
  std::vector<Elf64_Shdr> sections;
  ElfLibrary library;
};

} // namespace

ElfLibrary readElf(const fs::path &path) { return ElfReader(path).read(); }

} // namespace cnnc
