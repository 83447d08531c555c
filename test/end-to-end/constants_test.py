"""Networks whose weights are computed in the graph, against the same sums in Python.

    constants_test.py cnnc cnnrt

Prints the largest difference for each, as a share of the largest number.
"""
import math
import pathlib
import random
import subprocess
import sys
import tempfile

TEST = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(TEST / "frontends" / "onnx"), str(TEST / "trajectories")]
from arrays import read_npy  # noqa: E402
from inputs import write_npy  # noqa: E402
from onnxfile import *  # noqa: E402,F403

RANDOM = random.Random(3)
EPSILON = 1e-3


def numbers(count):
    return [RANDOM.gauss(0.5, 2) for _ in range(count)]


def standardised(row):
    mean = sum(row) / len(row)
    variance = sum((one - mean) ** 2 for one in row) / len(row)
    return [(one - mean) / math.sqrt(variance + EPSILON) for one in row]


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def by_norm():
    """PyTorch's standardised convolutions: a batch norm in training mode over a weight [1, out, in]."""
    weight, x, scale = numbers(6), numbers(3), [2.0, 0.5]
    nodes = [node("Reshape", ["w", "rows"], ["flat"]),
             node("BatchNormalization", ["flat", "scale", "zero", "zero", "one"], ["normed", "m", "v"], epsilon=EPSILON, momentum=1.0, training_mode=1),
             node("Reshape", ["normed", "kernel"], ["k"]), node("Conv", ["x", "k"], ["y"])]
    constants = [tensor("w", [2, 3, 1, 1], weight), tensor("scale", [2], scale), tensor("zero", [2], [0.0] * 2), tensor("one", [2], [1.0] * 2),
                 tensor("rows", [3], [1, 2, 3], INT64), tensor("kernel", [4], [2, 3, 1, 1], INT64)]
    want = [factor * dot(standardised(weight[3 * i:3 * i + 3]), x) for i, factor in enumerate(scale)]
    return "standardised by a batch norm", nodes, constants, [3, 1, 1], x, want


def by_sums(rows=2, columns=1 << 20):
    """More elements than are folded in any file."""
    weight = [math.sin(i) for i in range(rows * columns)]
    nodes = [node("ReduceMean", ["w"], ["mean"], axes=[1]), node("Sub", ["w", "mean"], ["centred"]), node("Mul", ["centred", "centred"], ["squares"]),
             node("ReduceMean", ["squares"], ["variance"], axes=[1]), node("Add", ["variance", "epsilon"], ["shifted"]), node("Sqrt", ["shifted"], ["spread"]),
             node("Div", ["centred", "spread"], ["k"]), node("Mul", ["x", "first"], ["scaled"]), node("MatMul", ["scaled", "k"], ["product"]),
             node("Slice", ["product", "start", "end", "axis"], ["y"])]
    constants = [tensor("w", [rows, columns], weight), tensor("epsilon", [], [EPSILON]), tensor("first", [], [1.0]), tensor("start", [1], [5], INT64),
                 tensor("end", [1], [9], INT64), tensor("axis", [1], [1], INT64)]
    kernel, x = [standardised(weight[i * columns:(i + 1) * columns]) for i in range(rows)], numbers(rows)
    return f"standardised by sums, {rows * columns} elements", nodes, constants, [rows], x, [dot(x, [row[i] for row in kernel]) for i in range(5, 9)]


def same_pads(size=5, kernel=3, stride=2):
    """PyTorch's padding of TensorFlow's networks: a pad from a division, a ceiling and a clip of the size."""
    weight, x = numbers(kernel * kernel), numbers(size * size)
    nodes = [node("Shape", ["x"], ["shape"]), node("Gather", ["shape", "two"], ["size"], axis=0), node("Cast", ["size"], ["real"], to=FLOAT),
             node("Div", ["real", "stride"], ["places"]), node("Ceil", ["places"], ["out"]), node("Sub", ["out", "one"], ["steps"]),
             node("Mul", ["steps", "stride"], ["last"]), node("Add", ["last", "kernel"], ["needed"]), node("Sub", ["needed", "real"], ["pad"]),
             node("Clip", ["pad", "zero"], ["all"]), node("Div", ["all", "stride"], ["half"]), node("Cast", ["half"], ["begin"], to=INT64),
             node("Cast", ["all"], ["whole"], to=INT64), node("Sub", ["whole", "begin"], ["end"]), node("Unsqueeze", ["begin", "axis"], ["b"]),
             node("Unsqueeze", ["end", "axis"], ["e"]), node("Concat", ["none", "b", "b", "none", "e", "e"], ["pads"], axis=0),
             node("Pad", ["x", "pads"], ["padded"]), node("Conv", ["padded", "w"], ["y"], strides=[stride, stride])]
    constants = [tensor("two", [], [2], INT64), tensor("axis", [1], [0], INT64), tensor("none", [2], [0, 0], INT64), tensor("w", [1, 1, kernel, kernel], weight)]
    constants += [tensor(name, [], [float(number)]) for name, number in (("stride", stride), ("one", 1), ("kernel", kernel), ("zero", 0))]
    at = [[x[r * size + c] if 0 <= r < size and 0 <= c < size else 0 for c in range(-1, size + 1)] for r in range(-1, size + 1)]
    want = [dot(weight, [at[stride * r + i][stride * c + j] for i in range(kernel) for j in range(kernel)]) for r in range(3) for c in range(3)]
    return "pads from a size", nodes, constants, [1, size, size], x, want


def rows(places=4, features=3):
    """LeViT's: the rows of all examples, one behind the other, are the batch of a batch norm."""
    x, mean, variance, scale, shift = numbers(places * features), numbers(features), [0.5, 2.0, 4.0], numbers(features), numbers(features)
    nodes = [node("Flatten", ["x"], ["flat"], axis=2), node("BatchNormalization", ["flat", "scale", "shift", "mean", "variance"], ["normed"], epsilon=EPSILON),
             node("Reshape", ["normed", "back"], ["y"])]
    constants = [tensor(name, [features], values) for name, values in (("scale", scale), ("shift", shift), ("mean", mean), ("variance", variance))]
    constants.append(tensor("back", [3], [-1, places, features], INT64))
    want = [(one - mean[i % features]) / math.sqrt(variance[i % features] + EPSILON) * scale[i % features] + shift[i % features] for i, one in enumerate(x)]
    return "rows", nodes, constants, [places, features], x, want


def main(cnnc, cnnrt):
    for name, nodes, constants, shape, x, want in by_norm(), by_sums(), same_pads(), rows():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            save(folder / "net.onnx", model(graph(nodes, [value("x", ["N", *shape])], [value("y")], constants)))
            write_npy(folder / "x.npy", "f", [1, *shape], x)
            subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], check=True, stderr=subprocess.DEVNULL)
            subprocess.run([cnnrt, "run", folder / "net.so", "--in", folder / "x.npy", "--out", folder / "y.npy"], check=True)
            got = read_npy(folder / "y.npy")
        assert len(got) == len(want), f"{name}: {len(got)} numbers, not {len(want)}"
        print(f"{name}: {max(abs(a - b) for a, b in zip(got, want)) / max(map(abs, want)) + 1e-12:.1e}")


if __name__ == "__main__":
    main(*sys.argv[1:])
