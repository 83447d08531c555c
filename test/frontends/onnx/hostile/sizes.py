"""Small files that ask for large tensors, many steps or numbers beyond an integer, after all that they say has been read."""
from onnxfile import *  # noqa: F403
from structure import FAR, LEAST, X, Y, folded, ints, net, scalar


def filled(result, *dims, with_value=1, kind=INT64):
    """A node that makes a constant without bytes, and the initializer it reads."""
    return node("ConstantOfShape", [f"{result}.s"], [result], f"{result}.n", value=tensor("", [1], [with_value], kind)), ints(f"{result}.s", *dims)


def views(count):
    """Slices of one initializer, each another one."""
    nodes = []
    for i in range(count):
        nodes.append(node("Slice", ["w"], [f"w{i}"], f"s{i}", starts=[i], ends=[i + 1], axes=[0]))
        nodes.append(node("Add", ["x" if i == 0 else f"t{i}", f"w{i}"], [f"t{i + 1}" if i + 1 < count else "y"], f"n{i}"))
    return net(*nodes, constants=[tensor("w", [count], [1.0] * count)], opset=9)


def wide_function(inputs, calls):
    outer = [node("f", ["x" if i == 0 else f"t{i}"], [f"t{i + 1}" if i + 1 < calls else "y"], domain="local") for i in range(calls)]
    return model(graph(outer, [X], [Y]), functions=[function("f", [f"a{i}" for i in range(inputs)], ["b"], [node("Relu", ["a0"], ["b"])])])


def lstm(operands, *constants, count=1, steps=4):
    """LSTMs of one unit, each from x [steps, 2, 1]."""
    nodes = [node("LSTM", ["x", "w", "r", "b", "", *operands], [f"y{i}"], f"n{i}", hidden_size=1) for i in range(count)]
    weights = [tensor("w", [1, 4, 1], [0.5] * 4), tensor("r", [1, 4, 1], [0.5] * 4), tensor("b", [1, 8], [0.5] * 8)]
    return net(*nodes, inputs=[value("x", [steps, 2, 1])], outputs=[value(f"y{i}") for i in range(count)], constants=[*weights, *constants])


def attention(place, constant):
    names = ["x", "x", "x", *[""] * (place - 3), "z"]
    return net(node("Attention", names, ["y"], "it"), inputs=[value("x", ["N", 2, 4, 8])], constants=[constant], opset=24)


def with_filled(made, *nodes, **kinds):
    making, shape = made
    constants = [shape, *kinds.pop("constants", [])]
    return net(making, *nodes, constants=constants, **kinds)


