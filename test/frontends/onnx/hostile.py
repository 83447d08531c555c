"""Writes files that mean harm, and checks that cnnc says what is wrong with each and takes neither time nor memory.

    hostile.py cnnc sources scratch [--all] [name…]

A file is refused with exit code 1 and lines of text that begin with the file's name and where there is a node name it, or
compiles. `sources` is frontends/onnx, where the operators are found. With --all, or where names of files are given, there are
files of all operators in several operator sets too; with --all what compiles is compiled to a library.
"""
import concurrent.futures
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "hostile")]
import networks  # noqa: E402
import operators  # noqa: E402
import outside  # noqa: E402
import sizes  # noqa: E402
import structure  # noqa: E402

SECONDS, MEMORY = 10, 1 << 30


class Run:
    """cnnc at work on one file."""

    def __init__(self, command):
        start = time.monotonic()
        with open(os.devnull) as nothing:
            process = subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # Of the processor, as the machine may be busy; what waits is stopped later.
        watch = threading.Timer(SECONDS * 12, process.kill)
        watch.start()
        errors = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
        reader.start()
        self.output = process.stdout.read()
        reader.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # it has been waited for
        watch.cancel()
        process.stdout.close()
        process.stderr.close()
        self.errors = errors[0]
        self.code = os.waitstatus_to_exitcode(status)
        self.seconds, self.mib, self.wall = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, time.monotonic() - start

    def faults(self, file, refused):
        """What is wrong with how it ended."""
        if self.code < 0:
            yield f"was ended by {signal.Signals(-self.code).name}"
        elif self.code != 1 and (refused or self.code != 0):
            yield f"has exit code {self.code}"
        if self.seconds > SECONDS:
            yield f"took {self.seconds:.1f} s"
        if self.mib > MEMORY >> 20:
            yield f"took {self.mib:.0f} MiB"
        try:
            lines = self.errors.decode().split("\n")
        except UnicodeDecodeError as error:
            yield f"has errors that are no UTF-8: {error}"
            return
        if self.code == 1 and not (lines and re.match(rf"{re.escape(file)}: error: \S", lines[0])):
            yield f"has an error that does not name the file: {lines[0][:200]!r}"
        for line in lines:
            if re.search(r"[\x00-\x1f\x7f]", line):
                yield f"has control characters in {line[:200]!r}"
            if "internal error" in line or "LLVM ERROR" in line:
                yield line[:300]
            if len(line) > 4000:
                yield f"has a line of {len(line)} characters: {line[:100]!r}"


class Corpus:
    def __init__(self, cnnc, folder, everything):
        self.cnnc, self.folder, self.everything = cnnc, folder, everything
        self.count = self.refused = self.failures = self.nodes = 0
        self.slowest, self.largest = (0.0, ""), (0.0, "")
        self.lock = threading.Lock()

    def run(self, name, content, refused, nodes=None):
        """`content` is refused or suspect; `nodes` are those of a file of operators."""
        file = f"{name}.onnx"
        (self.folder / file).write_bytes(content)
        run = Run([self.cnnc, file, "--explain"])
        faults = list(run.faults(file, refused))
        good = run.code == 0
        if nodes:
            named = {int(number) for number in re.findall(rb"(?:node 'it|output 'y)(\d+)", run.errors)}
            good = len(named) < len(nodes.nodes)
            if run.code == 1 and len(named) == 0:
                faults.append("is refused, and no node is named")
            if run.code == 1 and good and not faults:
                # The rest compiles, if no node of it is wrong: only then are outputs looked at.
                rest = set(range(len(nodes.nodes))) - named
                return self.count_run(run, file, faults), self.run(f"{name}.rest", nodes.model(rest), refused=False)
        if good and not faults and self.everything:
            library = Run([self.cnnc, file, "-o", f"{name}.o", "--name=net"])
            faults += library_faults(library)
            for suffix in (".o", ".h"):
                (self.folder / f"{name}{suffix}").unlink(missing_ok=True)
        return self.count_run(run, file, faults)

    def count_run(self, run, file, faults):
        with self.lock:
            self.count += 1
            self.refused += run.code == 1
            self.slowest, self.largest = max(self.slowest, (run.seconds, file)), max(self.largest, (run.mib, file))
            for fault in faults:
                self.failures += 1
                print(f"{file} {fault}", flush=True)
        if not faults:
            (self.folder / file).unlink()


def library_faults(run):
    """A library may need what this machine does not have: then it is refused too."""
    if run.code not in (0, 1):
        yield f"has exit code {run.code} when it is compiled: {run.errors[-300:]!r}"
    if run.code == 1 and b"error: " not in run.errors:
        yield "is refused without an error when it is compiled"


def cases(sources, everything):
    """Yields the arguments of Corpus.run."""
    for name, content in [*structure.FILES.items(), *sizes.FILES.items(), *outside.FILES.items()]:
        yield name, content, True
    for name, content in [*structure.SUSPECT.items(), *sizes.SUSPECT.items()]:
        yield name, content, False
    seeds = sorted(networks.NETWORKS.values(), key=len)
    for name, content in structure.fuzzy(seeds, 2000 if everything else 60):
        yield name, content, False
    for name, nodes in operators.files(sources, (3, 7, 12, 18, 24)) if everything else ():
        yield name, nodes, False


def main(cnnc, sources, folder, *arguments):
    everything, wanted = "--all" in arguments, [one for one in arguments if one != "--all"]
    root = pathlib.Path(folder)
    shutil.rmtree(root, ignore_errors=True)
    (root / "models").mkdir(parents=True)
    sources = pathlib.Path(sources).resolve()
    os.chdir(root / "models")
    outside.prepare(".")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (2 * MEMORY, 2 * MEMORY))
    corpus = Corpus(cnnc, pathlib.Path.cwd(), everything)

    def one(case):
        name, content, refused = case
        nodes = None if isinstance(content, bytes) else content
        corpus.run(name, nodes.model() if nodes else content, refused, nodes)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(one, (case for case in cases(sources, everything or bool(wanted)) if not wanted or any(case[0].startswith(prefix) for prefix in wanted))):
            pass
    print(f"{corpus.count} files, {corpus.refused} refused; the slowest took {corpus.slowest[0]:.2f} s ({corpus.slowest[1]}), "
          f"the largest {corpus.largest[0]:.0f} MiB ({corpus.largest[1]}); {corpus.failures} failures")
    return corpus.failures > 0 or (not wanted and corpus.count < 300)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
