#!/usr/bin/env python3
"""Fails if a file includes a layer that its own layer may not see.

MAY_SEE is the architecture: a file belongs to the longest matching prefix, may include its own layer, the files that lie in
the folder above it where that is a layer too, and otherwise only what is listed. Generated headers are spelled like sources, so they obey the same table.
"""
import pathlib
import re
import sys

STAGES = ["graph", "grad", "fuse", "tile", "lower"]
MAY_SEE = {
    "dialects/cnn": [],
    "dialects/plan": [],
    "frontends": ["dialects/cnn"],
    "frontends/dsl": ["dialects/cnn"],
    "frontends/onnx": ["dialects/cnn"],
    "passes": ["dialects"],
    **{f"passes/{stage}": ["dialects"] for stage in STAGES},
    # Weights start and are loaded as in a library: by the core.
    "compiler/weights": ["compiler", "dialects", "frontends", "runtime/core"],
    "compiler": ["compiler/weights", "dialects", "frontends", "passes", "runtime/include/cnnc/abi.h"],
    "runtime/include": [],
    "runtime/core": ["cnnc/"],
    "runtime/tool": ["cnnc/", "runtime/core"],
    "runtime/sim": ["cnnc/", "runtime/core"],
    "examples": [],
}
# Layers that build without LLVM.
WITHOUT_LLVM = {"runtime/include", "runtime/core", "runtime/tool", "runtime/sim", "examples"}
OURS = {layer.split("/")[0] for layer in MAY_SEE} | {"cnnc", "test"}
INCLUDE = re.compile(r'^\s*#?\s*include\s+["<]([^">]+)[">]', re.M)


def layer_of(path):
    fits = [layer for layer in MAY_SEE if path == layer or path.startswith(layer + "/")]
    return max(fits, key=len, default=None)


def violations(root):
    """Yields one line for each include that the table forbids."""
    for path in sorted(p for top in OURS for p in root.glob(f"{top}/**/*") if p.suffix in {".h", ".c", ".cpp", ".td", ".inc"}):
        name = path.relative_to(root).as_posix()
        layer = layer_of(name)
        if not layer:
            continue
        for target in INCLUDE.findall(path.read_text()):
            head = target.split("/")[0]
            foreign = "/" in target and head in OURS and layer_of(target) not in {layer, layer.rpartition("/")[0]}
            allowed = any(target.startswith(seen) for seen in MAY_SEE[layer])
            if (foreign and not allowed) or (layer in WITHOUT_LLVM and head in {"mlir", "llvm"}):
                yield f"{name}: {layer} may not include {target}"


if __name__ == "__main__":
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers: clean")
    sys.exit(bool(found))
