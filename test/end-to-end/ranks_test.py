"""Results with fewer and with more dimensions than images, against the same sums in Python.

    ranks_test.py cnnc cnnrt
"""
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

BATCH, CHANNELS, PLACES = 3, 2, 4
KERNEL, ADDEND = [0.5, -2.0], [1.0, 2.0, 3.0, 4.0]


def images():
    """A convolution to one channel, whose mean over the places is one number for each example."""
    nodes = [node("Conv", ["x", "kernel"], ["h"]), node("GlobalAveragePool", ["h"], ["mean"]), node("Squeeze", ["mean", "axes"], ["y"])]
    constants = [tensor("kernel", [1, CHANNELS, 1, 1], KERNEL), tensor("axes", [3], [1, 2, 3], INT64)]
    return model(graph(nodes, [value("x", ["N", CHANNELS, 1, PLACES])], [value("y")], constants), opset=17)


def images_expected(x):
    return [sum(KERNEL[c] * x[(n * CHANNELS + c) * PLACES + p] for c in range(CHANNELS) for p in range(PLACES)) / PLACES for n in range(BATCH)]


def broadcast():
    """[N, C, P] + [1, 1, 1, P] is [1, N, C, P]."""
    constants = [tensor("addend", [1, 1, 1, PLACES], ADDEND)]
    return model(graph([node("Add", ["x", "addend"], ["y"])], [value("x", [BATCH, CHANNELS, PLACES])], [value("y")], constants), opset=17)


def broadcast_expected(x):
    return [element + ADDEND[i % PLACES] for i, element in enumerate(x)]


def cut():
    """The places stand first while the channels are cut and padded."""
    nodes = [node("Transpose", ["x"], ["t"], perm=[2, 0, 1]), node("Slice", ["t", "start", "stop", "axis"], ["s"]), node("Pad", ["s", "pads"], ["p"]),
             node("Transpose", ["p"], ["y"], perm=[1, 2, 0])]
    constants = [tensor("start", [1], [1], INT64), tensor("stop", [1], [2], INT64), tensor("axis", [1], [2], INT64), tensor("pads", [6], [0, 0, 1, 0, 0, 0], INT64)]
    return model(graph(nodes, [value("x", [BATCH, CHANNELS, PLACES])], [value("y")], constants), opset=17)


def cut_expected(x):
    return [x[i] if i // PLACES % CHANNELS == 1 else 0.0 for i in range(len(x))]


def main(cnnc, cnnrt):
    draw = random.Random(1)
    failed = False
    for name, network, expected, shape in (("images", images, images_expected, (BATCH, CHANNELS, 1, PLACES)),
                                           ("broadcast", broadcast, broadcast_expected, (BATCH, CHANNELS, PLACES)),
                                           ("cut", cut, cut_expected, (BATCH, CHANNELS, PLACES))):
        x = [draw.uniform(-1, 1) for _ in range(BATCH * CHANNELS * PLACES)]
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            save(folder / "net.onnx", network())
            write_npy(folder / "x.npy", "f", shape, x)
            subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], check=True)
            subprocess.run([cnnrt, "run", folder / "net.so", "--in", folder / "x.npy", "--out", folder / "y.npy"], check=True)
            got = read_npy(folder / "y.npy")
        error = max(abs(a - b) for a, b in zip(got, expected(x), strict=True))
        print(f"{name}: {error:.2g}")
        failed |= not error <= 1e-5
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
