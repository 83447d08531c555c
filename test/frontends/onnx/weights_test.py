"""A library has the weights of its ONNX file inside, whatever form the file has them in.

    weights_test.py cnnc cnnrt folder

Six weights of one per channel, 1 + c, each in another form, multiply an image; a dense layer reads its matrix transposed.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from onnxfile import *  # noqa: E402,F403

CHANNELS = 3
VALUES = [1.0 + c for c in range(CHANNELS)]
BFLOATS = [struct.unpack("<H", struct.pack("<f", v)[2:])[0] for v in VALUES]
HALVES = [struct.unpack("<H", struct.pack("<e", v))[0] for v in VALUES]
SHAPE = [CHANNELS, 1, 1]


def typed(field, packed):
    return block(field, packed)


FORMS = {
    "raw": tensor("raw", SHAPE, VALUES),
    "floats": tensor("floats", SHAPE, extra=typed(4, struct.pack("<3f", *VALUES))),
    "unpacked": tensor("unpacked", SHAPE, extra=b"".join(varint(4 << 3 | 5) + struct.pack("<f", v) for v in VALUES)),
    "doubles": tensor("doubles", SHAPE, kind=DOUBLE, extra=typed(10, struct.pack("<3d", *VALUES))),
    "half": tensor("half", SHAPE, kind=FLOAT16, extra=typed(5, b"".join(varint(v) for v in HALVES))),
    "bfloat": tensor("bfloat", SHAPE, kind=BFLOAT16, raw=struct.pack("<3H", *BFLOATS)),
    "outside": tensor("outside", SHAPE, external={"location": "weights.bin", "offset": "4"}),
}


def write_npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))},), }}\n".encode()
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}f", *values))


def read_npy(path):
    data = path.read_bytes()
    data = data[10 + struct.unpack("<H", data[8:10])[0]:]
    return list(struct.unpack(f"<{len(data) // 4}f", data))


def main(cnnc, cnnrt, folder):
    root = pathlib.Path(folder)
    root.mkdir(parents=True, exist_ok=True)

    def run(name, content, shape, values):
        save(root / f"{name}.onnx", content)
        write_npy(root / "x.npy", shape, values)
        subprocess.run([cnnc, root / f"{name}.onnx", "-o", root / f"{name}.so"], check=True)
        subprocess.run([cnnrt, "run", root / f"{name}.so", "--in", root / "x.npy", "--out", root / "y.npy"], check=True, stdout=subprocess.DEVNULL)
        return read_npy(root / "y.npy")

    (root / "weights.bin").write_bytes(b"skip" + struct.pack("<3f", *VALUES))
    names = list(FORMS)
    nodes = [node("Mul", [f"t{i}" if i else "x", name], [f"t{i + 1}"]) for i, name in enumerate(names)]
    content = model(graph(nodes, [value("x", ["N", CHANNELS, 2, 2])], [value(f"t{len(names)}")], FORMS.values()))
    images = [float(1 + i) for i in range(2 * CHANNELS * 4)]
    expected = [x * VALUES[i // 4 % CHANNELS] ** len(names) for i, x in enumerate(images)]
    good = run("forms", content, (2, CHANNELS, 2, 2), images) == expected

    matrix = [[float(1 + 3 * i + j) for j in range(3)] for i in range(4)]
    content = model(graph([node("Gemm", ["x", "w", "b"], ["y"], alpha=2.0, beta=0.5)], [value("x", ["N", 4])], [value("y")],
                          [tensor("w", [4, 3], sum(matrix, [])), tensor("b", [3], [2.0, 4.0, 6.0])]))
    vectors = [1.0, 2.0, 3.0, 4.0, -1.0, 0.0, 1.0, 5.0]
    expected = [2 * sum(vectors[4 * n + i] * matrix[i][j] for i in range(4)) + 1.0 + j for n in range(2) for j in range(3)]
    good &= run("gemm", content, (2, 4), vectors) == expected
    print("the weights are inside" if good else "other results than expected")
    return not good


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
