"""Writes a .npy file without NumPy: npy.py file shape value…, or prints one: npy.py file."""
import ast
import struct
import sys


def write(path, shape, values):
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }" % (tuple(shape),)
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack("<%df" % len(values), *values))


def read(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<H", data[8:10])
    header = ast.literal_eval(data[10 : 10 + length].decode())
    kind = {"<f4": "f", "<f8": "d"}[header["descr"]]
    count = (len(data) - 10 - length) // struct.calcsize(kind)
    return header["shape"], struct.unpack("<%d%s" % (count, kind), data[10 + length :])


if len(sys.argv) > 2:
    write(sys.argv[1], ast.literal_eval(sys.argv[2]), [float(value) for value in sys.argv[3:]])
else:
    shape, values = read(sys.argv[1])
    print(list(shape), " ".join("%.6g" % value for value in values))
