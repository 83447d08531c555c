"""arrays.py <count> <classes> <dim>...: writes x.npy, pixels 0 to 255 of <count> examples, and y.npy, a label for each."""
import array
import random
import struct
import sys

count, classes, *dims = map(int, sys.argv[1:])
random.seed(1)


def write(name, kind, shape, values):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    open(name, "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values.tobytes())


size = count
for dim in dims:
    size *= dim
write("x.npy", "<f4", (count, *dims), array.array("f", [random.randrange(256) for _ in range(size)]))
write("y.npy", "<i4", (count,), array.array("i", [i % classes for i in range(count)]))
