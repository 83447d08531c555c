"""Reads .npy files without NumPy."""
import ast
import math
import struct


def read_npy(path):
    """The elements of a C-ordered float32, float64 or int32 array, flat."""
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<H", data[8:10])[0] if data[6] == 1 else struct.unpack("<I", data[8:12])[0]
    start = (10 if data[6] == 1 else 12) + length
    header = ast.literal_eval(data[start - length:start].decode())
    kind = {"<f4": "f", "<f8": "d", "<i4": "i"}[header["descr"]]
    return struct.unpack(f"<{math.prod(header['shape'])}{kind}", data[start:])
