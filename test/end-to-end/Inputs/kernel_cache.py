"""kernel_cache.py FOLDER CNNC: checks what cnnc keeps in its cache, and that libraries do not depend on it."""
import os
import pathlib
import subprocess
import sys

folder, cnnc = pathlib.Path(sys.argv[1]), sys.argv[2]
cache = folder / "cache"
source = pathlib.Path(__file__).with_name("kernel-cache.dsl").read_text(encoding="utf-8")


def command(name, width, arguments):
    network = folder / f"width{width}.dsl"
    network.write_text(source.replace("WIDTH", str(width)), encoding="utf-8")
    (folder / name).mkdir(exist_ok=True)
    return [cnnc, network, "-o", library(name), *arguments]


def library(name):
    """Of the same file name in each folder: the name is in the library."""
    return folder / name / "cached.so"


def compiled(name, width, *arguments, environment=None):
    subprocess.run(command(name, width, arguments), check=True, env={**os.environ, **(environment or {})})
    return library(name).read_bytes()


def entries():
    """What identifies each file: one that is written again is another."""
    return {path.name: path.stat().st_ino for path in cache.glob("llvmcache-*[0-9a-f]")}


def check(holds, message):
    if not holds:
        sys.exit(message)


plain = compiled("plain", 16)
check(not cache.exists(), "a cache appears although none was asked for")
use = f"--cache-dir={cache}"
check(compiled("first", 16, use) == plain, "filling the cache changes the library")
first = entries()
check(len(first) >= 4, f"the cache holds {len(first)} kernels, not 4 or more")
check(compiled("second", 16, use) == plain, "reading the cache changes the library")
check(entries() == first, "entries that are there are compiled again")
check(compiled("variable", 16, environment={"CNNC_CACHE_DIR": str(cache)}) == plain and entries() == first, "CNNC_CACHE_DIR is not read")

compiled("wider", 32, use)
new = len(entries()) - len(first)
check(0 < new < len(first), f"a change of one layer compiles {new} parts of {len(first)}")

for number, name in enumerate(sorted(first)):
    content = bytearray((cache / name).read_bytes())
    if number % 2:
        content[len(content) // 2] ^= 1
    else:
        del content[number:]
    (cache / name).write_bytes(content)
check(compiled("repaired", 16, use) == plain, "damaged entries change the library")
intact = {name: (cache / name).read_bytes() for name in first}

for path in cache.iterdir():
    path.unlink()
both = [subprocess.Popen(command(name, 16, [use])) for name in ("left", "right")]
check([process.wait() for process in both] == [0, 0], "two compilers that fill one cache disturb each other")
check(all(library(name).read_bytes() == plain for name in ("left", "right")), "a shared cache changes the library")
check({name: (cache / name).read_bytes() for name in entries()} == intact, "entries depend on who wrote them")
check(not list(cache.glob("*.tmp")), "a temporary file is left behind")