EMPTY = [1 << 19, 1 << 19, 2, 0]
FILES = {
    "fold-reduce-empty": folded(node("ReduceSum", ["w"], ["c"], "it", axes=[0]), constants=[tensor("w", [0, 1 << 20, 1 << 20], [])], opset=12),
    "fold-concat-empty": folded(node("Concat", ["w", "w"], ["c"], "it", axis=2), constants=[tensor("w", EMPTY, [])]),
    "fold-gather-empty": folded(node("Gather", ["w", "i"], ["c"], "it", axis=2), constants=[tensor("w", EMPTY, []), ints("i", 0, 1)]),
    "fold-quotient": net(node("Shape", ["x"], ["s"]), node("Mul", ["s", "a"], ["t"]), node("Div", ["t", "b"], ["u"]), node("Reshape", ["x", "u"], ["y"], "it"),
                         constants=[ints("a", LEAST, 1, 1, 1), ints("b", -1, 1, 1, 1)]),
    "fold-expand-symbolic": net(node("Shape", ["x"], ["s"]), node("Gather", ["s", "i"], ["n"]), node("Expand", ["n", "d"], ["e"], "it"), node("Reshape", ["x", "e"], ["y"]),
                                constants=[ints("i", 0), ints("d", 1 << 30, 1 << 10)]),
    "fold-transposed-far": folded(node("Expand", ["w", "s"], ["e"], "it"), node("Transpose", ["e"], ["t"]), node("Reshape", ["t", "r"], ["c"]),
                                  constants=[tensor("w", [2], [1.0, 2.0]), ints("s", 1 << 30, 2), ints("r", -1)]),
    "constant-repeated-far": net(node("Expand", ["w", "s"], ["e"], "it"), node("Add", ["x", "e"], ["y"]), inputs=[value("x", ["N", 1 << 29, 2])],
                                 constants=[tensor("w", [2], [1.0, 2.0]), ints("s", 1 << 29, 2)]),
    "slice-back-far": net(node("Slice", ["x", "b", "e", "a", "d"], ["y"], "it"), inputs=[value("x", ["N", (1 << 31) - 1])],
                          constants=[ints("b", -1), ints("e", LEAST), ints("a", 1), ints("d", -1)]),
    "gather-far": with_filled(filled("i", 1 << 30, with_value=0), node("Gather", ["x", "i"], ["y"], "it", axis=1)),
    "expand-rank-far": with_filled(filled("s", 1 << 30), node("Expand", ["x", "s"], ["y"], "it")),
    "reshape-rank-filled": with_filled(filled("s", 1 << 30), node("Reshape", ["x", "s"], ["y"], "it")),
    "reshape-overflow": net(node("Reshape", ["x", "s"], ["y"], "it"), constants=[ints("s", 3, FAR // 2, 7, -1)]),
    **{f"pad-{mode}-least": net(node("Pad", ["x", "p"], ["y"], "it", mode=mode), constants=[ints("p", 0, 0, LEAST, 0, 0, 0, LEAST, 0)]) for mode in ("constant", "reflect", "edge", "wrap")},
    "conv-planes": with_filled(filled("w", 1, 4, 100000, 1, 1, with_value=0.5, kind=FLOAT), node("Conv", ["x", "w"], ["y"], "it", pads=[1 << 20, 0, 0, 1 << 20, 0, 0]),
                               inputs=[value("x", ["N", 4, 2, 2, 2])]),
    "conv-transpose-planes": with_filled(filled("w", 4, 1, 100000, 1, 1, with_value=0.5, kind=FLOAT), node("ConvTranspose", ["x", "w"], ["y"], "it"),
                                         inputs=[value("x", ["N", 4, 2, 2, 2])]),
    "batch-far": net(node("Relu", ["x"], ["y"], "it"), inputs=[value("x", [1 << 62, 4])]),
    "batch-beyond": net(node("Reshape", ["x", "s"], ["y"], "it"), inputs=[value("x", [FAR, 1 << 20])], constants=[ints("s", FAR, -1)]),
    "group-scale-far": net(node("GroupNormalization", ["x", "w", "w"], ["y"], "it", num_groups=2), inputs=[value("x", ["N", 1 << 30, 1, 1])],
                           constants=[tensor("w", [2], [1.0, 2.0])], opset=18),
    "function-wide": wide_function(20000, 20000),
    "max-left-out": net(node("Max", ["x", ""], ["y"], "it")),
    **{f"{op}-left-out".lower(): net(node(op, ["x", "", "x", ""], ["y"], "it")) for op in ("Sum", "Mean", "Min", "Add", "Where")},
    "concat-left-out": net(node("Concat", ["x", ""], ["y"], "it", axis=1)),
    "einsum-left-out": net(node("Einsum", ["x", ""], ["y"], "it", equation="nchw,->nchw")),
    "einsum-diagonal-far": net(node("Einsum", ["x"], ["y"], "it", equation="nii->ni"), inputs=[value("x", ["N", 1 << 19, 1 << 19])]),
    "reverse-sequence-far": net(node("ReverseSequence", ["x", "l"], ["y"], "it", batch_axis=0, time_axis=1), inputs=[value("x", ["N", 1 << 30])], constants=[ints("l", 3)]),
    "trilu-far": net(node("Trilu", ["x"], ["y"], "it"), inputs=[value("x", ["N", 1 << 19, 1 << 19])]),
    "col2im-far": net(node("Col2Im", ["x", "i", "b"], ["y"], "it"), inputs=[value("x", ["N", 1 << 30, 1])], constants=[ints("i", 1, 1024), ints("b", 1, 1024)]),
    "lstm-peephole": lstm(["", "", "p"], tensor("p", [], [1.0])),
    "lstm-peepholes": lstm(["", "", "p"], tensor("p", [2, 3], [1.0] * 6)),
    "lstm-state": lstm(["h"], tensor("h", [], [1.0])),
    "lstm-states": lstm(["h"], tensor("h", [5, 1], [1.0] * 5)),
    "lstm-many": lstm([], count=2000, steps=2048),
    "attention-mask": attention(3, tensor("z", [], [1.0])),
    "attention-lengths": attention(6, tensor("z", [], [1], INT64)),
    "attention-lengths-many": attention(6, tensor("z", [2, 2], [1] * 4, INT64)),
    "attention-past": attention(4, tensor("z", [], [1.0])),
    "attention-past-heads": attention(4, tensor("z", [3, 3, 3, 3], [1.0] * 81)),
}

SUSPECT = {
    "fold-slice-empty": net(node("Slice", ["w", "b", "e", "a", "d"], ["v"]), node("Concat", ["v", "s"], ["t"], axis=0), node("Reshape", ["x", "t"], ["y"], "it"),
                            constants=[tensor("w", [0], [], INT64), ints("b", -5), ints("e", -100), ints("a", 0), ints("d", -1), ints("s", 0, -1)]),
    "fold-range-wraps": folded(node("Range", ["a", "b", "d"], ["r"]), node("Cast", ["r"], ["c"], "it", to=FLOAT), constants=[scalar("a", LEAST), scalar("b", FAR), scalar("d", 1 << 60)]),
    "pool-steps": net(node("MaxPool", ["x"], ["y"], "it", kernel_shape=[1 << 30, 1], dilations=[2, 1], strides=[1, 1], pads=[(1 << 31) - 2, 0, (1 << 31) - 2, 0]),
                      inputs=[value("x", ["N", 1, 1, 1])]),
    "batch-most": net(node("Reshape", ["x", "s"], ["y"], "it"), inputs=[value("x", [(1 << 31) - 1, 1 << 20])], constants=[ints("s", (1 << 31) - 1, 1 << 20)]),
    "gemm-addend-far": net(*[filled(name, *dims, with_value=0.5, kind=FLOAT)[0] for name, dims in (("b", [4, 1 << 30]), ("c", [1 << 30]))],
                           node("Gemm", ["x", "b", "c"], ["y"], "it", beta=2.0), inputs=[value("x", ["N", 4])], constants=[ints("b.s", 4, 1 << 30), ints("c.s", 1 << 30)]),
    "views-many": views(10000),
    "parameters-many": net(*[node("Add", ["x" if i == 0 else f"t{i}", f"w{i}"], [f"t{i + 1}" if i < 19999 else "y"], f"n{i}") for i in range(20000)],
                           constants=[tensor(f"w{i}", [1], [float(i)]) for i in range(20000)]),
    "constant-infinite-far": with_filled(filled("c", 1 << 30, with_value=float("inf"), kind=FLOAT), node("Add", ["x", "c"], ["y"], "it"), inputs=[value("x", ["N", 1 << 30])]),
}
