"""Libraries that must not be loaded: each refused from its headers alone."""

import struct
import unittest

from tool_testing import FIXTURE, ToolTest

PT_LOAD, PT_DYNAMIC, PT_GNU_STACK = 1, 2, 0x6474E551
DT_NEEDED, DT_STRTAB, DT_INIT, DT_INIT_ARRAYSZ, DT_RUNPATH, DT_FLAGS = 1, 5, 12, 27, 29, 30


class Elf:
    """The fixture's bytes, to be changed."""

    def __init__(self):
        with open(FIXTURE, "rb") as file:
            self.data = bytearray(file.read())
        self.segments = struct.unpack_from("<Q", self.data, 32)[0]
        self.count = struct.unpack_from("<H", self.data, 56)[0]

    def segment(self, kind):
        """The offset of the first program header of a kind."""
        offsets = [self.segments + 56 * i for i in range(self.count)]
        return next(at for at in offsets if struct.unpack_from("<I", self.data, at)[0] == kind)

    def retag(self, old, new, value=None):
        """Changes the tag, and if given the value, of the first dynamic entry with a tag."""
        at = struct.unpack_from("<Q", self.data, self.segment(PT_DYNAMIC) + 8)[0]
        while (tag := struct.unpack_from("<q", self.data, at)[0]) != old:
            assert tag != 0, "the fixture has no dynamic entry %d" % old
            at += 16
        struct.pack_into("<q", self.data, at, new)
        if value is not None:
            struct.pack_into("<Q", self.data, at + 8, value)

    def replace(self, old, new):
        assert old in self.data and len(old) == len(new)
        self.data = self.data.replace(old, new)


class ElfTest(ToolTest):
    def refuse(self, text, data):
        path = self.path("changed.so")
        with open(path, "wb") as file:
            file.write(bytes(data))
        self.expect_error(text, "bench", path)

    def test_not_a_library(self):
        self.refuse("is not a shared library: no ELF header", b"#!/bin/sh\n" * 10)
        self.refuse("too few for an ELF header", b"\x7fELF")
        missing = self.path("missing.so")
        self.expect_error("cannot read '%s': No such file or directory; check the path" % missing, "bench", missing)
        self.expect_error("not a regular file; give the path of one", "bench", self.folder)

    def test_another_machine(self):
        elf = Elf()
        struct.pack_into("<H", elf.data, 18, 183)
        self.refuse("was built for another machine (ELF machine 183)", elf.data)

    def test_an_executable(self):
        elf = Elf()
        struct.pack_into("<H", elf.data, 16, 2)
        self.refuse("is not a shared library (ELF type 2", elf.data)

    def test_cut_off(self):
        self.refuse("is cut off", Elf().data[:3000])

    def test_huge_claims(self):
        elf = Elf()
        struct.pack_into("<Q", elf.data, 32, 1 << 60)
        self.refuse("is cut off: its segment table", elf.data)

    def test_writable_and_executable(self):
        elf = Elf()
        struct.pack_into("<I", elf.data, elf.segment(PT_LOAD) + 4, 7)
        self.refuse("writable and executable at once", elf.data)
        elf = Elf()
        struct.pack_into("<I", elf.data, elf.segment(PT_GNU_STACK) + 4, 7)
        self.refuse("writable and executable at once", elf.data)

    def test_unknown_needed_library(self):
        elf = Elf()
        elf.replace(b"\0libm.so.6\0", b"\0libq.so.6\0")
        self.refuse("needs 'libq.so.6'; a compiled model needs nothing but libc and libm", elf.data)

    def test_search_path(self):
        elf = Elf()
        elf.retag(DT_FLAGS, DT_RUNPATH)
        self.refuse("has a library search path", elf.data)

    def test_constructors(self):
        elf = Elf()
        elf.retag(DT_FLAGS, DT_INIT)
        self.refuse("runs code while it is loaded", elf.data)
        elf = Elf()
        elf.retag(DT_FLAGS, DT_INIT_ARRAYSZ, 8)
        self.refuse("has constructors or destructors (8 bytes of them)", elf.data)

    def test_dynamic_section_outside(self):
        elf = Elf()
        elf.retag(DT_STRTAB, DT_STRTAB, 1 << 50)
        self.refuse("points outside its segments", elf.data)

    def test_no_note(self):
        elf = Elf()
        elf.replace(b"cnnc\0\0\0\0{", b"xnnc\0\0\0\0{")
        self.refuse("has no cnnc note", elf.data)

    def test_newer_abi(self):
        elf = Elf()
        elf.replace(b'{"abi": 2,', b'{"abi": 7,')
        self.refuse("has ABI version 7, this cnnrt knows version 2", elf.data)

    def test_malformed_note(self):
        elf = Elf()
        elf.replace(b'"graph_hash"', b'"graph_hesh"')
        self.refuse("is malformed", elf.data)

    def test_missing_cpu_features(self):
        elf = Elf()
        elf.replace(b'"features": 0', b'"features": 8')
        with open("/proc/cpuinfo") as file:
            flags = file.read()
        offered = "x86-64-v4" if "avx512vl" in flags else "x86-64-v3" if "avx2" in flags else None
        self.refuse("compile with cnnc --cpu=%s" % offered if offered else "run it on a newer processor", elf.data)

    def test_another_describe(self):
        elf = Elf()
        elf.replace(b"fixture_describe", b"fixture_describX")
        self.refuse("exports 0 functions named <prefix>_describe", elf.data)

    def test_inspect_does_not_load(self):
        elf = Elf()
        elf.replace(b'"features": 0', b'"features": 8')
        with open(self.path("other.so"), "wb") as file:
            file.write(elf.data)
        self.assertIn("x: f32[N, 4]", self.succeed("inspect", self.path("other.so")))


if __name__ == "__main__":
    unittest.main()
