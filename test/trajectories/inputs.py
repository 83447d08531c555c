"""The same weights and data for cnnc and PyTorch, from Python's own generator, whose sequence is fixed for all time."""
import json
import math
import random
import struct

EXAMPLES = 320
CLASSES = 10


def images(shape):
    """EXAMPLES images of `shape` (C, H, W) with labels: a pattern per class and noise, as flat lists of floats and ints."""
    source = random.Random(7)
    size = math.prod(shape)
    patterns = [[source.random() - 0.5 for _ in range(size)] for _ in range(CLASSES)]
    labels = [source.randrange(CLASSES) for _ in range(EXAMPLES)]
    pixels = [p + 2 * (source.random() - 0.5) for label in labels for p in patterns[label]]
    return pixels, labels


def weights(parameters):
    """Values for [(name, shape)]: kernels uniform in +-sqrt(3 / fan_in), scales and variances 1, the rest 0."""
    source = random.Random(11)
    values = {}
    for name, shape in parameters:
        size = math.prod(shape)
        if len(shape) > 1:
            bound = math.sqrt(3 / math.prod(shape[1:]))
            values[name] = [bound * (2 * source.random() - 1) for _ in range(size)]
        else:
            one = name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1)
            values[name] = [1.0 if one else 0.0] * size
    return values


def write_npy(path, kind, shape, values):
    """`kind` is "f" or "i": little-endian 32-bit floats or integers."""
    header = str({"descr": f"<{kind}4", "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}{kind}", *values))


def write_safetensors(path, parameters, values):
    header, offset = {}, 0
    for name, shape in parameters:
        size = 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, _ in parameters:
            file.write(struct.pack(f"<{len(values[name])}f", *values[name]))
