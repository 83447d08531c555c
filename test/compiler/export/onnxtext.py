"""Prints an ONNX file as text, without any package.

    onnxtext.py model.onnx

One line for each field of the model, input, node, initializer and output, in the order of the file.
"""
import struct
import sys

TYPES = {1: "f32", 6: "i32", 7: "i64", 9: "bool"}


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            return number, at


def fields(data):
    """{number: [content]}: an integer, or bytes."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            content, at = varint(data, at)
            content -= (content >> 63) << 64
        else:
            size, at = varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            content = bytes(data[at:at + size])
            at += size
        found.setdefault(key >> 3, []).append(content)
    return found


def text(message, field):
    return message.get(field, [b""])[0].decode()


def packed(message, field):
    """Integers, each in a field of its own or all in one."""
    numbers = []
    for content in message.get(field, []):
        at = 0
        while isinstance(content, bytes) and at < len(content):
            number, at = varint(content, at)
            numbers.append(number - ((number >> 63) << 64))
        if not isinstance(content, bytes):
            numbers.append(content)
    return numbers


def attribute(data):
    message = fields(data)
    kind = message[20][0]
    if kind == 1:
        value = f"{struct.unpack('<f', message[2][0])[0]:g}"
    elif kind == 2:
        value = message.get(3, [0])[0]
    elif kind == 3:
        value = text(message, 4)
    else:
        value = packed(message, 8)
    return f"{text(message, 1)}={value}"


def node(data):
    message = fields(data)
    inputs, outputs = (", ".join(one.decode() for one in message.get(field, [])) for field in (1, 2))
    attributes = " ".join(attribute(one) for one in message.get(5, []))
    return f"node {text(message, 3)}: {outputs} = {text(message, 4)}({inputs}) {attributes}".rstrip()


def value(data):
    message = fields(data)
    tensor = fields(fields(message[2][0])[1][0])
    sizes = [fields(one) for one in fields(tensor[2][0]).get(1, [])] if 2 in tensor else []
    shape = ", ".join(text(size, 2) or str(size[1][0]) for size in sizes)
    doc = f" # {text(message, 3)}" if 3 in message else ""
    return f"{text(message, 1)}: {TYPES[tensor[1][0]]}[{shape}]{doc}"


def initializer(data):
    """Small integers with their values; of floats the number of bytes; where external data lie."""
    message = fields(data)
    kind, raw = message[2][0], message.get(9, [b""])[0]
    content = f"{len(raw)} bytes"
    if kind in (6, 7) and len(raw) <= 128:
        content = str(list(struct.unpack(f"<{len(raw) // (4 if kind == 6 else 8)}{'i' if kind == 6 else 'q'}", raw)))
    elif kind == 1 and len(raw) == 4:
        content = f"{struct.unpack('<f', raw)[0]:g}"
    if 13 in message:
        content = " ".join(f"{text(fields(one), 1)}={text(fields(one), 2)}" for one in message[13])
    return f"initializer {text(message, 8)}: {TYPES[kind]}{packed(message, 1)} {content}"


def main(path):
    with open(path, "rb") as file:
        model = fields(file.read())
    graph = fields(model[7][0])
    sets = ", ".join(f"'{text(one, 1)}' {one[2][0]}" for one in map(fields, model[8]))
    print(f"format {model[1][0]} by {text(model, 2)} {text(model, 3)}, operators {sets}, graph {text(graph, 2)} # {text(graph, 10)}")
    for field, show in ((11, lambda one: "input " + value(one)), (1, node), (5, initializer), (12, lambda one: "output " + value(one))):
        for one in graph.get(field, []):
            print(show(one))


if __name__ == "__main__":
    main(sys.argv[1])
