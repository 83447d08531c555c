"""Writes ONNX files in protocol buffers' wire format, without any package, also such as no exporter writes.

    save(path, model(graph([node("Relu", ["x"], ["y"])], [value("x", ["N", 3])], [value("y")])))
"""
import struct

FLOAT, UINT8, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, BFLOAT16, INT4 = 1, 2, 6, 7, 8, 9, 10, 11, 16, 22
FORMATS = {FLOAT: "f", UINT8: "B", INT32: "i", INT64: "q", BOOL: "B", FLOAT16: "e", DOUBLE: "d"}


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field, number):
    return varint(field << 3) + varint(number)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name, dims, values=None, kind=FLOAT, raw=None, external=None, extra=b""):
    """`values` go into raw_data; `raw` does as it is; `external` is a dict of the keys of external data."""
    if raw is None and values is not None:
        raw = struct.pack(f"<{len(values)}{FORMATS[kind]}", *values)
    out = b"".join(integer(1, size) for size in dims) + integer(2, kind) + block(8, name) + extra
    if external is not None:
        entries = (block(13, block(1, key) + block(2, str(text))) for key, text in external.items())
        return out + b"".join(entries) + integer(14, 1)
    return out + (block(9, raw) if raw is not None else b"")


def attribute(name, value):
    out = block(1, name)
    if isinstance(value, bytes):
        return out + block(5, value) + integer(20, 4)
    if isinstance(value, str):
        return out + block(4, value) + integer(20, 3)
    if isinstance(value, float):
        return out + varint(2 << 3 | 5) + struct.pack("<f", value) + integer(20, 1)
    if isinstance(value, int):
        return out + integer(3, value) + integer(20, 2)
    if value and isinstance(value[0], float):
        return out + b"".join(varint(7 << 3 | 5) + struct.pack("<f", one) for one in value) + integer(20, 6)
    if value and isinstance(value[0], str):
        return out + b"".join(block(9, one) for one in value) + integer(20, 8)
    return out + b"".join(integer(8, one) for one in value) + integer(20, 7)


def reference(name, outer):
    """An attribute of a function's node that is the function's own."""
    return block(1, name) + block(21, outer) + integer(20, 2)


def node(op, inputs, outputs, name="", domain="", raw_attributes=(), **attributes):
    out = b"".join(block(1, one) for one in inputs) + b"".join(block(2, one) for one in outputs) + block(3, name) + block(4, op)
    out += b"".join(block(5, attribute(key, value)) for key, value in attributes.items() if value is not None)
    return out + b"".join(block(5, one) for one in raw_attributes) + (block(7, domain) if domain else b"")


def branch(name, content):
    """An attribute that is a graph; `content` is graph(...)."""
    return block(1, name) + block(6, content) + integer(20, 5)


def value(name, shape=None, kind=FLOAT):
    """A size is a number, a symbol, or None where it is not said."""
    content = integer(1, kind)
    if shape is not None:
        sizes = (block(1, b"" if size is None else block(2, size) if isinstance(size, str) else integer(1, size)) for size in shape)
        content += block(2, b"".join(sizes))
    return block(1, name) + block(2, block(1, content))


def graph(nodes, inputs, outputs, initializers=(), extra=b"", name="net"):
    out = b"".join(block(1, one) for one in nodes) + block(2, name) + b"".join(block(5, one) for one in initializers)
    return out + b"".join(block(11, one) for one in inputs) + b"".join(block(12, one) for one in outputs) + extra


def function(name, inputs, outputs, nodes, domain="local", attributes=(), opset=17):
    out = block(1, name) + b"".join(block(4, one) for one in inputs) + b"".join(block(5, one) for one in outputs)
    out += b"".join(block(6, one) for one in attributes) + b"".join(block(7, one) for one in nodes)
    return out + block(9, block(1, "") + integer(2, opset)) + block(10, domain)


def model(content, opset=17, ir=8, functions=(), domains=("local",)):
    out = integer(1, ir) + block(7, content) + block(8, block(1, "") + integer(2, opset))
    out += b"".join(block(8, block(1, one) + integer(2, 1)) for one in domains)
    return out + b"".join(block(25, one) for one in functions)


def save(path, content):
    with open(path, "wb") as file:
        file.write(content)
