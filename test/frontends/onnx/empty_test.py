"""Runs networks.py's empty.onnx with an input of no elements, and looks at what it gives.

    empty_test.py cnnrt folder
"""
import pathlib
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "conformance"))
import npy  # noqa: E402
from onnx_reader import FLOAT, INT32, Array  # noqa: E402

EXPECTED = {
    "y": Array(FLOAT, (2, 4), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]),
    "none": Array(FLOAT, (0, 3), []),
    "size": Array(INT32, (2,), [0, 3]),
    "norm": Array(FLOAT, (3,), [0.0, 0.0, 0.0]),
}


def main(cnnrt, folder):
    folder = pathlib.Path(folder)
    npy.write(folder / "x.npy", Array(FLOAT, (2, 4), [float(i) for i in range(8)]))
    npy.write(folder / "z.npy", Array(FLOAT, (0, 3), []))
    subprocess.run([cnnrt, "run", folder / "net.so", "--in", f"x={folder / 'x.npy'}", "--in", f"z={folder / 'z.npy'}", "--out", folder / "out.npz"], check=True)
    with zipfile.ZipFile(folder / "out.npz") as archive:
        got = {name: npy.read(archive.read(f"{name}.npy")) for name in EXPECTED}
    if got != EXPECTED:
        print(f"got {got}, expected {EXPECTED}")
    return got != EXPECTED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
