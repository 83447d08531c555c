"""Files of NumPy's, written and read without NumPy."""
import ast
import math
import struct

from onnx_reader import BFLOAT16, FLOAT, FORMATS, Array

LARGEST = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]  # of float


def as_float(number):
    """A double in the range of float."""
    return math.copysign(math.inf, number) if abs(number) > LARGEST else number


def as_int32(number):
    """The same bits below the 32nd, as C casts."""
    return (int(number) + (1 << 31)) % (1 << 32) - (1 << 31)


def write(path, array, kind=None):
    """Elements of the array's own type, or of another of onnx_reader.FORMATS."""
    code, descr = FORMATS[kind or array.kind]
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({''.join(f'{size}, ' for size in array.shape)}), }}\n".encode()
    values = map(as_float, array.values) if code == "f" else map(as_int32, array.values) if code == "i" else array.values
    content = struct.pack(f"<{len(array.values)}{code}", *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content)


def read(data):
    length = struct.unpack("<H", data[8:10])[0]
    header, content = ast.literal_eval(data[10:10 + length].decode()), data[10 + length:]
    kind = next(kind for kind, (_, descr) in FORMATS.items() if descr == header["descr"] and kind != BFLOAT16)
    code = FORMATS[kind][0]
    return Array(kind, header["shape"], list(struct.unpack(f"<{len(content) // struct.calcsize(code)}{code}", content)))
