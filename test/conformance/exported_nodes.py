"""ONNX's backend node tests, read and written again: the checker and ONNX Runtime accept what is written, which computes what the test expects.

    exported_nodes.py cnnc <folder of tests> <scratch folder> [pattern…]

Prints for each test "passed", "failed" with what is wrong, or "refused" where cnnc does not read the model as it is. Tests that expect random numbers
are left out, and those of bfloat16, whose data are no numbers to NumPy.
"""
import collections
import fnmatch
import pathlib
import subprocess
import sys

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper

from table import DRAWS

TYPES = {"tensor(float)": "f4", "tensor(int32)": "i4"}


def arrays(folder, kind):
    """The inputs or outputs of the first data set."""
    files = sorted(folder.glob(f"test_data_set_0/{kind}_*.pb"), key=lambda path: int(path.stem.rpartition("_")[2]))
    return [numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes())) for path in files]


def check(folder, written):
    """What is wrong with the file, or nothing."""
    onnx.checker.check_model(str(written), full_check=True)
    session = onnxruntime.InferenceSession(str(written), providers=["CPUExecutionProvider"])
    graph = onnx.load(folder / "model.onnx").graph
    given = dict(zip((one.name for one in graph.input), arrays(folder, "input")))
    wanted = dict(zip((one.name for one in graph.output), arrays(folder, "output")))
    feed = {one.name: given[one.name].astype(TYPES[one.type]) for one in session.get_inputs()}
    for one, result in zip(session.get_outputs(), session.run(None, feed)):
        expected = wanted[one.name]
        if result.shape != expected.shape:
            return f"a result of shape {result.shape}, not {expected.shape}"
        if not numpy.allclose(result.astype("f8"), expected.astype("f8"), rtol=1e-3, atol=1e-5, equal_nan=True):
            return f"a difference of {abs(result.astype('f8') - expected.astype('f8')).max():.1e}"
    return ""


def outcome(cnnc, folder, written):
    process = subprocess.run([cnnc, folder / "model.onnx", "-o", written], capture_output=True, text=True)
    if process.returncode:
        return "refused" if process.returncode == 1 else "failed", process.stderr.strip().split("\n")[0]
    try:
        wrong = check(folder, written)
    except Exception as error:  # of the checker or the runtime, which have several kinds
        wrong = str(error).replace("\n", " ")
    return "failed" if wrong else "passed", wrong


def main(cnnc, tests, scratch, *patterns):
    onnxruntime.set_default_logger_severity(3)
    written = pathlib.Path(scratch) / "node.onnx"
    written.parent.mkdir(parents=True, exist_ok=True)
    counts = collections.Counter()
    for folder in sorted(pathlib.Path(tests).iterdir()):
        chosen = not patterns or any(fnmatch.fnmatch(folder.name, pattern) for pattern in patterns)
        if not chosen or "BFLOAT16" in folder.name or folder.name in DRAWS:
            continue
        state, detail = outcome(cnnc, folder, written)
        counts[state] += 1
        print(f"{folder.name}: {state}{': ' + detail if detail else ''}", flush=True)
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['refused']} refused")
    return bool(counts["failed"]) or not counts["passed"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
