"""A network that mixes the examples of its batch, against the same sums in Python.

    fixed_batch_test.py cnnc cnnrt
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

BATCH, CHANNELS, PLACES, SIDE = 2, 3, 16, 4


def network(kernel, matrix, batch=BATCH):
    """Two convolutions round what only a fixed batch allows; outputs with a batch and without, an input that is a scalar."""
    nodes = [
        node("Conv", ["x", "kernel"], ["h"]),
        node("Transpose", ["h"], ["t"], perm=[1, 0, 2, 3]),
        node("ReduceMean", ["t"], ["mean"], axes=[1], keepdims=1),
        node("Sub", ["t", "mean"], ["centred"]),
        node("Mul", ["centred", "gain"], ["scaled"]),
        node("Transpose", ["scaled"], ["back"], perm=[1, 0, 2, 3]),
        node("Conv", ["back", "kernel2"], ["y"]),
        node("Reshape", ["y", "joined"], ["rows"]),
        node("MatMul", ["rows", "matrix"], ["products"]),
        node("Softmax", ["products"], ["shares"], axis=0),
        node("Reshape", ["y", "split"], ["planes"]),
        node("Conv", ["planes", "two"], ["twice"]),  # of two images for each of the batch
    ]
    sizes = [tensor("joined", [2], [-1, PLACES], INT64), tensor("split", [4], [-1, 1, SIDE, SIDE], INT64), tensor("two", [1, 1, 1, 1], [2.0]), tensor("kernel", [2, CHANNELS, 1, 1], kernel), tensor("kernel2", [2, 2, 1, 1], kernel[:4]),
             tensor("matrix", [PLACES, 3], matrix)]
    inputs = [value("x", [batch, CHANNELS, SIDE, SIDE]), value("gain", [])]
    return model(graph(nodes, inputs, [value("y"), value("shares"), value("twice")], sizes), opset=17)


def expected(x, gain, kernel, matrix):
    def mix(images, weights, channels):
        return [[[sum(weights[o * channels + c] * image[c][p] for c in range(channels)) for p in range(PLACES)] for o in range(2)] for image in images]

    h = mix([[x[(n * CHANNELS + c) * PLACES:(n * CHANNELS + c + 1) * PLACES] for c in range(CHANNELS)] for n in range(BATCH)], kernel, CHANNELS)
    means = [[sum(image[c][p] for image in h) / BATCH for p in range(PLACES)] for c in range(2)]
    y = mix([[[gain * (image[c][p] - means[c][p]) for p in range(PLACES)] for c in range(2)] for image in h], kernel[:4], 2)
    products = [[sum(row[p] * matrix[p * 3 + j] for p in range(PLACES)) for j in range(3)] for image in y for row in image]
    sums = [sum(math.exp(row[j]) for row in products) for j in range(3)]
    flat = [v for image in y for row in image for v in row]
    return flat, [math.exp(row[j]) / sums[j] for row in products for j in range(3)], [2 * v for v in flat]


def main(cnnc, cnnrt):
    draw = random.Random(1)
    kernel, matrix = [[draw.uniform(-1, 1) for _ in range(count)] for count in (2 * CHANNELS, PLACES * 3)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        save(folder / "net.onnx", network(kernel, matrix))
        subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], check=True)
        write_npy(folder / "gain.npy", "f", (), [3.0])

        def run(examples, threads=1):
            draw.seed(examples)
            x = [draw.uniform(-1, 1) for _ in range(examples * CHANNELS * PLACES)]
            write_npy(folder / "x.npy", "f", (examples, CHANNELS, SIDE, SIDE), x)
            done = subprocess.run([cnnrt, "run", folder / "net.so", "--in", f"x={folder / 'x.npy'}", "--in", f"gain={folder / 'gain.npy'}", "--out",
                                   folder / "all.npz", f"--threads={threads}"], capture_output=True, text=True)
            return x, done

        failed = False
        for calls, threads in ((1, 1), (2, 2)):
            x, done = run(calls * BATCH, threads)
            if done.returncode:
                sys.exit(done.stderr)
            with zipfile.ZipFile(folder / "all.npz") as archive:
                archive.extractall(folder)
            parts = [expected(x[i * BATCH * CHANNELS * PLACES:], 3.0, kernel, matrix) for i in range(calls)]
            for i, output in enumerate(("y", "shares", "twice")):
                want, got = [v for part in parts for v in part[i]], read_npy(folder / f"{output}.npy")
                error = max(abs(a - b) for a, b in zip(got, want, strict=True))
                print(f"{calls} calls, {output}: {error:.2g}")
                failed |= not error <= 1e-5
        print(run(3)[1].stderr, end="")
        print(subprocess.run([cnnrt, "inspect", folder / "net.so"], check=True, capture_output=True, text=True).stdout, end="")
        print((folder / "net.h").read_text())
        save(folder / "open.onnx", network(kernel, matrix, "N"))
        for arguments in ((), (f"--shape=x=2,{CHANNELS},{SIDE},{SIDE}",)):
            print(subprocess.run([cnnc, folder / "open.onnx", "-o", folder / "open.so", *arguments], capture_output=True, text=True).stderr, end="")
        return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
