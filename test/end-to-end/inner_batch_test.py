"""Tensors whose batch is not their first dimension, with any number of examples, against the same sums in Python.

    inner_batch_test.py cnnc cnnrt
"""
import pathlib
import random
import subprocess
import sys
import tempfile
import zipfile

TEST = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(TEST / "frontends" / "onnx"), str(TEST / "trajectories")]
from arrays import read_npy  # noqa: E402
from inputs import write_npy  # noqa: E402
from onnxfile import *  # noqa: E402,F403

STEPS, FEATURES = 4, 3
GAIN, W, R = [0.5, -2.0, 3.0], [1.0, 0.5, -1.0], 0.5


def ints(name, *values):
    return tensor(name, [len(values)], values, INT64)


def network():
    """Attention's way of taking parts out, a recurrent net, and what stands round them."""
    nodes = [
        # Three parts of each example, [3, N, 4, 1].
        node("Reshape", ["x", "parts"], ["r"]),
        node("Transpose", ["r"], ["t"], perm=[2, 0, 1, 3]),
        node("Slice", ["t", "zeros", "far", "from"], ["all"]),
        node("Gather", ["all", "first"], ["a"], axis=0),
        node("Split", ["t"], ["", "b3", "c3"], axis=0),
        node("Squeeze", ["b3", "front"], ["b"]),
        node("Squeeze", ["c3", "front"], ["c"]),
        node("Mul", ["a", "b"], ["ab"]),
        node("Add", ["ab", "c"], ["parted"]),
        # Steps first, [4, N, 3]: vectors of features, sums, joints.
        node("Transpose", ["x"], ["s"], perm=[1, 0, 2]),
        node("Mul", ["gain", "s"], ["g"]),
        node("Concat", ["g", "s"], ["joined"], axis=2),
        node("Reshape", ["joined", "free"], ["same"]),
        node("ReduceSum", ["same", "last"], ["sums"], keepdims=0),
        node("MatMul", ["g", "column"], ["m"]),
        node("Reshape", ["m", "copied"], ["flat"]),
        node("Add", ["sums", "flat"], ["total"]),
        node("Transpose", ["total"], ["summed"]),
        # H = x · W + h · R, from zeros of a shape that is computed.
        node("Shape", ["s"], ["shape"]),
        node("Gather", ["shape", "second"], ["n"], axis=0),
        node("Concat", ["front1", "n", "front1"], ["state"], axis=0),
        node("ConstantOfShape", ["state"], ["h0"]),
        node("RNN", ["s", "w", "recurrent", "", "", "h0"], ["steps", "end"], hidden_size=1, activations=["Affine"], activation_alpha=[1.0], activation_beta=[0.0]),
        node("Squeeze", ["steps", "second"], ["walk"]),
        node("Transpose", ["walk"], ["walked"], perm=[1, 0, 2]),
        node("Squeeze", ["end", "front"], ["ended"]),
        # In front of the batch and away again.
        node("Unsqueeze", ["x", "front"], ["u"]),
        node("Add", ["u", "one"], ["v"]),
        node("Squeeze", ["v", "front"], ["more"]),
    ]
    constants = [ints("parts", 0, STEPS, FEATURES, 1), ints("zeros", 0, 0, 0, 0), ints("far", *[1 << 62] * 4), ints("from", 0, 1, 2, 3), tensor("first", [], [0], INT64),
                 ints("front", 0), tensor("gain", [FEATURES], GAIN), ints("free", STEPS, -1, 2 * FEATURES), ints("last", -1), tensor("column", [FEATURES, 1], W),
                 ints("copied", 0, 0), ints("second", 1), ints("front1", 1), tensor("w", [1, 1, FEATURES], W), tensor("recurrent", [1, 1, 1], [R]), tensor("one", [], [1.0])]
    return model(graph(nodes, [value("x", ["N", STEPS, FEATURES])], [value(name) for name in expected([])], constants), opset=17)


def expected(examples):
    """The elements of each output, for examples of STEPS rows of FEATURES numbers."""
    def walk(rows):
        h, states = 0.0, []
        for row in rows:
            h = sum(a * b for a, b in zip(row, W)) + h * R
            states.append(h)
        return states

    scaled = [[[g * v for g, v in zip(GAIN, row)] for row in rows] for rows in examples]
    return {
        "parted": [row[0] * row[1] + row[2] for rows in examples for row in rows],
        "summed": [sum(more) + sum(row) + sum(a * b for a, b in zip(more, W)) for pair in zip(scaled, examples) for more, row in zip(*pair)],
        "walked": [h for rows in examples for h in walk(rows)],
        "ended": [walk(rows)[-1] for rows in examples],
        "more": [v + 1 for rows in examples for row in rows for v in row],
    }


def main(cnnc, cnnrt):
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        save(folder / "net.onnx", network())
        done = subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], capture_output=True, text=True)
        print(done.stderr, end="")
        if done.returncode:
            return 1
        failed = False
        for count in (1, 3):
            examples = [[[draw.uniform(-1, 1) for _ in range(FEATURES)] for _ in range(STEPS)] for _ in range(count)]
            write_npy(folder / "x.npy", "f", (count, STEPS, FEATURES), [v for rows in examples for row in rows for v in row])
            subprocess.run([cnnrt, "run", folder / "net.so", "--in", folder / "x.npy", "--out", folder / "all.npz", f"--batch={count}"], check=True)
            with zipfile.ZipFile(folder / "all.npz") as archive:
                archive.extractall(folder)
            for output, want in expected(examples).items():
                error = max(abs(a - b) for a, b in zip(read_npy(folder / f"{output}.npy"), want, strict=True))
                print(f"{count} examples, {output}: {'good' if error <= 1e-5 else error}")
                failed |= not error <= 1e-5
        print(subprocess.run([cnnrt, "inspect", folder / "net.so"], check=True, capture_output=True, text=True).stdout, end="")
        return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
