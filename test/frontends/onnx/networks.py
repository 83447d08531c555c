"""Writes small networks to a folder: what conversion.test compiles.

    networks.py folder
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from onnxfile import *  # noqa: E402,F403

IMAGES, VECTORS, Y = value("x", ["N", 4, 9, 9]), value("x", ["N", 4]), value("y")


def net(*nodes, constants=(), inputs=(IMAGES,), outputs=(Y,), **kinds):
    return model(graph(list(nodes), list(inputs), list(outputs), list(constants)), **kinds)


def weight(name, *dims, first=1):
    count = 1
    for size in dims:
        count *= size
    return tensor(name, dims, [float(i + first) for i in range(count)])


def ints(name, *values):
    return tensor(name, [len(values)], values, INT64)


# Shape → Gather → Unsqueeze → Concat → Reshape, as PyTorch writes x.view(x.size(0), -1).
VIEW = [node("Shape", ["x"], ["s"]), node("Gather", ["s", "zero"], ["n"], axis=0), node("Unsqueeze", ["n", "axes"], ["n1"]),
        node("Concat", ["n1", "rest"], ["t"], axis=0), node("Reshape", ["x", "t"], ["y"])]
# Half of the height and twice the width, computed in float.
SCALED = [node("Shape", ["x"], ["s"]), node("Slice", ["s", "two", "four"], ["hw"]), node("Cast", ["hw"], ["f"], to=FLOAT), node("Mul", ["f", "by"], ["g"]),
          node("Floor", ["g"], ["h"]), node("Cast", ["h"], ["k"], to=INT64), node("Slice", ["s", "none", "two"], ["nc"]), node("Concat", ["nc", "k"], ["t"], axis=0),
          node("Reshape", ["x", "t"], ["y"])]

FUNCTIONS = "Relu Sigmoid Tanh Softplus Softsign Mish HardSwish Exp Log Sqrt Reciprocal Erf Abs Sign Floor Ceil Round Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh".split()
NETWORKS = {
    # Operator by operator: what it becomes.
    "conv": net(node("Conv", ["x", "w", "b"], ["y"], "conv", group=2, strides=[2, 1], pads=[0, 1, 2, 3], dilations=[1, 2]), constants=[weight("w", 6, 2, 3, 3), weight("b", 6)]),
    "conv-same-upper": net(node("Conv", ["x", "w"], ["y"], auto_pad="SAME_UPPER", strides=[2, 2], dilations=[3, 1]), constants=[weight("w", 6, 4, 2, 4)]),
    "conv-same-lower": net(node("Conv", ["x", "w"], ["y"], auto_pad="SAME_LOWER", strides=[2, 2], dilations=[3, 1]), constants=[weight("w", 6, 4, 2, 4)]),
    "conv-1d": net(node("Conv", ["x", "w"], ["y"], pads=[1, 2]), constants=[weight("w", 6, 4, 3)], inputs=[value("x", ["N", 4, 9])]),
    "gemm": net(node("Gemm", ["x", "w", "b"], ["y"], alpha=2.0, beta=3.0), constants=[weight("w", 4, 5), weight("b", 1, 5)], inputs=[VECTORS]),
    "max-ceil": net(node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)),
    "max-ceil-3": net(node("MaxPool", ["x"], ["y"], kernel_shape=[3, 3], strides=[4, 4], ceil_mode=1, pads=[0, 0, 1, 1])),
    "max-ignored": net(node("MaxPool", ["x"], ["y"], kernel_shape=[1, 1], strides=[2, 2], ceil_mode=1, pads=[0, 0, 0, 0]), inputs=[value("x", ["N", 4, 8, 8])]),
    "avg": net(node("AveragePool", ["x"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 0, 0])),
    "avg-count-ceil": net(node("AveragePool", ["x"], ["y"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0], ceil_mode=1, count_include_pad=1)),
    "conv-3d": net(node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 0, 1, 1], strides=[1, 2, 1]), constants=[weight("w", 6, 4, 2, 3, 3)], inputs=[value("x", ["N", 4, 5, 6, 7])]),
    "max-3d": net(node("MaxPool", ["x"], ["y"], kernel_shape=[2, 3, 1], strides=[2, 1, 1], dilations=[1, 2, 1]), inputs=[value("x", ["N", 4, 5, 6, 7])]),
    "lp": net(node("LpPool", ["x"], ["y"], kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 0, 0], ceil_mode=1, p=3), opset=18),
    "batch-norm": net(node("BatchNormalization", ["x", "g", "b", "m", "v"], ["y"], epsilon=0.5, momentum=0.75),
                      constants=[weight(name, 4) for name in "gbmv"], opset=9),
    "dropout": net(node("Dropout", ["x", "r"], ["y", "mask"]), constants=[tensor("r", [], [0.25])]),
    "clip-runtime": net(node("ReduceMax", ["x"], ["m"], axes=[1], keepdims=1), node("Clip", ["x", "", "m"], ["a"]), node("Neg", ["m"], ["n"]), node("Clip", ["a", "n"], ["y"])),
    "one-signal": net(node("Reshape", ["x", "s"], ["a"]), node("Conv", ["a", "w"], ["y"]), constants=[ints("s", 1, 4, 6), weight("w", 2, 4, 1)], inputs=[value("x", [3, 4, 2])]),
    "clip": net(node("Clip", ["x", "low", "high"], ["y"]), constants=[tensor("low", [], [0.0]), tensor("high", [], [6.0])]),
    "functions": net(*(node(name, [f"t{i}" if i else "x"], [f"t{i + 1}"]) for i, name in enumerate(FUNCTIONS)), node("Identity", [f"t{len(FUNCTIONS)}"], ["y"])),
    "activations": net(node("Elu", ["x"], ["a"], alpha=0.5), node("Selu", ["a"], ["b"], gamma=2.0), node("Celu", ["b"], ["c"], alpha=2.0), node("Gelu", ["c"], ["d"], approximate="tanh"),
                       node("Swish", ["d"], ["e"], alpha=2.0), node("ThresholdedRelu", ["e"], ["f"], alpha=0.5), node("HardSigmoid", ["f"], ["g"]), node("PRelu", ["g", "one"], ["h"]),
                       node("PRelu", ["h", "channels"], ["i"]), node("PRelu", ["i", "columns"], ["y"]),
                       constants=[tensor("one", [1], [0.5]), weight("channels", 4, 1, 1), weight("columns", 9)]),
    "elements": net(node("Pow", ["x", "two"], ["a"]), node("Pow", ["a", "x"], ["b"]), node("Div", ["two", "b"], ["c"]), node("Div", ["c", "a"], ["d"]), node("Mod", ["d", "a"], ["e"], fmod=1),
                    node("Min", ["e", "a", "b"], ["f"]), node("Max", ["f"], ["g"]), node("Max", ["g", "columns"], ["h"]), node("Where", ["x", "h", "g"], ["y"]),
                    constants=[tensor("two", [], [2.0]), weight("columns", 9)]),
    "old-sets": net(node("Add", ["x", "c"], ["a"], axis=1, broadcast=1, consumed_inputs=[0, 0]), node("PRelu", ["a", "s"], ["b"]), node("Cast", ["b"], ["d"], to="FLOAT"),
                    node("Pad", ["d"], ["e"], paddings=[0, 0, 0, 1, 0, 0, 0, 0]), node("Upsample", ["e"], ["f"], height_scale=2.0, width_scale=1.0, mode="nearest"),
                    node("Reshape", ["f"], ["y"], shape=[0, -1]), constants=[weight("c", 4), weight("s", 4)], inputs=[value("x", ["N", 4, 2, 2])], opset=4),
    "batch-statistics": net(node("BatchNormalization", ["x", *"gbmv"], ["y", "mean", "variance"], epsilon=0.5, momentum=0.75, training_mode=1), outputs=[Y, value("mean")],
                            constants=[weight(name, 2) for name in "gbmv"], inputs=[value("x", [3, 2])]),
    "mask": net(node("Dropout", ["x"], ["z", "m"]), node("Shrink", ["z"], ["s"], lambd=1.5, bias=0.5), node("Mean", ["s", "x"], ["y"]), outputs=[Y, value("m", kind=BOOL)]),
    "castlike": net(node("CastLike", ["i", "x"], ["f"]), node("HannWindow", ["eight"], ["h"]), node("Trilu", ["w"], ["t"], upper=0), node("LpNormalization", ["x"], ["n"]),
                    node("Add", ["n", "f"], ["a"]), node("Mul", ["a", "h"], ["b"]), node("MatMul", ["b", "t"], ["y"]),
                    constants=[ints("i", 2), tensor("eight", [], [4], INT64), weight("w", 4, 4)], inputs=[VECTORS]),
    "softmax-9": net(node("Softmax", ["x"], ["y"]), opset=9),
    "softmax-13": net(node("Softmax", ["x"], ["y"], axis=1)),
    "channels": net(node("Mul", ["x", "w"], ["t"]), node("Add", ["c", "t"], ["y"]), constants=[weight("w", 4, 1, 1), weight("c", 1, 4, 1, 1)]),
    "scalars": net(node("Sub", ["two", "x"], ["t"]), node("Div", ["t", "two"], ["y"]), constants=[tensor("two", [], [2.0])]),
    "slices": net(node("Slice", ["x", "start", "end", "axes", "steps"], ["t"]), node("Pad", ["t", "pads"], ["y"]),
                  constants=[ints("start", 1, -3), ints("end", -1, 1 << 62), ints("axes", 2, -1), ints("steps", 2, 1), ints("pads", 0, 0, 0, -1, 0, 0, 2, 0)]),
    "split": net(node("Split", ["x"], ["a", "b"], axis=1), node("Concat", ["b", "a"], ["y"], axis=-3)),
    "mean": net(node("ReduceMean", ["x"], ["y"], axes=[-1, 2], keepdims=0)),
    # Elements by numbers that are known at run time.
    "words": net(node("Gather", ["w", "x"], ["y"]), constants=[weight("w", 6, 3)], inputs=[value("x", ["N", 7], INT64)]),
    "best": net(node("TopK", ["x", "k"], ["a", "i"], axis=1, largest=0), node("GatherElements", ["x", "i"], ["b"], axis=1), node("LessOrEqual", ["b", "a"], ["y"]),
                constants=[ints("k", 2)], inputs=[VECTORS]),
    # Tensors of any rank.
    "attention": net(node("MatMul", ["x", "w"], ["a"]), node("Add", ["a", "b"], ["c"]), node("Transpose", ["c"], ["d"], perm=[0, 1, 3, 2]),
                     node("MatMul", ["c", "d"], ["e"]), node("ReduceMax", ["e"], ["f"], axes=[-1]), node("Sub", ["e", "f"], ["g"]),
                     node("Gather", ["g", "first"], ["y"], axis=2), constants=[weight("w", 9, 5), weight("b", 5), tensor("first", [], [0], INT64)]),
    # Queries, keys and values, whose transpose moves the batch until one of them is selected.
    "heads": net(node("Reshape", ["x", "s"], ["a"]), node("Transpose", ["a"], ["b"], perm=[2, 0, 3, 1, 4]), node("Gather", ["b", "first"], ["q"], axis=0),
                 node("Split", ["b", "parts"], ["c", "d", "e"], axis=0), node("Squeeze", ["d", "none"], ["k"]), node("Transpose", ["k"], ["t"], perm=[0, 1, 3, 2]),
                 node("MatMul", ["q", "t"], ["y"]), inputs=[value("x", ["N", 4, 12])],
                 constants=[ints("s", -1, 4, 3, 2, 2), tensor("first", [], [0], INT64), ints("parts", 1, 1, 1), ints("none", 0)]),
    "steps-first": net(node("Transpose", ["x"], ["y"], perm=[1, 0, 2]), inputs=[value("x", ["N", 4, 3])]),
    "heads-mixed": net(node("Transpose", ["x"], ["a"], perm=[1, 0, 2]), node("Softmax", ["a"], ["y"], axis=1), inputs=[value("x", ["N", 4, 3])]),
    "mean-any": net(node("ReduceMean", ["x"], ["t"], axes=[1]), node("Expand", ["t", "s"], ["y"]), constants=[ints("s", 1, 4, 1, 1)]),
    "conv-transpose": net(node("ConvTranspose", ["x", "w", "b"], ["y"], strides=[3, 2], output_shape=[10, 19], group=2, auto_pad="SAME_UPPER"),
                          constants=[weight("w", 4, 3, 3, 3), weight("b", 6)]),
    "conv-transpose-behind": net(node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2], dilations=[3, 3], output_padding=[2, 2]), constants=[weight("w", 4, 3, 2, 2)]),
    "lrn": net(node("LRN", ["x"], ["y"], size=5, bias=2.0)),
    "group-norm-18": net(node("GroupNormalization", ["x", "g", "b"], ["y"], num_groups=2), constants=[weight("g", 2), weight("b", 2)], opset=18),
    "instance-norm": net(node("InstanceNormalization", ["x", "g", "b"], ["y"], epsilon=0.5), constants=[weight("g", 4), weight("b", 4)]),
    "resize-10": net(node("Resize", ["x", "s"], ["y"]), constants=[tensor("s", [4], [1.0, 1.0, 2.0, 1.0])], inputs=[value("x", ["N", 4, 2, 2])], opset=10),
    "resize-sizes": net(node("Shape", ["x"], ["a"], end=2), node("Concat", ["a", "b"], ["s"], axis=0), node("Resize", ["x", "", "", "s"], ["y"], mode="linear"),
                        constants=[ints("b", 2, 3)], inputs=[value("x", ["N", 4, 2, 2])]),
    "pad-reflect": net(node("Pad", ["x", "p"], ["y"], mode="reflect"), constants=[ints("p", 0, 0, 0, 1, 0, 0, 0, 0)], inputs=[value("x", ["N", 4, 2, 2])]),
    "pad-signal": net(node("Pad", ["x", "p"], ["y"], mode="reflect"), constants=[ints("p", 0, 2, 0, 0, 1, 0)], inputs=[value("x", ["N", 4, 3])]),
    "cut": net(node("Relu", ["x"], ["a"]), node("Neg", ["x"], ["b"]), node("NonMaxSuppression", ["b", "a", "limit"], ["y"]), inputs=[IMAGES, value("limit", [1], INT64)]),
    "reverse": net(node("Slice", ["x", "start", "end", "axes", "steps"], ["y"]), inputs=[value("x", ["N", 4, 2, 2])],
                   constants=[ints("start", -1), ints("end", -1 << 62), ints("axes", 3), ints("steps", -1)]),
    "concat-token": net(node("Concat", ["c", "x"], ["y"], axis=2), constants=[weight("c", 1, 4, 1)], inputs=[value("x", ["N", 4, 9])]),
    "class-token": net(node("Shape", ["x"], ["n"], end=1), node("Concat", ["n", "one", "nine"], ["s"], axis=0), node("Expand", ["c", "s"], ["e"]),
                       node("Concat", ["e", "x"], ["y"], axis=1), constants=[ints("one", 1), ints("nine", 9), weight("c", 1, 1, 9)], inputs=[value("x", ["N", 4, 9])]),
    # As PyTorch squeezes a dimension whose size it does not know: the branch that is not taken would be an error.
    "if": net(node("Shape", ["x"], ["s"]), node("Gather", ["s", "one"], ["c"]), node("Equal", ["c", "one"], ["t"]),
              node("If", ["t"], ["u"], raw_attributes=[
                  branch("then_branch", graph([node("Squeeze", ["x", "axis"], ["v"], "never")], [], [value("v")], [ints("axis", 1)])),
                  branch("else_branch", graph([node("Relu", ["x"], ["w"]), node("If", ["t"], ["v"], raw_attributes=[
                      branch("then_branch", graph([], [], [value("x")])), branch("else_branch", graph([node("Tanh", ["w"], ["v"])], [], [value("v")]))])], [], [value("v")]))]),
              node("Sigmoid", ["u"], ["y"]), constants=[tensor("one", [], [1], INT64)]),
    # What goes round is a value, a shape that grows, and a value of the graph around the body.
    "loop": net(node("Loop", ["three", "", "x", "one"], ["y", "sizes", "steps"], raw_attributes=[branch("body", graph(
        [node("Identity", ["c"], ["on"]), node("Relu", ["s"], ["r"]), node("Add", ["r", "x"], ["s1"]), node("Concat", ["k", "k"], ["k1"], axis=0), node("ReduceMax", ["s1"], ["m"], axes=[1], keepdims=0)],
        [value("i"), value("c"), value("s"), value("k")], [value("on"), value("s1"), value("k1"), value("i")]))]),
        constants=[ints("three", 3), ints("one", 1)], inputs=[VECTORS], outputs=[Y, value("sizes"), value("steps")], opset=13),
    # The sum of the elements before each, from behind.
    "scan": net(node("ReduceSum", ["x", "axis"], ["zero"], keepdims=0), node("Scan", ["zero", "x"], ["", "y"], num_scan_inputs=1, scan_input_axes=[1], scan_input_directions=[1], scan_output_axes=[1],
                scan_output_directions=[1], raw_attributes=[branch("body", graph([node("Add", ["s", "e"], ["s1"])], [value("s"), value("e")], [value("s1"), value("s")]))]),
                constants=[ints("axis", 1)], inputs=[value("x", ["N", 3])]),
    # Parts without elements, and an input that has none.
    "empty": net(node("Slice", ["w", "five", "nine"], ["none"]), node("Shape", ["z"], ["size"]), node("Relu", ["x"], ["y"]), node("ReduceL1", ["z", "zero"], ["norm"], keepdims=0),
                 constants=[weight("w", 2, 3), ints("five", 5), ints("nine", 9), ints("zero", 0)], inputs=[VECTORS, value("z", ["M", 3])],
                 outputs=[Y, value("none"), value("size"), value("norm")], opset=18),
    # Of a fixed batch of one nothing remains.
    "squeeze-all": net(node("Squeeze", ["x"], ["y"]), inputs=[value("x", [1, 4, 1])]),
    # Integers in a power that is none of integers are cut off.
    "powers": net(node("Pow", ["x", "half"], ["a"]), node("Pow", ["a", "two"], ["y"]), node("Pow", ["seven", "half"], ["z"]), inputs=[value("x", ["N", 4], INT32)],
                  outputs=[Y, value("z")], constants=[tensor("half", [], [0.5]), tensor("two", [], [2.0]), tensor("seven", [2], [7, 9], INT32)], opset=15),
    # Each tap reads the image at an offset of its own.
    "deform": net(node("DeformConv", ["x", "w", "o"], ["y"], pads=[0, 1, 0, 1]), constants=[weight("w", 1, 1, 1, 2)], inputs=[value("x", ["N", 1, 3, 3]), value("o", ["N", 4, 3, 4])], opset=19),
    "causal": net(node("CausalConvWithState", ["x", "w", "", "p"], ["y", "s"], activation="silu"), constants=[weight("w", 2, 1, 3)],
                  inputs=[value("x", ["N", 2, 4]), value("p", ["N", 2, 2])], outputs=[Y, value("s")], opset=27),
    "swiglu": net(node("SwiGLU", ["x", "x"], ["y"], alpha=2.0), inputs=[VECTORS], opset=28),
    "bits": net(node("BitwiseNot", ["b"], ["c"]), node("BitwiseAnd", ["c", "b"], ["d"]), node("BitwiseOr", ["d", "b"], ["e"]), node("BitwiseXor", ["e", "one"], ["f"]), node("BitShift", ["f", "one"], ["g"], direction="LEFT"),
                node("BitCast", ["g"], ["z"], to=FLOAT), node("Add", ["x", "z"], ["y"]), outputs=[Y, value("g")], constants=[tensor("b", [3], [0x1FC00000, 5, -2], INT32), tensor("one", [1], [1], INT32)], inputs=[value("x", ["N", 3])], opset=26),
    # Weights of few bits are computed while the file is read, and numbers that run are rounded as often as the file says.
    "quantized": net(node("QuantizeLinear", ["x", "s", "z"], ["q"]), node("DequantizeLinear", ["q", "s", "z"], ["a"]), node("DequantizeLinear", ["w", "t", "v"], ["k"], axis=0), node("Conv", ["a", "k"], ["y"]),
                     constants=[tensor("s", [], [0.5]), tensor("z", [], [128], UINT8), tensor("w", [2, 4, 1, 1], list(range(8)), UINT8), tensor("t", [2], [0.5, 2.0]), tensor("v", [2], [1, 4], UINT8)]),
    "whole-input": net(node("Add", ["x", "b"], ["y"]), inputs=[VECTORS, value("b", [1, 4])]),
    # One row for all examples, whatever their number: not one for each.
    "one-row": net(node("Reshape", ["x", "s"], ["y"]), constants=[ints("s", 1, -1)], inputs=[VECTORS]),
    "tile": net(node("Tile", ["x", "r"], ["y"]), constants=[ints("r", 1, 2, 1, 1)]),
    "depth-to-space": net(node("DepthToSpace", ["x"], ["y"], blocksize=2)),
    "space-to-depth": net(node("SpaceToDepth", ["x"], ["y"], blocksize=3)),
    # What comes out of constants.
    "view": net(*VIEW, constants=[tensor("zero", [], [0], INT64), ints("axes", 0), ints("rest", -1)]),
    "scaled": net(*SCALED, constants=[ints("none", 0), ints("two", 2), ints("four", 4), tensor("by", [2], [0.5, 2.0])], inputs=[value("x", ["N", 4, 8, 8])]),
    # 49·N / 49 is N, and 1/49 is rounded.
    "share": net(node("Shape", ["x"], ["a"]), node("Gather", ["a", "first"], ["b"], axis=0), node("Mul", ["b", "many"], ["c"]), node("Cast", ["c"], ["d"], to=FLOAT),
                 node("Div", ["d", "window"], ["e"]), node("Cast", ["e"], ["f"], to=INT64), node("Unsqueeze", ["f", "front"], ["g"]),
                 node("Concat", ["g", "rest"], ["s"], axis=0), node("Reshape", ["x", "s"], ["y"]),
                 constants=[tensor("first", [], [0], INT64), tensor("many", [], [49], INT64), tensor("window", [], [49.0]), ints("front", 0), ints("rest", 4, 81)]),
    "fixed": net(node("Reshape", ["x", "s"], ["y"]), constants=[ints("s", 3, -1)], inputs=[value("x", [3, 4, 9, 9])]),
    "filled": net(node("ConstantOfShape", ["s"], ["w"], value=tensor("", [1], [0.5])), node("Conv", ["x", "w"], ["y"]), constants=[ints("s", 8, 4, 3, 3)]),
    # What files look like.
    "defaults": net(node("Conv", ["x", "w"], ["y"]), constants=[weight("w", 8, 4, 3, 3)], inputs=[IMAGES, value("w", [8, 4, 3, 3])], ir=3),
    "unsorted": net(node("Relu", ["t"], ["y"], "second"), node("Tanh", ["x"], ["t"], "first"), node("NonZero", ["x"], ["unused"])),
    "function": model(graph([node("twice", ["x"], ["y"], domain="local", slope=0.5)], [IMAGES], [Y]), functions=[
        function("twice", ["a"], ["b"], [node("LeakyRelu", ["a"], ["t"], raw_attributes=[reference("alpha", "slope")]), node("LeakyRelu", ["t"], ["b"])], attributes=["slope"])]),
    "external": net(node("Mul", ["x", "w"], ["y"]), constants=[tensor("w", [4, 1, 1], external={"location": "sub/data.bin", "offset": 8, "length": 16})]),
    "open": net(node("Relu", ["x"], ["y"]), inputs=[value("x", ["batch", 3, "height", "width"])]),
    "run-time": net(node("Reshape", ["x", "s"], ["y"]), inputs=[IMAGES, value("s", [2], INT64)]),
    "pass-through": net(node("Identity", ["x"], ["y"]), node("Relu", ["x"], ["z"]), outputs=[Y, value("z"), value("x")]),
}


def npy(values):
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({len(values)},), }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}q", *values)


def main(folder):
    root = pathlib.Path(folder)
    (root / "sub").mkdir(parents=True, exist_ok=True)
    save(root / "sub" / "data.bin", b"\0" * 8 + struct.pack("<4f", 1, 2, 3, 4))
    save(root / "shape.npy", npy([0, -1]))
    for name, content in NETWORKS.items():
        save(root / f"{name}.onnx", content)


if __name__ == "__main__":
    main(*sys.argv[1:])
