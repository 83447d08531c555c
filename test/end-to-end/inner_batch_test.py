"""Tensors whose batch is not their first dimension, or counts parts of each example too, with any number of examples, against the same sums in Python.

    inner_batch_test.py cnnc cnnrt
"""
import math
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


def inside():
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
    return model(graph(nodes, [value("x", ["N", STEPS, FEATURES])], [value(name) for name in inside_expected([])], constants), opset=17)


def inside_expected(examples):
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


# Of a batch norm over rows.
MEAN, VARIANCE = [0.1, -0.2, 0.3], [0.5, 1.0, 2.0]
POSITION, MATRIX = [[0.1, 0.2, 0.3], [-0.1, 0.5, -0.7]], [[1.0, 0.5, 0.0], [0.0, -1.0, 2.0], [0.3, 0.0, 1.0]]


def windows(batch):
    """Two windows of each example, which the file counts with the batch: [2N, 2, 3], and its rows: [4N, 3]. The file says N, or a number."""
    counted = [-1 if batch == "N" else batch * parts for parts in (1, 2, 4)]
    nodes = [
        node("Reshape", ["x", "windows"], ["w"]),
        # What works on each window by itself.
        node("Add", ["w", "position"], ["p"]),
        node("MatMul", ["p", "matrix"], ["q"]),
        node("Softmax", ["q"], ["s"], axis=-1),
        node("Reshape", ["s", "back"], ["attended"]),
        # Rows, over all of which a batch norm is one.
        node("Reshape", ["w", "rows"], ["r"]),
        node("BatchNormalization", ["r", "gain", "bias", "mean", "variance"], ["n"], epsilon=0.0),
        node("Reshape", ["n", "back"], ["normed"]),
        # The windows inside: [2, 2N, 3].
        node("Transpose", ["w"], ["t"], perm=[1, 0, 2]),
        node("Gather", ["t", "second"], ["g"], axis=0),
        node("ReduceSum", ["g", "second"], ["sums"], keepdims=0),
        node("Reshape", ["sums", "pairs"], ["picked"]),
        # Their number from their shape.
        node("Shape", ["w"], ["shape"]),
        node("Slice", ["shape", "zero", "second1"], ["count"]),
        node("Concat", ["count", "six"], ["whole"], axis=0),
        node("Reshape", ["w", "whole"], ["wide"]),
        node("LayerNormalization", ["wide", "gains", "zeros"], ["l"], epsilon=0.0),
        node("Reshape", ["l", "back"], ["layered"]),
        node("Flatten", ["w"], ["f"], axis=2),
        node("Mul", ["f", "gain"], ["scaled"]),
        node("Reshape", ["scaled", "back"], ["flat"]),
    ]
    constants = [ints("windows", counted[1], 2, FEATURES), ints("back", counted[0], STEPS, FEATURES), ints("rows", counted[2], FEATURES), ints("pairs", counted[0], 2), ints("zero", 0),
                 ints("second1", 1), ints("six", 6), tensor("second", [], [1], INT64), tensor("position", [2, FEATURES], sum(POSITION, [])), tensor("matrix", [FEATURES, FEATURES], sum(MATRIX, [])),
                 *(tensor(name, [FEATURES], values) for name, values in (("gain", GAIN), ("bias", W), ("mean", MEAN), ("variance", VARIANCE))), tensor("gains", [6], [1.0] * 6), tensor("zeros", [6], [0.0] * 6)]
    return model(graph(nodes, [value("x", [batch, STEPS, FEATURES])], [value(name) for name in windows_expected([])], constants), opset=17)


def windows_expected(examples):
    def attend(rows):
        for row, place in zip(rows, POSITION * 2):
            sums = [math.exp(sum((v + p) * MATRIX[k][j] for k, (v, p) in enumerate(zip(row, place)))) for j in range(FEATURES)]
            yield from (one / sum(sums) for one in sums)

    def layer(values):
        mean = sum(values) / len(values)
        return [(v - mean) / math.sqrt(sum((u - mean) ** 2 for u in values) / len(values)) for v in values]

    norm = [lambda v, g=g, b=b, m=m, s=s: (v - m) / math.sqrt(s) * g + b for g, b, m, s in zip(GAIN, W, MEAN, VARIANCE)]
    return {
        "attended": [v for rows in examples for v in attend(rows)],
        "normed": [norm[j](v) for rows in examples for row in rows for j, v in enumerate(row)],
        "picked": [sum(row) for rows in examples for row in rows[1::2]],
        "layered": [v for rows in examples for i in (0, 2) for v in layer(rows[i] + rows[i + 1])],
        "flat": [g * v for rows in examples for row in rows for g, v in zip(GAIN, row)],
    }


NETWORKS = {
    "inside": (inside(), inside_expected),
    "windows": (windows("N"), windows_expected),
    "numbers": (windows(1), windows_expected),
}


def check(cnnc, cnnrt, folder, network, expected, draw):
    """Prints how each output compares; False where one is wrong."""
    save(folder / "net.onnx", network)
    done = subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], capture_output=True, text=True)
    print(done.stderr, end="")
    if done.returncode:
        return False
    good = True
    for count in (1, 3):
        examples = [[[draw.uniform(-1, 1) for _ in range(FEATURES)] for _ in range(STEPS)] for _ in range(count)]
        write_npy(folder / "x.npy", "f", (count, STEPS, FEATURES), [v for rows in examples for row in rows for v in row])
        subprocess.run([cnnrt, "run", folder / "net.so", "--in", folder / "x.npy", "--out", folder / "all.npz", f"--batch={count}"], check=True)
        with zipfile.ZipFile(folder / "all.npz") as archive:
            archive.extractall(folder)
        for output, want in expected(examples).items():
            error = max(abs(a - b) for a, b in zip(read_npy(folder / f"{output}.npy"), want, strict=True))
            print(f"{count} examples, {output}: {'good' if error <= 1e-5 else error}")
            good &= error <= 1e-5
    print(subprocess.run([cnnrt, "inspect", folder / "net.so"], check=True, capture_output=True, text=True).stdout, end="")
    return good


def check_gradients(cnnc, cnnrt, folder, network, outputs):
    """Prints the parameters that reach each output, and how their gradients compare with central differences; False where one is wrong."""
    save(folder / "net.onnx", network)
    good = True
    for output in outputs:
        subprocess.run([cnnc, folder / "net.onnx", f"--outputs={output}", "--train", "--loss=mean_squared_error", "--optimizer=sgd", "-o", folder / "net.so"], check=True, stderr=subprocess.DEVNULL)
        done = subprocess.run([cnnrt, "check-grad", folder / "net.so"], capture_output=True, text=True)
        print(f"gradients of {output}: {', '.join(' '.join(line.split()[:2]) for line in done.stdout.splitlines())}{done.stderr}")
        good &= done.returncode == 0
    return good


def main(cnnc, cnnrt):
    draw = random.Random(1)
    good = True
    for name, (network, expected) in NETWORKS.items():
        print(f"== {name}")
        with tempfile.TemporaryDirectory() as folder:
            good &= check(cnnc, cnnrt, pathlib.Path(folder), network, expected, draw)
    print("== training")
    with tempfile.TemporaryDirectory() as folder:
        good &= check_gradients(cnnc, cnnrt, pathlib.Path(folder), windows("N"), ["attended", "normed", "layered", "flat"])
    return not good


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
