"""Files that are damaged, graphs that are none, and sizes that grow beyond all bounds.

FILES are refused; SUSPECT ones may be right.
"""
import random
import struct

from onnxfile import *  # noqa: F403

X, Y = value("x", ["N", 4, 8, 8]), value("y")
FAR, LEAST = 2**63 - 1, -2**63


def net(*nodes, constants=(), inputs=(X,), outputs=(Y,), **kinds):
    return model(graph(list(nodes), list(inputs), list(outputs), list(constants)), **kinds)


def relu(source="x", result="y", name="it", op="Relu"):
    return node(op, [source], [result], name)


def ints(name, *values):
    return tensor(name, [len(values)], list(values), INT64)


def scalar(name, one, kind=INT64):
    return tensor(name, [], [one], kind)


def chain(count, op="Relu"):
    """Nodes one behind the other, from x to y."""
    return [relu("x" if i == 0 else f"t{i}", "y" if i + 1 == count else f"t{i + 1}", f"n{i}", op) for i in range(count)]


def doubled(count, op="Concat", source="x", **attributes):
    """Each node reads what is before it twice: 2^count elements, or paths."""
    names = [source, *(f"t{i}" for i in range(1, count)), "y"]
    return [node(op, [names[i], names[i]], [names[i + 1]], f"n{i}", **attributes) for i in range(count)]


def folded(*nodes, constants=(), opset=17):
    """Nodes from constants to the constant c, which is added to x."""
    return net(*nodes, node("Add", ["x", "c"], ["y"], "last"), constants=constants, opset=opset)


def group(depth):
    """Wire type 3 in itself."""
    return varint(100 << 3 | 3) * depth + varint(100 << 3 | 4) * depth


def unknown(depth):
    """A field that nobody knows, with messages in it."""
    content = b""
    for _ in range(depth):
        content = block(100, content)
    return content


def looped(trips, *nodes, constants=(), operands=("n", "", "x"), formals=("i", "c", "s"), outputs=("on", "s1"), results=("y",)):
    """A Loop of `trips` trips."""
    body = graph([node("Identity", ["c"], ["on"], "on"), *nodes], [value(name) for name in formals], [value(name) for name in outputs])
    return net(node("Loop", list(operands), list(results), "it", raw_attributes=[branch("body", body)]), constants=[ints("n", trips), *constants])


def nested_loops(depth):
    """Loops of n trips in each other, from s to s1."""
    if depth == 0:
        return [relu("s", "s1")]
    body = graph([node("Identity", ["c"], ["on"], "on"), *nested_loops(depth - 1)], [value("i"), value("c"), value("s")], [value("on"), value("s1")])
    return [node("Loop", ["n", "", "s"], ["s1"], f"loop{depth}", raw_attributes=[branch("body", body)])]


def subgraphs(depth, op="If"):
    inner = graph([relu()], [], [Y])
    for _ in range(depth):
        inner = graph([node(op, ["x"], ["y"], "it", raw_attributes=[block(1, "then_branch") + block(6, inner) + integer(20, 5)])], [], [Y])
    return model(inner)


def nest(depth):
    """Functions that call the next."""
    calls = [function(f"f{i}", ["a"], ["b"], [node(f"f{i + 1}", ["a"], ["b"], domain="local")]) for i in range(depth)]
    return model(graph([node("f0", ["x"], ["y"], domain="local")], [X], [Y]), functions=[*calls, function(f"f{depth}", ["a"], ["b"], [relu("a", "b")])])


def wide_branches(attributes, count):
    """A function of many Ifs, called with many attributes."""
    both = [block(1, which) + block(6, graph([], [], [])) + integer(20, 5) for which in ("then_branch", "else_branch")]
    body = [node("If", ["a"], [], raw_attributes=both) for _ in range(count)]
    call = node("f", ["x"], ["y"], domain="local", raw_attributes=[attribute(f"a{i}", 1) for i in range(attributes)])
    return model(graph([call], [X], [Y]), functions=[function("f", ["a"], ["b"], [*body, relu("a", "b")])])


def ring(length):
    """Functions that call each other round and round."""
    calls = [function(f"f{i}", ["a"], ["b"], [node(f"f{(i + 1) % length}", ["a"], ["b"], domain="local")]) for i in range(length)]
    return model(graph([node("f0", ["x"], ["y"], domain="local")], [X], [Y]), functions=calls)


