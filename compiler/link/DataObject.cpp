//===- DataObject.cpp - bytes as an object file ---------------------------===//

#include "compiler/link/DataObject.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;
using namespace llvm::ELF;

template <typename Record> static void put(raw_ostream &stream, const Record &record) {
  stream.write(reinterpret_cast<const char *>(&record), sizeof record);
}

void cnnc::DataObject::write(raw_ostream &stream) const {
  // Far from the code, so that the code reaches itself however large this is.
  constexpr StringLiteral sectionNames = StringLiteral::withInnerNUL("\0.lrodata.weights\0.symtab\0.strtab\0.note.GNU-stack\0");
  constexpr unsigned dataName = 1, symbolsName = 18, stringsName = 26, stackName = 34, alignment = 64;
  std::string strings = sectionNames.str();
  unsigned symbolName = strings.size();
  strings.append(symbol, sizeof symbol);

  uint64_t dataAt = alignment, symbolsAt = (dataAt + bytes + 7) / 8 * 8, stringsAt = symbolsAt + 2 * sizeof(Elf64_Sym);
  uint64_t headersAt = (stringsAt + strings.size() + 7) / 8 * 8;
  Elf64_Ehdr header = {};
  std::copy_n(ElfMagic, 4, header.e_ident);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = headersAt;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 5;
  header.e_shstrndx = 3;
  Elf64_Sym data = {};
  data.st_name = symbolName;
  data.setBindingAndType(STB_GLOBAL, STT_OBJECT);
  data.st_other = STV_HIDDEN;
  data.st_shndx = 1;
  data.st_size = bytes;

  put(stream, header);
  static_assert(sizeof header == alignment);
  uint64_t start = stream.tell();
  content(stream);
  stream.write_zeros(symbolsAt - dataAt - (stream.tell() - start));
  put(stream, Elf64_Sym{});
  put(stream, data);
  stream << strings;
  stream.write_zeros(headersAt - stringsAt - strings.size());
  put(stream, Elf64_Shdr{});
  put(stream, Elf64_Shdr{dataName, SHT_PROGBITS, SHF_ALLOC | SHF_X86_64_LARGE, 0, dataAt, bytes, 0, 0, alignment, 0});
  // The symbols' first that is not local is the one after the null symbol.
  put(stream, Elf64_Shdr{symbolsName, SHT_SYMTAB, 0, 0, symbolsAt, 2 * sizeof(Elf64_Sym), 3, 1, 8, sizeof(Elf64_Sym)});
  put(stream, Elf64_Shdr{stringsName, SHT_STRTAB, 0, 0, stringsAt, strings.size(), 0, 0, 1, 0});
  put(stream, Elf64_Shdr{stackName, SHT_PROGBITS, 0, 0, headersAt, 0, 0, 0, 1, 0});
}
