//===- DataObject.cpp - weights in a library ------------------------------===//

#include "compiler/link/DataObject.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELFTypes.h"

using namespace llvm;
using namespace llvm::ELF;

template <typename Record> static void put(raw_ostream &stream, const Record &record) {
  stream.write(reinterpret_cast<const char *>(&record), sizeof record);
}

void cnnc::DataObject::writePlaceholder(raw_ostream &stream) const {
  // Far from the code, so that the code reaches itself however large this is.
  constexpr StringLiteral sectionNames = StringLiteral::withInnerNUL("\0.lrodata.weights\0.symtab\0.strtab\0.note.GNU-stack\0");
  constexpr unsigned dataName = 1, symbolsName = 18, stringsName = 26, stackName = 34, alignment = 64;
  std::string strings = sectionNames.str();
  unsigned symbolName = strings.size();
  strings.append(symbol, sizeof symbol);

  uint64_t symbolsAt = sizeof(Elf64_Ehdr), stringsAt = symbolsAt + 2 * sizeof(Elf64_Sym);
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
  put(stream, Elf64_Sym{});
  put(stream, data);
  stream << strings;
  stream.write_zeros(headersAt - stringsAt - strings.size());
  put(stream, Elf64_Shdr{});
  put(stream, Elf64_Shdr{dataName, SHT_NOBITS, SHF_ALLOC | SHF_X86_64_LARGE, 0, symbolsAt, bytes, 0, 0, alignment, 0});
  // The symbols' first that is not local is the one after the null symbol.
  put(stream, Elf64_Shdr{symbolsName, SHT_SYMTAB, 0, 0, symbolsAt, 2 * sizeof(Elf64_Sym), 3, 1, 8, sizeof(Elf64_Sym)});
  put(stream, Elf64_Shdr{stringsName, SHT_STRTAB, 0, 0, stringsAt, strings.size(), 0, 0, 1, 0});
  put(stream, Elf64_Shdr{stackName, SHT_PROGBITS, 0, 0, headersAt, 0, 0, 0, 1, 0});
}

void cnnc::DataObject::writeInto(MutableArrayRef<char> linked, raw_ostream &stream) const {
  using Elf = object::ELF64LE;
  auto &header = *reinterpret_cast<Elf::Ehdr *>(linked.data());
  MutableArrayRef sections(reinterpret_cast<Elf::Shdr *>(linked.data() + header.e_shoff), header.e_shnum);
  MutableArrayRef segments(reinterpret_cast<Elf::Phdr *>(linked.data() + header.e_phoff), header.e_phnum);
  auto *data = find_if(
      sections, [](const Elf::Shdr &section) { return section.sh_type == SHT_NOBITS && (section.sh_flags & SHF_X86_64_LARGE); });
  // An object has no segments.
  auto *segment = find_if(segments, [&](const Elf::Phdr &one) {
    return one.p_type == PT_LOAD && one.p_vaddr <= data->sh_addr && data->sh_addr < one.p_vaddr + one.p_memsz;
  });

  // The linker has put nothing behind it in its segment: the rest of the file moves back by whole pages.
  uint64_t cut = data->sh_offset;
  uint64_t at =
      segment == segments.end() ? alignTo(cut, data->sh_addralign) : segment->p_offset + data->sh_addr - segment->p_vaddr;
  constexpr uint64_t page = 4096;
  uint64_t shift = alignTo(at + bytes - cut, page);
  for (Elf::Shdr &section : sections)
    if (section.sh_offset >= cut)
      section.sh_offset += shift;
  data->sh_type = SHT_PROGBITS;
  data->sh_offset = at;
  for (Elf::Phdr &one : segments)
    if (one.p_offset >= cut)
      one.p_offset += shift;
  if (segment != segments.end())
    segment->p_filesz = segment->p_memsz;
  if (header.e_shoff >= cut)
    header.e_shoff += shift;

  stream.write(linked.data(), cut);
  stream.write_zeros(at - cut);
  content(stream);
  stream.write_zeros(cut + shift - (at + bytes));
  stream.write(linked.data() + cut, linked.size() - cut);
}