def named(name):
    """A name in every place that has one."""
    return model(graph([node("Relu", ["x"], [name], name)], [X], [value(name)], name=name))


def weighted(**tensor_arguments):
    dims = tensor_arguments.pop("dims", [4, 1, 1])
    return net(node("Add", ["x", "w"], ["y"], "it"), constants=[tensor("w", dims, **tensor_arguments)])


SMALL = net(node("Conv", ["x", "w"], ["t"], "conv", kernel_shape=[3, 3]), relu("t"), constants=[tensor("w", [2, 4, 3, 3], [0.1] * 72)])

FILES = {
    "empty": b"",
    "zeros": b"\0" * 4096,
    "ones": b"\xff" * 4096,
    "text": b"this is no model\n" * 100,
    "tag-only": b"\x3a",
    "endless-varint": b"\x08" + b"\x80" * 4096,
    "length-overflow": b"\x3a" + b"\xff" * 9 + b"\x01",
    "length-far": b"\x3a" + varint(1 << 62),
    "field-zero": b"\x00\x01" + SMALL,
    "wire-7": b"\x0f" + SMALL,
    "group": SMALL + group(1),
    "groups": SMALL + group(100000),
    "group-open": SMALL + varint(100 << 3 | 3) * 100000,
    "graph-varint": integer(1, 8) + integer(7, 1),
    "graph-empty": model(b""),
    "graph-twice": SMALL + block(7, graph([relu()], [X], [Y])),
    "subgraphs-60": subgraphs(60),
    "subgraphs-2000": subgraphs(300),
    **{f"opset-{number}": net(relu(), opset=number) for number in (0, -1, 1 << 31, 1 << 62, FAR, LEAST)},
    **{f"format-{number}": net(relu(), ir=number) for number in (0, 1, 2, -1, 1 << 40, FAR, LEAST)},
    "no-opset": integer(1, 8) + block(7, graph([relu("x", "y", op="NoSuch")], [X], [Y])),
    "ring-2": ring(2),
    "ring-1000": ring(1000),
    "nested-functions": nest(2000),
    "cycle-self": net(relu("y", "y")),
    "cycle-long": net(*[relu(f"t{(i + 1) % 50000}", f"t{i}", f"n{i}") for i in range(50000)], relu("t0")),
    "same-results": net(node("Split", ["x"], ["y", "y"], "it", axis=1)),
    "same-as-input": net(relu("x", "x")),
    "same-as-constant": net(relu("x", "w"), relu("w"), constants=[tensor("w", [1], [1.0])]),
    "outputs-twice": net(node("TopK", ["x"], ["y"], "it"), outputs=[Y, Y]),
    "inputs-many": net(relu("x0"), relu("missing", "z"), inputs=[value(f"x{i}", ["N", 1]) for i in range(5000)]),
    "no-nodes": net(),
    "no-names": net(node("Relu", [""], [""])),
    "no-operator": net(node("", ["x"], ["y"], "it")),
    "operator-long": net(node("R" * 100000, ["x"], ["y"], "it")),
    "operator-control": net(node("Re\nlu\x1b[2J", ["x"], ["y"], "it")),
    "name-control": net(relu("missing", "y", "it\n\x1b[31m\r\x07")),
    "name-bytes": net(relu("x", "y", b"\xff\xfe\xc0\x80")),
    "name-zero": net(relu("x", "y", b"a\0b")),
    "name-surrogate": net(relu("x", "y", b"\xed\xa0\x80")),
    "name-long": net(relu("missing", "y", "n" * 1000000)),
    "names-bytes": named(b"\xff" * 10),
    "names-zero": named(b"\0"),
    "input-bytes": net(relu(b"\xff"), inputs=[value(b"\xff", ["N", 4])]),
    "symbol-bytes": net(relu(), inputs=[block(1, "x") + block(2, block(1, integer(1, 1) + block(2, block(1, block(2, b"\xff\x00")) * 3)))]),
    "domain-bytes": net(node("Relu", ["x"], ["y"], "it", domain=b"\xff\xfe\n")),
    "attribute-bytes": net(node("LeakyRelu", ["x"], ["y"], "it", raw_attributes=[block(1, b"\xff\n") + integer(20, 99), attribute("alpha", "a")])),
    "attributes-many": net(node("LeakyRelu", ["x"], ["y"], "it", raw_attributes=[attribute(f"a{i}", [1] * 10) for i in range(20000)] + [attribute("alpha", 1)])),
    "attribute-huge": net(node("LeakyRelu", ["x"], ["y"], "it", alpha=[1] * 1000000)),
    "input-rank": net(relu(), inputs=[value("x", ["N"] + [1] * 8)]),
    "input-rank-far": net(relu(), inputs=[value("x", ["N"] + [1] * 100000)]),
    **{f"input-{i}": net(relu(), inputs=[value("x", ["N", size, 8, 8])]) for i, size in enumerate((0, -1, 1 << 31, 1 << 40, FAR, LEAST))},
    "batch-far": net(node("ReduceMean", ["x"], ["t"], axes=[0, 1, 2, 3]), node("Conv", ["t", "w"], ["y"], "it"), inputs=[value("x", [(1 << 31) - 1, 4, 8, 8])],
                     constants=[tensor("w", [1, 1, 1, 1], [1.0])]),
    "matmul-vector": net(node("MatMulInteger", ["x", "w"], ["y"], "it"), inputs=[value("x", ["N"], UINT8)], constants=[tensor("w", [3], [1, 2, 3], UINT8)]),
    "moved-missing": net(node("Transpose", ["x"], ["a", "b"], perm=[1, 0, 2, 3]), node("Concat", ["b", "a"], ["y"], "it", axis=1), inputs=[value("x", ["N", 4, 8, 8])]),
    "input-product": net(relu(), inputs=[value("x", ["N", 1 << 20, 1 << 20, 2])]),
    **{f"input-type-{kind}": net(relu(), inputs=[value("x", ["N", 4], kind)]) for kind in (0, 8, 14, 16 << 20, -1)},
    "input-optional": net(relu(), inputs=[block(1, "x") + block(2, block(9, b""))]),
    "input-map": net(relu(), inputs=[block(1, "x") + block(2, block(5, b""))]),
    "input-no-type": net(relu(), inputs=[block(1, "x")]),
    **{f"weight-size-{i}": weighted(dims=[size], raw=b"") for i, size in enumerate((-1, 1 << 31, 1 << 40, 1 << 62, FAR, LEAST))},
    **{f"weight-sizes-{i}": weighted(dims=dims, raw=b"\0" * 16) for i, dims in enumerate(
        ([1 << 32, 1 << 32], [1 << 31, 1 << 31, 4], [-1, -4], [LEAST, LEAST], [3] * 50, [1] * 100000, [1 << 16] * 4, [LEAST, 0]))},
    "weight-short": weighted(raw=b"\0" * 15),
    "weight-long": weighted(raw=b"\0" * 17),
    "weight-none": weighted(),
    "weight-typed-both": weighted(dims=[4, 1, 1], raw=b"\0" * 12, extra=varint(4 << 3 | 5) + struct.pack("<f", 1)),
    "weight-typed-many": weighted(dims=[2], extra=block(4, struct.pack("<3f", 1, 2, 3))),
    "weight-typed-cut": weighted(dims=[2], extra=block(4, b"\0" * 7)),
    **{f"weight-type-{kind}": weighted(dims=[4], raw=b"\0" * 16, kind=kind) for kind in (0, 8, 14, 15, 17, 18, 20, 22, 25, 99, -1, 1 << 31)},
    "weight-narrow": net(node("Add", ["x", "w"], ["y"], "it"), constants=[tensor("w", [8], kind=DOUBLE, extra=block(4, bytes(32)))]),
    "weight-nameless": net(node("Add", ["x", "w"], ["y"], "it"), constants=[tensor("", [1], [1.0])]),
    "weight-segments": net(node("Add", ["x", "w"], ["y"], "it"), constants=[tensor("w", [1 << 20], extra=block(3, integer(1, 0) + integer(2, FAR)))]),
    "weight-segment-negative": net(node("Add", ["x", "w"], ["y"], "it"), constants=[tensor("w", [4], extra=block(3, integer(1, -16) + integer(2, -1)))]),
    "sparse-attribute": net(node("Constant", [], ["c"], "it", raw_attributes=[block(1, "sparse_value") + block(22, b"") + integer(20, 11)]), node("Add", ["x", "c"], ["y"])),
    "if": net(node("If", ["x"], ["y"], "it", raw_attributes=[block(1, "then_branch") + block(6, graph([relu()], [], [Y])) + integer(20, 5)])),
    "if-results": net(node("If", ["x"], ["y", "z"], "it", raw_attributes=[block(1, which) + block(6, graph([relu()], [], [Y])) + integer(20, 5) for which in ("then_branch", "else_branch")])),
    "if-run-time": net(node("If", ["x"], ["y"], "it", raw_attributes=[block(1, which) + block(6, graph([relu("x", "z")], [], [value("z")])) + integer(20, 5) for which in ("then_branch", "else_branch")])),
    "branches-wide": wide_branches(20000, 20000),
    "loop-far": looped(1 << 62, relu("s", "s1")),
    "loop-idle": looped(1 << 62, operands=("n",), formals=("i", "c"), outputs=("on", "i"), results=("y",)),
    "loops": looped(1000, *nested_loops(3)),
    "loop-range": looped(1 << 40, node("Range", ["zero", "million", "one"], ["r"], "r"), node("ReduceSum", ["r"], ["s1"], "sum"),
                         constants=[scalar("zero", 0), scalar("million", 1 << 20), scalar("one", 1)]),
    "loop-doubles": looped(60, node("Concat", ["s", "s"], ["s1"], "both", axis=1)),
    "loop-doubles-constant": looped(60, node("Concat", ["s", "s"], ["s1"], "both", axis=0), operands=("n", "", "n")),
    "loop-gathers": looped(1 << 40, relu("s", "s1"), outputs=("on", "s1", "s1"), results=("", "y")),
    "loop-itself": looped(3, relu("y", "s1")),
    "loop-twice": looped(3, relu("s", "s1"), relu("s", "s1")),
    "scan-far": net(node("Scan", ["x"], ["y"], "it", num_scan_inputs=1, raw_attributes=[branch("body", graph([relu("s", "s1")], [value("s")], [value("s1")]))], scan_input_axes=[1]),
                    inputs=[value("x", ["N", 2**31 - 1])]),
    "loop": net(node("Loop", ["", "", "x"], ["y"], "it", raw_attributes=[block(1, "body") + block(6, graph([], [], [])) + integer(20, 5)])),
    "scan": net(node("Scan", ["x"], ["y"], "it")),
    # What grows.
    "concat-bomb": net(*doubled(64, axis=1)),
    "concat-bomb-1000": net(*doubled(1000, axis=3)),
    "batch-inside-bomb": net(node("Transpose", ["x"], ["t"]), *doubled(64, source="t", axis=1), inputs=[value("x", [65536, 4, 8, 8])]),
    "batch-inside-output": net(node("Transpose", ["x"], ["y"]), inputs=[value("x", [1 << 20, 1 << 11, 1 << 11])]),
    "concat-all": net(node("Concat", ["x"] * 100000, ["t"], "a", axis=1), node("Concat", ["t"] * 100000, ["u"], "b", axis=2), node("Concat", ["u"] * 100, ["y"], "it", axis=3)),
    "pad-bomb": net(*[node("Pad", ["x" if i == 0 else f"t{i}", "p"], [f"t{i + 1}" if i < 39 else "y"], f"n{i}") for i in range(40)],
                    constants=[ints("p", 0, 0, 1 << 29, 1 << 29, 0, 0, 1 << 29, 1 << 29)]),
    "resize-bomb": net(*[node("Resize", ["x" if i == 0 else f"t{i}", "", "s"], [f"t{i + 1}" if i < 39 else "y"], f"n{i}") for i in range(40)],
                       constants=[tensor("s", [4], [1.0, 1.0, 2.0, 2.0])]),
    "tile-bomb": net(*[node("Tile", ["x" if i == 0 else f"t{i}", "r"], [f"t{i + 1}" if i < 39 else "y"], f"n{i}") for i in range(40)], constants=[ints("r", 1, 2, 2, 2)]),
    "expand-bomb": net(node("Expand", ["x", "s"], ["y"], "it"), constants=[ints("s", 1 << 20, 1 << 20, 1, 4, 8, 8)]),
    "reshape-far": net(node("Reshape", ["x", "s"], ["y"], "it"), constants=[ints("s", 1 << 60, 1 << 60)]),
    "reshape-rank": net(node("Reshape", ["x", "s"], ["y"], "it"), constants=[ints("s", 0, *[1] * 100000, -1)]),
    "fold-of-shape": folded(node("ConstantOfShape", ["s"], ["c"], "it"), constants=[ints("s", 1 << 20, 1 << 20, 4)]),
    "fold-of-shape-least": folded(node("ConstantOfShape", ["s"], ["c"], "it"), constants=[ints("s", LEAST)]),
    "fold-of-shape-negative": folded(node("ConstantOfShape", ["s"], ["c"], "it"), constants=[ints("s", -4)]),
    "fold-expand": folded(node("Expand", ["w", "s"], ["e"], "a"), node("Exp", ["e"], ["c"], "it"), constants=[tensor("w", [1], [1.0]), ints("s", 1 << 20, 1 << 19)]),
    "fold-expand-least": folded(node("Expand", ["w", "s"], ["c"], "it"), constants=[tensor("w", [1], [1.0]), ints("s", LEAST)]),
    "fold-tile": folded(node("Tile", ["w", "s"], ["c"], "it"), constants=[tensor("w", [1], [1.0]), ints("s", 1 << 39)]),
    "fold-tile-twice": folded(*[node("Tile", [f"c{i}" if i else "w", "s"], [f"c{i + 1}" if i < 29 else "c"], f"n{i}") for i in range(30)],
                              constants=[tensor("w", [1], [1.0]), ints("s", 1 << 15)]),
    "fold-concat": folded(*doubled(60, source="w", axis=0)[:-1], node("Concat", ["t59", "t59"], ["c"], "last-one", axis=0), constants=[tensor("w", [4], [1.0] * 4)]),
    **{f"fold-range-{i}": folded(node("Range", ["a", "b", "d"], ["c"], "it"), constants=[scalar("a", a), scalar("b", b), scalar("d", d)])
       for i, (a, b, d) in enumerate(((0, FAR, 1), (LEAST, FAR, 1), (0, 9, 0), (FAR, LEAST, -1)))},
    **{f"fold-range-real-{i}": folded(node("Range", ["a", "b", "d"], ["c"], "it"), constants=[scalar("a", a, FLOAT), scalar("b", b, FLOAT), scalar("d", d, FLOAT)])
       for i, (a, b, d) in enumerate(((0.0, 1e30, 1.0), (0.0, float("inf"), 1.0), (0.0, float("nan"), 1.0), (0.0, 1.0, 1e-30), (0.0, 1.0, float("nan"))))},
    "fold-power": folded(node("Pow", ["a", "b"], ["c"], "it"), constants=[ints("a", FAR), ints("b", FAR)]),
    "fold-divide": folded(node("Div", ["a", "b"], ["c"], "it"), constants=[ints("a", LEAST), ints("b", -1)]),
    "fold-divide-zero": folded(node("Div", ["a", "b"], ["c"], "it"), constants=[ints("a", 1), ints("b", 0)]),
    "fold-modulo": folded(node("Mod", ["a", "b"], ["c"], "it"), constants=[ints("a", LEAST), ints("b", 0)]),
    "fold-of-two-types": folded(node("Add", ["w", "i"], ["c"], "it"), constants=[tensor("w", [1, 4, 8, 8], [0.5] * 256), ints("i", 1, 2)]),
    "fold-gather-bomb": folded(node("Gather", ["w", "i"], ["c"], "it"), constants=[tensor("w", [1, 1 << 12], [1.0] * 4096), tensor("i", [4096], [0] * 4096, INT64)]),
}


