"""Integers and truth at run time, against the same sums in Python.

    integers_test.py cnnc cnnrt
"""
import pathlib
import subprocess
import sys
import tempfile
import zipfile

TEST = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(TEST / "frontends" / "onnx"), str(TEST / "conformance")]
import npy  # noqa: E402
from onnxfile import *  # noqa: E402,F403

X, Y, MASK = [7, -7, 9, -9, 1 << 20, 0], [2, 2, -4, -4, 3, 41], [1, 0, 1, 1, 0, 0]


def truncated(a, b):
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


# The operator, its attributes, and what Python says; booleans come as 0 and 1.
CASES = {
    "quotient": (node("Div", ["x", "y"], ["quotient"]), INT64, [truncated(a, b) for a, b in zip(X, Y)]),
    "third": (node("Div", ["x", "three"], ["third"]), INT64, [truncated(a, 3) for a in X]),
    "share": (node("Div", ["divided", "y"], ["share"]), INT64, [truncated(41, b) for b in Y]),
    "mean": (node("ReduceMean", ["x"], ["mean"], axes=[1], keepdims=0), INT64, [3, 349522]),
    "rest": (node("Mod", ["x", "y"], ["rest"]), INT64, [a % b for a, b in zip(X, Y)]),
    "square": (node("Pow", ["y", "two"], ["square"]), INT64, [b * b for b in Y]),
    "less": (node("Sub", ["x", "row"], ["less"]), INT64, [a - 1 - i % 3 for i, a in enumerate(X)]),
    "padded": (node("Pad", ["x", "pads", "three"], ["padded"]), INT64, [3, *X[:3], 3, 3, *X[3:], 3]),
    "sum": (node("Sum", ["x", "y"], ["sum"]), INT64, [a + b for a, b in zip(X, Y)]),
    "truth": (node("Cast", ["x"], ["truth"], to=BOOL), BOOL, [int(a != 0) for a in X]),
    "chosen": (node("Where", ["mask", "x", "y"], ["chosen"]), INT64, [a if m else b for a, b, m in zip(X, Y, MASK)]),
    "whole": (node("Cast", ["z"], ["whole"], to=INT32), INT32, [1, -1, 2, -2, 0, 0]),
    "real": (node("Cast", ["x"], ["real"], to=FLOAT), FLOAT, X),
    "places": (node("Shape", ["x"], ["places"]), INT64, None),
}
Z = [1.9, -1.9, 2.5, -2.5, 0.9, -0.9]


def main(cnnc, cnnrt):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        inputs = [value("x", ["N", 3], INT64), value("y", ["N", 3], INT64), value("mask", ["N", 3], BOOL), value("z", ["N", 3])]
        constants = [tensor("two", [], [2], INT64), tensor("three", [], [3], INT64), tensor("divided", [], [41], INT64), tensor("row", [3], [1, 2, 3], INT64), tensor("pads", [4], [0, 1, 0, 1], INT64)]
        outputs = [value(key, kind=kind) for key, (_, kind, _) in CASES.items()]
        save(folder / "net.onnx", model(graph([case[0] for case in CASES.values()], inputs, outputs, constants)))
        subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so", "--shape=x=2,3"], check=True)
        words = []
        for key, kind, values in (("x", INT64, X), ("y", INT64, Y), ("mask", BOOL, MASK), ("z", FLOAT, Z)):
            descr = {INT64: "<i8", BOOL: "|b1", FLOAT: "<f4"}[kind]
            header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': (2, 3), }}\n".encode()
            content = struct.pack(f"<6{FORMATS[kind]}", *values)
            save(folder / f"{key}.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content)
            words += ["--in", f"{key}={folder / key}.npy"]
        subprocess.run([cnnrt, "run", folder / "net.so", *words, "--out", folder / "all.npz"], check=True)
        failed = False
        with zipfile.ZipFile(folder / "all.npz") as archive:
            for key, (_, kind, want) in CASES.items():
                got = npy.read(archive.read(f"{key}.npy"))
                same = list(got.values) == (want or [2, 3])
                print(f"{key}: {'equal' if same else f'{got.values}, not {want}'}")
                failed |= not same
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
