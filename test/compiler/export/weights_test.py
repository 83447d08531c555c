"""What the initializers of an ONNX file hold.

    weights_test.py cnnc cnnrt networks.dsl folder

`channels17` has batch norm and is trained with Adam: its library has more parameters than the network, and they lie between
the others.
"""
import ctypes
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "trajectories"))
from inputs import write_npy  # noqa: E402
from onnxtext import fields, packed, text  # noqa: E402


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def initializers(path):
    """{name: bytes} of the floats, also of those beside the file."""
    found = {}
    for one in fields(fields(path.read_bytes())[7][0]).get(5, []):
        message = fields(one)
        place = {text(fields(entry), 1): text(fields(entry), 2) for entry in message.get(13, [])}
        data = message.get(9, [b""])[0]
        if place:
            start = int(place["offset"])
            data = (path.parent / place["location"]).read_bytes()[start:start + int(place["length"])]
            assert start % 64 == 0 and len(data) >= 1024
        if message[2][0] == 1 and packed(message, 1):
            found[text(message, 8)] = data
    return found


def created(library, seed, names):
    """The same of the weights that a library creates."""
    code = ctypes.CDLL(str(library))
    prefix = library.stem
    create, get = getattr(code, f"{prefix}_weights_create"), getattr(code, f"{prefix}_weights_get")
    create.restype, create.argtypes = ctypes.c_void_p, [ctypes.c_uint64, ctypes.c_void_p]
    get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_size_t]
    weights = create(seed, None)
    found = {}
    for name, data in names.items():
        values = ctypes.create_string_buffer(len(data))
        assert get(weights, name.encode(), values, len(data) // 4) == 0, name
        found[name] = values.raw
    return found


def safetensors(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    return {name: data[8 + size + entry["data_offsets"][0]:8 + size + entry["data_offsets"][1]] for name, entry in header.items()}


def main(cnnc, cnnrt, source, folder):
    root = pathlib.Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    library, model = root / "net.so", "--model=channels17"
    run(cnnc, source, model, "-o", library)

    # Seeds: the default is cnnrt's.
    for seed in (1, 5, 2**64 - 1):
        run(cnnc, source, model, "-o", root / "seed.onnx", *([] if seed == 1 else [f"--seed={seed}"]))
        values = initializers(root / "seed.onnx")
        assert len(values) == 7 and values == created(library, seed, values), f"seed {seed}"
    assert created(library, 1, values) != values

    # Weights of a run, and its checkpoint, whose optimizer state an ONNX file has no use for.
    numbers = random.Random(1)
    for name, shape in (("x", (8, 17, 6, 6)), ("y", (8, 33, 2, 2))):
        count = 8 * shape[1] * shape[2] * shape[3]
        write_npy(root / f"{name}.npy", "f", shape, [numbers.gauss(0, 1) for _ in range(count)])
    shutil.rmtree(root / "run", ignore_errors=True)
    run(cnnrt, "train", library, f"--data={root / 'x.npy'},{root / 'y.npy'}", f"--out={root / 'run'}", "--steps=3", "--batch=4")
    trained = safetensors(root / "run" / "last.safetensors")
    checkpoint = max((root / "run").glob("checkpoint-*.safetensors"))
    assert any(name.startswith("opt/") for name in safetensors(checkpoint))
    for weights in (root / "run" / "last.safetensors", checkpoint):
        run(cnnc, source, model, "-o", root / "trained.onnx", f"--weights={weights}")
        assert initializers(root / "trained.onnx") == trained, weights

    # A bit that has changed is found by the hashes.
    damaged = root / "damaged.safetensors"
    damaged.write_bytes(checkpoint.read_bytes()[:-1] + bytes([checkpoint.read_bytes()[-1] ^ 1]))
    refused = subprocess.run([cnnc, source, model, "-o", root / "damaged.onnx", f"--weights={damaged}"], capture_output=True, text=True)
    assert refused.returncode and "are damaged: tensor '" in refused.stderr and "does not match its hash" in refused.stderr, refused.stderr

    # Inside a library they are what every seed gives.
    run(cnnc, source, model, "-o", root / "with.so", f"--weights={root / 'run' / 'last.safetensors'}")
    assert created(root / "with.so", 9, trained) == trained

    # Beside the file; and what is written is read: a second copy is the first, byte by byte.
    run(cnnc, source, model, "-o", root / "beside.onnx", f"--weights={checkpoint}", "--external-data")
    assert (root / "beside.onnx").stat().st_size < 4096 and initializers(root / "beside.onnx") == trained
    run(cnnc, root / "beside.onnx", "-o", root / "copy.onnx")
    run(cnnc, root / "copy.onnx", "-o", root / "copy2.onnx")
    assert initializers(root / "copy.onnx") == trained
    assert (root / "copy.onnx").read_bytes() == (root / "copy2.onnx").read_bytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