def fuzzy(seeds, count):
    """Seeds that are cut or have bits that are flipped; the same ones always."""
    draw = random.Random(1)
    for i in range(count):
        content = bytearray(draw.choice(seeds))
        if i % 3 == 0:
            content = content[: draw.randrange(len(content))]
        for _ in range(0 if i % 3 == 0 else 1 if i % 3 == 1 else 20):
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        yield f"damaged-{i}", bytes(content)


# Nothing is wrong with these, or nothing that has to be seen.
SUSPECT = {
    **{f"ignored-label-{one}": net(node("SoftmaxCrossEntropyLoss", ["x", "w"], ["y"], "it", ignore_index=one), constants=[tensor("w", [1, 8, 8], [0] * 64, INT64)])
       for one in (FAR, LEAST, -100)},
    "scatter-of-images": net(node("TensorScatter", ["x", "w", "x"], ["y"], "it"), constants=[tensor("w", [1, 4, 8, 8], [0.5] * 256)]),
    **{f"opset-{number}": net(relu(), opset=number) for number in (1, 6)},
    **{f"input-type-{kind}": net(relu(), inputs=[value("x", ["N", 4], kind)]) for kind in (2, 6, 7, 9, 16)},
    "chain-90000": net(*chain(90000)),
    "chain-reversed": net(*reversed(chain(30000))),
    "paths": net(*doubled(2000, "Add")),
    "paths-mul": net(*doubled(60, "Mul")),
    "constants-many": net(*[node("Constant", [], [f"c{i}"], value_float=1.0) for i in range(50000)], relu()),
    "empty-weights": net(relu(), constants=[tensor("w", [0, 1 << 30], [])]),
    "names-control": named("a\n\x1b[2J"),
    "names-path": named("../../../etc/passwd"),
    "names-long": named("n" * 100000),
    "names-c": named("int"),
    "doc": model(graph([relu()], [X], [Y], extra=block(10, b"\xff\0*/ \n#error"))),
    "weight-nan": weighted(dims=[4, 1, 1], values=[float("nan"), float("inf"), float("-inf"), 0.0]),
    "function-unused-ring": model(graph([relu()], [X], [Y]), functions=[function("f", ["a"], ["b"], [node("f", ["a"], ["b"], domain="local")])]),
    "functions-same": model(graph([node("f", ["x"], ["y"], domain="local")], [X], [Y]), functions=[function("f", ["a"], ["b"], [relu("a", "b")])] * 2),
    "unknown-fields": SMALL + unknown(90),
    "unknown-deep": SMALL + unknown(30000),
    "attribute-twice": net(node("LeakyRelu", ["x"], ["y"], "it", raw_attributes=[attribute("alpha", 0.1), attribute("alpha", 1e30)])),
    "initializers-same-bytes": net(*[node("Add", ["x" if i == 0 else f"t{i}", f"w{i}"], [f"t{i + 1}" if i < 999 else "y"], f"n{i}") for i in range(1000)],
                                   constants=[tensor(f"w{i}", [1], [0.0]) for i in range(1000)]),
    "outputs-many": net(relu(), outputs=[Y] * 1000),
    "scalar-far": net(node("Add", ["x", "w"], ["y"], "it"), constants=[scalar("w", 1e300, DOUBLE)]),
    "splat-far": net(node("ConstantOfShape", ["s"], ["c"], "a"), node("MatMul", ["x", "c"], ["y"], "it"), inputs=[value("x", ["N", 4])], constants=[ints("s", 4, 1 << 30)]),
    "conv-far": net(node("Conv", ["x", "w"], ["y"], "it", pads=[1 << 30, 0, 1 << 30, 0], strides=[1 << 29, 1]), constants=[tensor("w", [1, 4, 1, 1], [1.0] * 4)]),
    "dilation-far": net(node("Conv", ["x", "w"], ["y"], "it", pads=[1 << 30, 0, 1 << 30, 0], dilations=[1 << 30, 1]), constants=[tensor("w", [1, 4, 2, 1], [1.0] * 8)]),
    "fold-shape-arithmetic": net(node("Shape", ["x"], ["t0"]), *[node("Mul", [f"t{i}", "k"], [f"t{i + 1}"], f"n{i}") for i in range(200)],
                                 node("Reshape", ["x", "t200"], ["y"], "it"), constants=[ints("k", 1, 1 << 40, 1, 1)]),
    "fold-shape-sum": net(node("Shape", ["x"], ["t0"]), *doubled(100, "Add", "t0")[:-1], node("Reshape", ["x", "t99"], ["y"], "it")),
}
