"""The lit suite. A test is a file with RUN lines; it is kept beside its likes, in a tree that mirrors the sources.

%cnnc-source is the root of the sources, %cc and %cxx the compilers of the build. `--param all=1` (or `./dev test --all`)
makes the feature `all` available, which long tests require; `clang-format` is there where the program is installed.
"""
import os
import shutil
import sys

import lit.formats

config.name = "cnnc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".dsl", ".test", ".c"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.cnnc_build_root, "test")

config.environment["PATH"] = os.pathsep.join([config.cnnc_tools_dir, config.llvm_tools_dir, config.environment["PATH"]])
config.substitutions += [
    ("%cnnc-source", config.cnnc_source_root),
    ("%cnnc-build", config.cnnc_build_root),
    ("%cxx", config.cxx_compiler),
    ("%cc", config.c_compiler),
    ("%python", config.python or sys.executable),
]
if lit_config.params.get("all"):
    config.available_features.add("all")
if shutil.which("clang-format-22"):
    config.available_features.add("clang-format")
