#!/usr/bin/env python3
"""Checks the form of the files: length, names, whitespace, size.

A source file has at most 400 lines unless LONG gives the reason for more; C++ sources are CamelCase, C sources, scripts and
tests are not; no tabs, no spaces at the end of a line, a newline at the end of a file; nothing binary over 1 MB.
"""
import os
import pathlib
import re
import sys

LINES = 400
# path: why it is one file.
LONG = {}

SOURCES = {".h", ".c", ".cpp", ".td", ".py", ".sh", ".cmake"}
TEXT = SOURCES | {".md", ".dsl", ".mlir", ".test", ".txt", ".in", ".cfg"}
SKIP = {"build", "out", ".git", ".cache", "__pycache__"}
# Folders of C++ that sees LLVM or CLI libraries: types and files are Camel.
CAMEL = re.compile(r"^(dialects|frontends|passes|compiler|runtime/tool)/")
CAMEL_NAME = re.compile(r"^([A-Z][A-Za-z0-9]*|(cnnc|cnnrt)[a-z-]*|main)$")
# What kind of bytes a test needs is the test's business.
ANY_BYTES = re.compile(r"(^|/)(Inputs|corpus)/|^docs/.*\.svg$")


def sources(root):
    """Yields every file of the repository. Never looks into a build, where files come and go."""
    for folder, folders, names in os.walk(root):
        is_top = folder == str(root)
        folders[:] = [name for name in folders if name not in SKIP and not (is_top and name.startswith("build"))]
        yield from (pathlib.Path(folder) / name for name in names)


def complaints(root):
    """Yields one line for each offence."""
    for path in sorted(sources(root)):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or ANY_BYTES.search(name):
            continue
        if path.stat().st_size > 1 << 20:
            yield f"{name}: {path.stat().st_size >> 10} KiB, files have at most 1 MiB"
        if path.suffix not in TEXT and path.name not in {"dev", "run"}:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        lines = text.split("\n")
        if path.suffix in SOURCES and len(lines) - 1 > LINES and name not in LONG:
            yield f"{name}: {len(lines) - 1} lines, a source has at most {LINES}; split it by meaning or give the reason in test/lint/files.py"
        if path.suffix == ".cpp" and CAMEL.match(name) and not CAMEL_NAME.match(path.stem):
            yield f"{name}: C++ files are named like types, in CamelCase"
        for number, line in enumerate(lines, 1):
            if "\t" in line:
                yield f"{name}:{number}: tab"
            if line != line.rstrip():
                yield f"{name}:{number}: space at the end of the line"
        if text and not text.endswith("\n"):
            yield f"{name}: no newline at the end"
    for name in sorted(LONG):
        if not (root / name).exists():
            yield f"{name}: listed as long in test/lint/files.py, but not there"


if __name__ == "__main__":
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "files: clean")
    sys.exit(bool(found))
