"""Libraries of every form with their weights inside.

    embedded_test.py cnnc cnnrt cc folder
"""
import pathlib
import subprocess
import sys

TEST = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(TEST / "frontends" / "onnx"), str(TEST / "trajectories")]
from arrays import read_npy  # noqa: E402
from inputs import write_npy  # noqa: E402
from onnxfile import graph, model, node, save, tensor, value  # noqa: E402

FEATURES = [1, 1000, 300_000]  # a few bytes, a page, many pages


def run(*command):
    subprocess.run([str(one) for one in command], check=True)


def main(cnnc, cnnrt, cc, folder):
    folder = pathlib.Path(folder)
    write_npy(folder / "x.npy", "f", [2, 1], [1.0, -2.0])
    for count in FEATURES:
        weights = [i % 251 - 125.0 for i in range(count)]
        save(folder / "net.onnx", model(graph([node("MatMul", ["x", "w"], ["y"])], [value("x", ["N", 1])], [value("y")], [tensor("w", [1, count], weights)])))
        for form in "so", "o", "a":
            run(cnnc, folder / "net.onnx", "-o", folder / f"net.{form}", "--name=net")
        run(cc, "-shared", "-nostartfiles", "-o", folder / "o.so", folder / "net.o", "-lm")
        run(cc, "-shared", "-nostartfiles", "-o", folder / "a.so", "-Wl,--whole-archive", folder / "net.a", "-Wl,--no-whole-archive", "-lm")
        for library in "net", "o", "a":
            run(cnnrt, "run", folder / f"{library}.so", "--in", folder / "x.npy", "--out", folder / f"{library}.npy")
            values = read_npy(folder / f"{library}.npy")
            assert list(values) == [x * w for x in (1.0, -2.0) for w in weights], library
        print(f"{count} weights: .so, .o and .a compute the same")


if __name__ == "__main__":
    main(*sys.argv[1:])
