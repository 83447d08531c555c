"""Runs ONNX's backend node tests: folders with model.onnx and test_data_set_<i>/{input,output}_<j>.pb.

    node_tests.py cnnc cnnrt <folder of tests> <scratch folder> [pattern… | !pattern…]

Prints for each test "passed" with the largest difference and the inputs that were constants, "failed" with what is wrong, "refused" with cnnc's first
error, or "left out" with the types that no tensor of numbers has. All inputs run, weights too; where that is refused, fewer and fewer, and the others
become constants (--const): the real numbers; those of the type and shape of the first; the real numbers that are no scalars; the first of these; all
that are no scalars; the last of these; none: then the model gets an input that nothing reads, and cnnc computes all itself. Libraries take float32
and int32.
"""
import concurrent.futures
import dataclasses
import fnmatch
import math
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import npy
import onnx_reader
from onnx_reader import BFLOAT16, DOUBLE, FLOAT, FLOAT16, INT32, Array

REAL = (FLOAT, FLOAT16, DOUBLE, BFLOAT16)
# The difference that is allowed, as a share of 0.01 and the expected number: ONNX's own, and that of the type.
TOLERANCE = {FLOAT: 1e-3, DOUBLE: 1e-3, FLOAT16: 2e-3, BFLOAT16: 1e-2}

UNREAD = "an input that nothing reads"


@dataclasses.dataclass
class Outcome:
    state: str  # passed, failed, refused, left out
    detail: str

    def __str__(self):
        return f"passed ({self.detail})" if self.state == "passed" else f"{self.state}: {self.detail}"


def choices(arrays):
    """The sets of inputs to run, first the one to try first."""
    filled = [i for i, array in enumerate(arrays) if array.values]
    numbers = [i for i in filled if arrays[i].kind in REAL]
    alike = [i for i in filled if (arrays[i].kind, arrays[i].shape) == (arrays[0].kind, arrays[0].shape)]
    tensors = [i for i in filled if arrays[i].shape]
    real = [i for i in numbers if i in tensors]
    unique = []
    for chosen in (filled, numbers, alike, real, real[:1], tensors, tensors[-1:]):
        if chosen and chosen not in unique:
            unique.append(chosen)
    return [*unique, []]


def difference(got, want):
    """The largest difference, as the tolerance counts it, or what else is wrong."""
    if got.shape != want.shape:
        return f"a result of shape {list(got.shape)}, not {list(want.shape)}"
    worst = 0.0
    for a, b in zip(got.values, map(npy.as_float, want.values) if want.kind == DOUBLE else want.values):
        if a == b or (a != a and b != b):
            continue
        if want.kind not in REAL:
            return f"{a} where {b} is expected"
        distance = abs(a - b) / (1e-2 + abs(b))
        worst = max(worst, distance if math.isfinite(distance) else math.inf)
    return worst


