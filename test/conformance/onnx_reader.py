"""What the node tests need of ONNX's files: models and tensors, read from the bytes of protobuf without a package."""
import collections
import dataclasses
import struct

FLOAT, UINT16, INT32, FLOAT16, DOUBLE, BFLOAT16 = 1, 4, 6, 10, 11, 16
# By TensorProto.DataType: how struct and NumPy call an element.
FORMATS = {1: ("f", "<f4"), 2: ("B", "|u1"), 3: ("b", "|i1"), 4: ("H", "<u2"), 5: ("h", "<i2"), 6: ("i", "<i4"), 7: ("q", "<i8"), 9: ("?", "|b1"),
           10: ("e", "<f2"), 11: ("d", "<f8"), 12: ("I", "<u4"), 13: ("Q", "<u8"), 16: ("f", "<f4")}
TYPE_NAMES = {8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz", 19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4",
              22: "int4", 23: "float4e2m1", 24: "float8e8m0", 25: "uint2", 26: "int2"}
KIND_NAMES = {4: "sequences", 5: "maps", 8: "sparse tensors", 9: "optionals"}

Array = collections.namedtuple("Array", "kind shape values")


@dataclasses.dataclass
class Model:
    """`inputs` (without initializers) and `outputs`, name: element type; the types that are no tensor of numbers; the operators of the nodes; the operator sets."""
    inputs: dict
    outputs: dict
    foreign: set
    operators: list
    versions: dict


def fields(data):
    """The fields of a message: (number, value), where bytes are those of a length-delimited field."""
    at = 0

    def varint():
        nonlocal at
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
            continue
        length = {1: 8, 5: 4}.get(tag & 7) or varint()
        yield tag >> 3, data[at:at + length]
        at += length


def first(data, number, default=b""):
    return next((value for one, value in fields(data) if one == number), default)


def varints(data):
    """A packed list of integers."""
    values, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(number)
            number = shift = 0
    return values


def signed(number):
    return number - (1 << 64) if number >> 63 else number


def as_float(kind, bits):
    """The numbers of float16 and bfloat16 that int32_data holds as bits."""
    return struct.unpack("<e", struct.pack("<H", bits))[0] if kind == FLOAT16 else struct.unpack("<f", struct.pack("<I", bits << 16))[0]


def read_tensor(data, declared=None):
    """None where the type is none of FORMATS. Data of bfloat16, which older NumPy does not know, come as uint16 where the model declares bfloat16."""
    kind, shape, raw, values = FLOAT, [], None, []
    for number, value in fields(data):
        if number == 1:
            shape += [value] if isinstance(value, int) else varints(value)
        elif number == 2:
            kind = value
        elif number == 9:
            raw = value
        elif number in (4, 10):
            code, width = ("f", 4) if number == 4 else ("d", 8)
            values += struct.unpack(f"<{len(value) // width}{code}", value)
        elif number in (5, 7, 11):
            values += [signed(one) for one in ([value] if isinstance(value, int) else varints(value))]
    if kind not in FORMATS:
        return None
    if declared == BFLOAT16 and kind == UINT16:
        kind = BFLOAT16
    if raw is not None:
        code = "H" if kind == BFLOAT16 else FORMATS[kind][0]
        values = struct.unpack(f"<{len(raw) // struct.calcsize(code)}{code}", raw)
    if kind == BFLOAT16 or (kind == FLOAT16 and raw is None):
        values = [as_float(kind, value) for value in values]
    return Array(kind, tuple(shape), list(values))


def element_type(value_info):
    """The element type in a ValueInfoProto, or the name of a type that is no tensor of numbers."""
    kind, content = next(fields(first(value_info, 2)), (1, b""))
    if kind != 1:
        return KIND_NAMES.get(kind, f"type {kind}")
    element = first(content, 1, 0)
    return element if element in FORMATS or element == 0 else TYPE_NAMES.get(element, f"type {element}")


def read_model(data):
    graph = first(data, 7)
    name = lambda message, number: first(message, number).decode()
    initializers = {name(value, 8) for number, value in fields(graph) if number == 5}
    values = lambda wanted: {name(value, 1): element_type(value) for number, value in fields(graph) if number == wanted}
    inputs, outputs = {one: kind for one, kind in values(11).items() if one not in initializers}, values(12)
    return Model(inputs, outputs, {kind for kind in (*inputs.values(), *outputs.values()) if isinstance(kind, str)},
                 [name(value, 4) for number, value in fields(graph) if number == 1],
                 {name(value, 1): first(value, 2, 0) for number, value in fields(data) if number == 8})


def block(number, content):
    """A length-delimited field."""
    size, rest = b"", len(content)
    while rest >= 0x80:
        size, rest = size + bytes([rest & 0x7F | 0x80]), rest >> 7
    return bytes([number << 3 | 2]) + size + bytes([rest]) + content


def with_input(model, name):
    """The model with another input, of one float, that nothing reads."""
    kind = block(1, bytes([1 << 3, FLOAT]) + block(2, block(1, bytes([1 << 3, 1]))))
    graph = first(model, 7)
    at = model.index(block(7, graph))
    return model[:at] + block(7, graph + block(11, block(1, name.encode()) + block(2, kind))) + model[at + len(block(7, graph)):]