class Runner:
    def __init__(self, cnnc, cnnrt, scratch):
        self.cnnc, self.cnnrt, self.scratch = cnnc, cnnrt, scratch

    def compile(self, test, model, arrays, runs):
        """cnnc's first error, or None; the files of the inputs lie in the scratch folder."""
        constants = []
        for i, (name, array) in enumerate(zip(model.inputs, arrays)):
            path = self.scratch / f"{i}.npy"
            npy.write(path, array, None if i not in runs else FLOAT if array.kind in REAL else INT32)
            if i not in runs:
                constants.append(f"--const={name}={path}")
        source = test / "model.onnx"
        if not runs:
            source = self.scratch / "model.onnx"
            source.write_bytes(onnx_reader.with_input((test / "model.onnx").read_bytes(), UNREAD))
            npy.write(self.scratch / "unread.npy", Array(FLOAT, (1,), [0.0]))
        compiled = subprocess.run([self.cnnc, source, *constants, "-o", self.scratch / "net.so"], capture_output=True, text=True, timeout=120)
        if compiled.returncode < 0:
            raise RuntimeError(f"cnnc ended by signal {-compiled.returncode}")
        return compiled.stderr.split("\n")[0].split(": error: ")[-1] if compiled.returncode else None

    def results(self, model, runs):
        """The outputs that the library computes."""
        names = list(model.inputs)
        given = [f"{names[i]}={self.scratch / f'{i}.npy'}" if len(runs) > 1 else str(self.scratch / f"{i}.npy") for i in runs] or [str(self.scratch / "unread.npy")]
        single = len(model.outputs) == 1
        out = self.scratch / ("out.npy" if single else "out.npz")
        command = [self.cnnrt, "run", self.scratch / "net.so", *(word for one in given for word in ("--in", one)), "--out", out]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if ran.returncode:
            raise RuntimeError((ran.stderr.strip().split("\n") or [str(ran.returncode)])[-1] or f"cnnrt ended with {ran.returncode}")
        if single:
            return [npy.read(out.read_bytes())]
        with zipfile.ZipFile(out) as archive:
            return [npy.read(archive.read(f"{name}.npy")) for name in model.outputs]

    def data_set(self, test, model, folder):
        read = lambda what, kinds: [onnx_reader.read_tensor((folder / f"{what}_{i}.pb").read_bytes(), kind) for i, kind in enumerate(kinds.values())]
        arrays, expected = read("input", model.inputs), read("output", model.outputs)
        refusal = None
        for runs in choices(arrays):
            error = self.compile(test, model, arrays, runs)
            try:
                results = [] if error else self.results(model, runs)
            except RuntimeError as wrong:
                if "has the shape" not in str(wrong):  # some data have another one than their model says
                    raise
                error = str(wrong)
            refusal = refusal or error
            if not error:
                break
        else:
            return Outcome("refused", refusal or "no input of numbers")
        worst = 0.0
        for got, want in zip(results, expected, strict=True):
            wrong = difference(got, want)
            if isinstance(wrong, str):
                return Outcome("failed", wrong)
            if wrong > TOLERANCE.get(want.kind, 0):
                return Outcome("failed", f"{wrong:.2g} from the expected")
            worst = max(worst, wrong)
        constants = [name for i, name in enumerate(model.inputs) if i not in runs]
        return Outcome("passed", ", ".join([f"{worst:.1g}", *(["constant: " + " ".join(constants)] if constants else [])]))

    def run(self, test):
        model = onnx_reader.read_model((test / "model.onnx").read_bytes())
        if model.foreign:
            return Outcome("left out", ", ".join(sorted(model.foreign)))
        self.scratch.mkdir(parents=True)
        outcome = Outcome("left out", "no data")
        try:
            for folder in sorted(test.glob("test_data_set_*")):
                outcome = self.data_set(test, model, folder)
                if outcome.state != "passed":
                    break
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            outcome = Outcome("failed", str(error))
        shutil.rmtree(self.scratch)
        return outcome


def matches(name, patterns):
    return any(fnmatch.fnmatch(name, f"test_{pattern}") for pattern in patterns)


def tests_of(folder, patterns=()):
    """The folders of the tests: those of the patterns, and none of the patterns with '!' before them."""
    wanted = [pattern for pattern in patterns if pattern[0] != "!"] or ["*"]
    unwanted = [pattern[1:] for pattern in patterns if pattern[0] == "!"]
    return [test for test in sorted(pathlib.Path(folder).iterdir())
            if (test / "model.onnx").exists() and matches(test.name, wanted) and not matches(test.name, unwanted)]


def run_all(cnnc, cnnrt, folder, scratch, patterns=()):
    """(test, outcome) in the order of names, while as many tests run at once as there are cores."""
    shutil.rmtree(scratch, ignore_errors=True)
    run = lambda test: (test, Runner(cnnc, cnnrt, pathlib.Path(scratch) / test.name).run(test))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(run, tests_of(folder, patterns))


def main(cnnc, cnnrt, folder, scratch, *patterns):
    counts = {"passed": 0, "failed": 0}
    for test, outcome in run_all(cnnc, cnnrt, folder, scratch, patterns):
        print(f"{test.name}: {outcome}", flush=True)
        counts[outcome.state] = counts.get(outcome.state, 0) + 1
    print(", ".join(f"{count} {state}" for state, count in counts.items()))
    return counts["failed"] > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
