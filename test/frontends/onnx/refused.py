"""Writes files that are refused, one folder of them, and shows what cnnc says about each.

    refused.py cnnc folder
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from onnxfile import *  # noqa: E402,F403

X, Y = value("x", ["N", 4, 8, 8]), value("y")
VECTORS = value("x", ["N", 4])


def net(*nodes, initializers=(), inputs=(X,), outputs=(Y,), **kinds):
    return model(graph(list(nodes), list(inputs), list(outputs), list(initializers)), **kinds)


def relu(source="x", result="y", name=""):
    return node("Relu", [source], [result], name)


def external(**keys):
    return net(node("Add", ["x", "w"], ["y"]), initializers=[tensor("w", [2], external=keys)])


def ints(name, values):
    return tensor(name, [len(values)], values, INT64)


def floats(name, values):
    return tensor(name, [len(values)], values)


def one(op, *operands, inputs=(X,), outputs=("y",), opset=17, **attributes):
    """A node on x and further constant operands, tensors or None."""
    names = ["x"] + ["" if operand is None else f"c{i}" for i, operand in enumerate(operands)]
    constants = [operand(f"c{i}") for i, operand in enumerate(operands) if operand]
    return net(node(op, names, list(outputs), "it", **attributes), initializers=constants, inputs=inputs, opset=opset)


def i(*values):
    return lambda name: ints(name, values)


def f(*values):
    return lambda name: floats(name, values)


def shaped(dims, kind=FLOAT):
    count = 1
    for size in dims:
        count *= size
    return lambda name: tensor(name, dims, [0] * count, kind)


# Boxes and scores, of which some are selected.
DETECTOR = net(node("Flatten", ["x"], ["flat"]), node("Unsqueeze", ["flat", "one"], ["scores"]), node("Reshape", ["flat", "shape"], ["boxes"]),
               node("NonMaxSuppression", ["boxes", "scores"], ["chosen"], "nms"), node("Gather", ["scores", "chosen"], ["y"], "best"), node("Neg", ["boxes"], ["z"]),
               inputs=[X, value("limit", [], INT64)], outputs=[Y, value("z")], initializers=[ints("one", [1]), ints("shape", [0, -1, 4])])


def nested(depth):
    content = b""
    for _ in range(depth):
        content = block(1, block(5, block(1, "body") + block(6, content) + integer(20, 5)))
    return integer(1, 8) + block(7, content)


def doubling(depth):
    """Functions that call the next twice: 2^depth nodes of nothing."""
    calls = [function(f"f{level}", ["a"], ["b"], [node(f"f{level + 1}", ["a"], ["t"], domain="local"), node(f"f{level + 1}", ["t"], ["b"], domain="local")])
             for level in range(depth)]
    return model(graph([node("f0", ["x"], ["y"], domain="local")], [X], [Y]), functions=[*calls, function(f"f{depth}", ["a"], ["b"], [relu("a", "b")])])


# name: (file, further arguments of cnnc)
def deep_if(depth):
    inner = graph([node("Relu", ["x"], ["v"])], [], [value("v")])
    for _ in range(depth):
        inner = graph([node("If", ["c"], ["v"], "it", raw_attributes=[branch("then_branch", inner), branch("else_branch", graph([], [], [value("x")]))])], [], [value("v")])
    return net(node("If", ["c"], ["y"], "it", raw_attributes=[branch("then_branch", inner), branch("else_branch", graph([], [], [value("x")]))]), initializers=[ints("c", [1])])


def loop(trips, *nodes, outputs=("on", "s1"), constants=(), op="Loop", operands=("n", "", "x"), formals=("i", "c", "s"), results=("y",), **attributes):
    """A node with a body of these nodes; `trips` become the constant n."""
    body = graph(list(nodes), [value(name) for name in formals], [value(name) for name in outputs])
    return net(node(op, list(operands), list(results), "it", raw_attributes=[branch("body", body)], **attributes), initializers=[ints("n", trips), *constants])


TRIP = (node("Identity", ["c"], ["on"]), node("Relu", ["s"], ["s1"]))


CASES = {
    "no-protobuf": (b"\x0b\x00\x00", ()),
    "cut": (net(relu())[:-40], ()),
    "deep": (nested(60), ()),
    "no-graph": (integer(1, 8), ()),
    "format": (net(relu(), ir=99), ()),
    "opset": (net(relu(), opset=29), ()),
    "text": (net(relu(), initializers=[tensor(b"\xff\xfe", [1], [0.0])]), ()),
    "type": (net(relu(), initializers=[tensor("w", [1], raw=b"0", kind=INT4)]), ()),
    "bytes": (net(relu(), initializers=[tensor("w", [3], [1.0, 2.0])]), ()),
    "huge": (net(relu(), initializers=[tensor("w", [1 << 20, 1 << 21], raw=b"")]), ()),
    "wide": (net(relu(), initializers=[tensor("w", [1 << 40], raw=b"")]), ()),
    "twice": (net(relu(), initializers=[floats("w", [1.0]), floats("w", [1.0])]), ()),
    "sparse": (model(graph([relu()], [X], [Y], extra=block(15, block(1, floats("w", [1.0]))))), ()),
    "attribute-tensor": (net(node("Constant", [], ["y"], "c", value=tensor("", [3], [1.0]))), ()),
    "sequence": (net(relu(), inputs=[block(1, "x") + block(2, block(4, b""))]), ()),
    "no-output": (net(relu(), outputs=()), ()),
    "recursion": (model(graph([node("f", ["x"], ["y"], domain="local")], [X], [Y]), functions=[function("f", ["a"], ["b"], [node("f", ["a"], ["b"], domain="local")])]), ()),
    "doubling": (doubling(20), ()),
    "absolute": (external(location="/etc/passwd"), ()),
    "outside": (external(location="a/../../secret"), ()),
    "symlink": (external(location="link.bin"), ()),
    "hardlink": (external(location="hard.bin"), ()),
    "folder": (external(location="sub"), ()),
    "missing": (external(location="none.bin"), ()),
    "offset": (external(location="data.bin", offset=5), ()),
    "overflow": (external(location="data.bin", offset=2**64 - 4), ()),
    "length": (external(location="data.bin", length=4), ()),
    "number": (external(location="data.bin", offset="many"), ()),
    "inputs": (net(relu(), inputs=[X, X]), ()),
    "result": (net(relu(name="first"), relu(name="second")), ()),
    "undefined": (net(relu("z", name="lost")), ()),
    "nowhere": (net(relu(result="z")), ()),
    "cycle": (net(relu("b", "a", "one"), relu("a", "b", "two"), relu("a", "y")), ()),
    "const-name": (net(relu()), ("--const=z=data.npy",)),
    "const-file": (net(relu()), ("--const=x=data.bin",)),
    "shape-name": (net(relu()), ("--shape=z=N,4",)),
    "shape-rank": (net(relu()), ("--shape=x=N,4",)),
    "shape-size": (net(relu()), ("--shape=x=N,4,8,wide",)),
    "shape-fixed": (net(relu()), ("--shape=x=N,4,8,9",)),
    "open": (net(relu(), inputs=[value("x", ["N", 3, "height", None])]), ()),
    "open-signal": (net(relu(), inputs=[value("x", ["batch", 160]), value("h", [2, "batch", "width"])]), ()),
    "open-second": (net(relu(), inputs=[X, value("h", [2, None, 128])]), ("--shape=h=2,N,128",)),
    "open-state": (net(relu(), inputs=[X, value("h", [2, None, 128])]), ()),
    "open-rank": (net(relu(), inputs=[value("x")]), ()),
    "boxes": (DETECTOR, ()),
    "outputs": (DETECTOR, ("--outputs=scores,bxes",)),
    "no-input": (net(node("Constant", [], ["y"], value_float=1.0), inputs=()), ()),
    "saved-mean": (net(node("BatchNormalization", ["x", *"abcd"], ["y", "", "", "m"], "norm"), outputs=[Y, value("m")], initializers=[shaped([4])(name) for name in "abcd"], opset=8), ()),
    "reads-mean": (net(node("BatchNormalization", ["x", *"abcd"], ["z", "", "", "m"], "norm"), node("Add", ["z", "m"], ["y"], "sum"),
                       initializers=[shaped([4])(name) for name in "abcd"], opset=8), ()),
    "five": (net(node("Unique", ["x", "k"], ["a", "i"], "top"), node("TfIdfVectorizer", ["a"], ["b"], "hard"), node("StringNormalizer", ["b"], ["c"], "col"),
                 node("NonMaxSuppression", ["c"], ["d"], "where"), node("Whatever", ["d"], ["y"], "own", domain="com.example"), initializers=[ints("k", [1])]), ()),
    "attribute-type": (one("LeakyRelu", alpha=1), ()),
    "attribute-nan": (one("LeakyRelu", alpha=float("nan")), ()),
    "operands": (net(node("Conv", ["x"], ["y"], "it")), ()),
    "run-time": (net(node("Reshape", ["x", "s"], ["y"], "it"), inputs=[X, value("s", ["N", 2])]), ()),
    "kind": (one("Reshape", f(1.0)), ()),
    "axes-kind": (one("ReduceMean", inputs=(X,), axes=[9]), ()),
    "conv": (one("Conv", shaped([6, 3, 3, 3])), ()),
    "conv-flat": (one("Conv", shaped([4]), inputs=(value("x", ["N"]),)), ()),
    "pool-flat": (one("MaxPool", kernel_shape=[2], inputs=(VECTORS,)), ()),
    "eye": (one("EyeLike"), ()),
    "power": (one("LpNormalization", p=3), ()),
    "depth": (net(node("OneHot", ["s", "zero", "w"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[ints("s", [3]), ints("zero", [0]), floats("w", [0.0, 1.0])]), ()),
    "fold-triangle": (net(node("Trilu", ["w"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])]), ()),
    "window": (net(node("HannWindow", ["zero"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[ints("zero", [0])]), ()),
    "conv-bias": (one("Conv", shaped([6, 4, 3, 3]), shaped([5])), ()),
    "conv-kernel": (one("Conv", shaped([6, 4, 3, 3]), kernel_shape=[5, 5]), ()),
    "conv-fit": (one("Conv", shaped([6, 4, 9, 9])), ()),
    "conv-rank": (one("Conv", shaped([6, 4, 1, 1, 1, 1]), inputs=(value("x", ["N", 4, 2, 2, 2, 2]),)), ()),
    "strides": (one("Conv", shaped([6, 4, 3, 3]), strides=[0, 1]), ()),
    "pads": (one("Conv", shaped([6, 4, 3, 3]), pads=[-1, 0, 0, 0]), ()),
    "auto-pad": (one("Conv", shaped([6, 4, 3, 3]), auto_pad="LEFT"), ()),
    "window-rank": (one("Conv", shaped([6, 4, 3, 3]), strides=[1]), ()),
    "pool-kernel": (one("MaxPool"), ()),
    "pool-power": (one("LpPool", kernel_shape=[2, 2], p=0), ()),
    "pool-pads": (one("AveragePool", kernel_shape=[2, 2], pads=[2, 2, 0, 0]), ()),
    "clip": (one("Clip", f(0.0, 1.0)), ()),
    "broadcast": (one("Mul", shaped([3, 1])), ()),
    "gelu": (net(node("Gelu", ["x"], ["y"], "it", approximate="fast")), ()),
    "celu": (net(node("Celu", ["x"], ["y"], "it", alpha=0.0)), ()),
    "slopes": (net(node("PRelu", ["x", "s"], ["y"], "it"), initializers=[floats("s", [1.0, 2.0])]), ()),
    "minimum": (net(node("Min", ["x", "s"], ["y"], "it"), initializers=[floats("s", [1.0, 2.0])]), ()),
    "addend": (one("Gemm", shaped([4, 5]), shaped([3]), inputs=(VECTORS,)), ()),
    "strings": (net(relu(), inputs=[value("x", ["N", 4], STRING)]), ()),
    "large-integer": (net(node("Mul", ["x", "c"], ["y"], "it"), inputs=[value("x", ["N", 1], INT64)], initializers=[ints("c", [1, 1 << 24, (1 << 24) + 1])]), ()),
    "no-column": (net(node("ConstantOfShape", ["s"], ["w"]), node("MatMul", ["x", "w"], ["y"], "it"), inputs=[VECTORS], initializers=[ints("s", [4, 0])]), ()),
    "if-runs": (net(node("If", ["c"], ["y"], "it", raw_attributes=[branch(one, graph([node("Relu", ["x"], ["v"])], [], [value("v")])) for one in ("then_branch", "else_branch")]),
                    inputs=[X, value("c", [], BOOL)]), ()),
    "if-bare": (net(node("If", [], ["y"], "it", raw_attributes=[branch(one, graph([node("Relu", ["x"], ["v"])], [], [value("v")])) for one in ("then_branch", "else_branch")])), ()),
    "far-back": (net(node("Slice", ["x", "a", "b", "c", "a"], ["y"], "it"), inputs=[value("x", ["N", 4, 2, 2147483647])],
                     initializers=[ints("a", [-1]), ints("b", [-(1 << 62)]), ints("c", [3])]), ()),
    "fold-left-out": (net(node("Max", ["a", "", "a"], ["b"], "it"), node("Mul", ["x", "b"], ["y"]), initializers=[floats("a", [1.0])]), ()),
    "if-half": (net(node("If", ["c"], ["y"], "it", raw_attributes=[branch("then_branch", graph([node("Relu", ["x"], ["v"])], [], [value("v")]))]),
                    inputs=[X, value("c", [], BOOL)]), ()),
    "if-results": (net(node("If", ["c"], ["y"], "it", raw_attributes=[branch(one, graph([], [], [])) for one in ("then_branch", "else_branch")]), inputs=[X, value("c", [], BOOL)]), ()),
    "if-list": (net(node("If", ["c"], ["y"], "it", raw_attributes=[branch(one, graph([], [], [value("x")])) for one in ("then_branch", "else_branch")]), initializers=[ints("c", [1, 0])]), ()),
    "if-deep": (deep_if(40), ()),
    "if-initializer": (net(node("If", ["c"], ["y"], "it", raw_attributes=[branch(one, graph([], [], [value("w")], [tensor("w", [3], [1.0], raw=b"")])) for one in ("then_branch", "else_branch")]),
                           initializers=[ints("c", [1])]), ()),
    "dft": (one("DFT", None, axis=0), ()),
    "dft-length": (one("DFT", i(1, 2), inputs=[value("x", ["N", 4, 1])]), ()),
    "dft-large": (one("DFT", inputs=[value("x", ["N", 1 << 14, 1])]), ()),
    "stft": (one("STFT", i(4), f(1.0, 1.0, 1.0), i(4), inputs=[value("x", ["N", 16, 1])]), ()),
    "stft-large": (one("STFT", i(4), inputs=[value("x", ["N", 1 << 14, 1])]), ()),
    "causal": (one("CausalConvWithState", shaped([4, 1, 3]), inputs=[value("x", ["N", 5, 8])], opset=27), ()),
    "causal-word": (one("CausalConvWithState", shaped([5, 1, 3]), inputs=[value("x", ["N", 5, 8])], opset=27, activation="relu"), ()),
    "swiglu": (one("SwiGLU", shaped([4, 8, 8]), opset=28), ()),
    "mel": (net(node("MelWeightMatrix", ["a", "b", "c", "d", "e"], ["m"], "it"), node("Add", ["x", "m"], ["y"]), initializers=[ints("a", [8]), ints("b", [16]), ints("c", [8000]), floats("d", [50.0]), floats("e", [9000.0])]), ()),
    "deform": (one("DeformConv", shaped([2, 3, 3, 3]), shaped([1, 18, 6, 6]), opset=19), ()),
    "deform-bias": (one("DeformConv", shaped([2, 4, 3, 3]), shaped([1, 18, 6, 6]), shaped([1, 2]), opset=19), ()),
    "deform-offsets": (one("DeformConv", shaped([2, 4, 3, 3]), shaped([1, 18, 5, 6]), opset=19), ()),
    "regions": (one("RoiAlign", shaped([2, 4]), i(0, 0), inputs=[value("x", [2, 4, 8, 8])], sampling_ratio=2, opset=16), ()),
    "regions-adaptive": (one("RoiAlign", shaped([2, 4]), i(0, 0), inputs=[value("x", [1, 4, 8, 8])], opset=16), ()),
    "quantize-type": (one("QuantizeLinear", f(0.5), i(0)), ()),
    "quantize-scales": (one("QuantizeLinear", f(0.5, 0.5)), ()),
    "dequantize-scales": (net(node("DequantizeLinear", ["w", "s"], ["v"], "it", axis=0), node("Add", ["x", "v"], ["y"]), initializers=[tensor("w", [3], [1, 2, 3], UINT8), floats("s", [1.0, 2.0])]), ()),
    "qmatmul": (one("QLinearMatMul", f(0.5), i(0), shaped([8, 8], UINT8), f(0.5, 0.5), i(0), f(0.5), shaped([], UINT8)), ()),
    "qmatmul-type": (one("QLinearMatMul", f(0.5), i(0), shaped([8, 8], UINT8), f(0.5), i(0), f(0.5), i(0)), ()),
    "qconv-type": (one("QLinearConv", f(0.5), i(0), shaped([2, 4, 3, 3], UINT8), f(0.5), i(0), f(0.5), i(0)), ()),
    "conv-integer": (one("ConvInteger", shaped([2, 4, 3, 3]), inputs=[value("x", ["N", 4, 8, 8], UINT8)]), ()),
    "bits": (net(node("BitwiseNot", ["w"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])], opset=18), ()),
    "shift": (net(node("BitShift", ["w", "w"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[ints("w", [1])]), ()),
    "bit-cast": (net(node("BitCast", ["w"], ["v"], "it", to=INT64), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])], opset=26), ()),
    "compress": (net(node("Compress", ["w", "c"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), ints("c", [1, 0])]), ()),
    "unique-none": (net(node("Unique", ["w"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [])]), ()),
    "loop-far": (loop([1 << 62], *TRIP), ()),
    "loop-list": (loop([1, 2], *TRIP), ()),
    "loop-condition": (loop([3], node("ReduceMax", ["s"], ["m"], keepdims=0), node("Greater", ["m", "zero"], ["on"]), TRIP[1], constants=[floats("zero", [0.0])]), ()),
    "loop-runs": (loop([3], *TRIP, operands=("n", "x", "x")), ()),
    "loop-bare": (net(node("Loop", ["", "", "x"], ["y"], "it")), ()),
    "loop-formals": (loop([3], *TRIP, formals=("i", "c", "s", "t")), ()),
    "loop-none": (loop([0], *TRIP, outputs=("on", "s1", "s1"), results=("", "y")), ()),
    "scan-none": (loop([3], TRIP[1], op="Scan", operands=("x",), formals=("s",), outputs=("s1",), num_scan_inputs=2), ()),
    "scan-lengths": (loop([3], TRIP[1], op="Scan", operands=("x", "n"), formals=("s", "t"), outputs=("s1",), num_scan_inputs=2, scan_input_axes=[1, 0]), ()),
    "shape-empty": (net(node("Add", ["x", "z"], ["y"], "it"), inputs=[X, value("z", ["M", 3])]), ("--shape=z=0,3",)),
    "transposed": (one("Gemm", shaped([4, 5]), inputs=(VECTORS,), transA=1), ()),
    "gemm": (one("Gemm", shaped([3, 5]), inputs=(VECTORS,)), ()),
    "matmul": (one("MatMul", shaped([3, 5]), inputs=(VECTORS,)), ()),
    "matrix": (net(node("MatMul", ["x", "z"], ["y"], "it"), inputs=[VECTORS, value("z", ["N", 4])]), ()),
    "spatial": (one("BatchNormalization", *[shaped([4])] * 4, opset=8, spatial=0), ()),
    "epsilon": (one("BatchNormalization", *[shaped([4])] * 4, epsilon=-1.0), ()),
    "norm": (one("BatchNormalization", *[shaped([3])] * 4), ()),
    "layernorm-scale": (one("LayerNormalization", shaped([7])), ()),
    "layernorm-epsilon": (one("LayerNormalization", shaped([8]), epsilon=-1.0), ()),
    "expand": (one("Expand", i(3, 8)), ()),
    "gather-batch": (one("Gather", i(1), axis=0), ()),
    "gather-outside": (one("Gather", i(4), axis=1), ()),
    "gather-none": (one("Gather", shaped([0], INT64), axis=1), ()),
    "topk": (one("TopK", i(9), axis=1), ()),
    "gather-elements": (one("GatherElements", shaped([1, 4, 8, 9], INT64), axis=1), ()),
    "gather-elements-none": (one("GatherElements", shaped([0], INT64), axis=1), ()),
    "scatter-reduction": (one("ScatterElements", shaped([1, 4, 8, 8], INT64), shaped([1, 4, 8, 8]), axis=1, reduction="mean"), ()),
    "gather-nd": (one("GatherND", shaped([2, 5], INT64)), ()),
    "one-hot": (one("OneHot", i(0), f(0.0, 1.0), inputs=[VECTORS]), ()),
    "reverse-sequence": (one("ReverseSequence", i(1, 2), batch_axis=0, time_axis=1), ()),
    "products": (one("CumProd", i(1), inputs=[value("x", ["N", 4000])]), ()),
    "cache-mode": (one("TensorScatter", shaped([1, 4, 2, 8]), opset=24, mode="ring"), ()),
    "cache": (net(node("TensorScatter", ["x", "u"], ["y"], "it"), inputs=[X, value("u", ["N", 4, 9, 8])], opset=24), ()),
    "triangle": (one("Trilu", inputs=[value("x", ["N", 100000, 100000])]), ()),
    "loss-reduction": (one("NegativeLogLikelihoodLoss", i(1), inputs=[VECTORS], reduction="median"), ()),
    "loss-shapes": (one("NegativeLogLikelihoodLoss", i(1, 2), inputs=[VECTORS]), ()),
    "cross-entropy": (one("SoftmaxCrossEntropyLoss", i(1), inputs=[value("x", ["N"])]), ()),
    "einsum": (one("Einsum", equation="ab->ba"), ()),
    "einsum-diagonal": (one("Einsum", equation="naab->na"), ()),
    "grid-mode": (one("GridSample", shaped([1, 2, 2, 2]), mode="area"), ()),
    "grid": (one("GridSample", shaped([1, 2, 2, 3])), ()),
    "affine-grid": (one("AffineGrid", i(1, 3, 8, 8)), ()),
    "columns": (one("Col2Im", i(5, 5), i(2, 2), inputs=[value("x", ["N", 8, 15])]), ()),
    "crop": (one("CenterCropPad", i(2, 0), axes=[2, 1]), ()),
    "crop-axes": (one("CenterCropPad", i(2, 2), axes=[1]), ()),
    "determinant": (one("Det"), ()),
    "lstm-direction": (one("LSTM", shaped([1, 8, 4]), shaped([1, 8, 2]), inputs=[value("x", ["N", 5, 4])], layout=1, direction="both"), ()),
    "lstm-activation": (one("LSTM", shaped([1, 8, 4]), shaped([1, 8, 2]), inputs=[value("x", ["N", 5, 4])], layout=1, activations=["Sine"]), ()),
    "lstm-shapes": (one("LSTM", shaped([1, 8, 3]), shaped([1, 8, 2]), inputs=[value("x", ["N", 5, 4])], layout=1), ()),
    "gru-lengths": (one("GRU", shaped([1, 6, 4]), shaped([1, 6, 2]), None, i(3, 5), inputs=[value("x", ["N", 5, 4])], layout=1), ()),
    "attention-heads": (net(node("Attention", ["x", "x", "x"], ["y"], "it", q_num_heads=3, kv_num_heads=3), inputs=[value("x", ["N", 5, 4])], opset=23), ()),
    "attention": (one("Attention", shaped([1, 3, 8, 8]), shaped([1, 3, 8, 8]), opset=23), ()),
    "rotary": (one("RotaryEmbedding", shaped([1, 8, 4]), shaped([1, 8, 4]), opset=23, rotary_embedding_dim=3), ()),
    "rotary-cache": (one("RotaryEmbedding", shaped([1, 8, 3]), shaped([1, 8, 3]), opset=23), ()),
    "elements": (one("Reshape", i(0, 7)), ()),
    "two-free": (one("Reshape", i(-1, -1)), ()),
    "copies": (one("Reshape", i(1, 1, 1, 1, 0)), ()),
    "negative": (one("Reshape", i(0, -7)), ()),
    "squeeze": (one("Squeeze", i(1)), ()),
    "perm": (one("Transpose", perm=[0, 1, 1, 3]), ()),
    "concat-shapes": (one("Concat", shaped([1, 4, 7, 8]), axis=1), ()),
    "block": (one("DepthToSpace"), ()),
    "block-mode": (one("DepthToSpace", blocksize=2, mode="RDC"), ()),
    "blocks": (one("SpaceToDepth", blocksize=3), ()),
    "concat-batch": (one("Concat", shaped([3, 4, 8, 8]), axis=1), ()),
    "transpose-sizes": (one("ConvTranspose", shaped([4, 2, 3, 3]), output_padding=[-1, 0]), ()),
    "transpose-weight": (one("ConvTranspose", shaped([3, 2, 3, 3])), ()),
    "transpose-bias": (one("ConvTranspose", shaped([4, 2, 3, 3]), shaped([4])), ()),
    "transpose-lists": (one("ConvTranspose", shaped([4, 2, 3, 3]), output_padding=[1]), ()),
    "transpose-pads": (one("ConvTranspose", shaped([4, 2, 3, 3]), pads=[9, 9, 9, 9]), ()),
    "lrn": (one("LRN"), ()),
    "group-scale": (one("GroupNormalization", shaped([3]), shaped([3]), num_groups=2, opset=21), ()),
    "groups": (one("GroupNormalization", shaped([4]), shaped([4]), num_groups=3, opset=21), ()),
    "group-number": (one("GroupNormalization", shaped([4]), shaped([4]), opset=21), ()),
    "norm-epsilon": (one("InstanceNormalization", shaped([4]), shaped([4]), epsilon=-1.0), ()),
    "resize-word": (one("Resize", None, f(1.0, 1.0, 2.0, 2.0), mode="best"), ()),
    "resize-policy": (one("Resize", None, None, i(2, 2), axes=[2, 3], keep_aspect_ratio_policy="any", opset=18), ()),
    "resize-both": (one("Resize", None, f(1.0, 1.0, 2.0, 2.0), i(1, 4, 8, 8)), ()),
    "resize-scale": (one("Resize", None, f(1.0, 1.0, 0.01, 2.0)), ()),
    "resize-channels": (one("Resize", None, f(1.0, 2.0, 2.0, 2.0)), ()),
    "resize-size": (one("Resize", None, None, i(1, 4, 1 << 20, 8)), ()),
    "resize-infinite": (one("Resize", f(0.0, 0.0, float("inf"), 0.0, 1.0, 1.0, 1.0, 1.0), f(1.0, 1.0, 2.0, 2.0)), ()),
    "resize-nothing": (one("Resize", f(0.0, 0.0, 5.0, 5.0, 1.0, 1.0, 6.0, 6.0), f(1.0, 1.0, 2.0, 2.0), coordinate_transformation_mode="tf_crop_and_resize"), ()),
    "resample": (one("Resize", None, f(1.0, 1.0, 0.5, 1.0), inputs=(value("x", ["N", 1, 8, 1 << 17]),)), ()),
    "slice-lists": (one("Slice", i(0, 1), i(1)), ()),
    "step": (one("Slice", i(0), i(1), i(1), i(0)), ()),
    "split-batch": (one("Split", axis=0, outputs=("y", "z")), ()),
    "split-sizes": (one("Split", i(1, 1), axis=1, outputs=("y", "z")), ()),
    "pad-mode": (one("Pad", i(0, 0, 0, 0, 0, 0, 0, 0), mode="mirror"), ()),
    "pad-reflect": (one("Pad", i(1, 0, 0, 0, 0, 0, 0, 0), mode="reflect"), ()),
    "pad-count": (one("Pad", i(0, 0)), ()),
    "pad-value": (one("Pad", i(0, 0, 0, 0, 0, 0, 1, 1), f(1, 2)), ()),
    "size": (one("Pad", i(0, 1 << 30, 1 << 30, 0, 0, 0, 0, 0)), ()),
    "fold-large": (net(node("ConstantOfShape", ["s"], ["c"]), node("Exp", ["c"], ["e"], "it"), node("Mul", ["x", "e"], ["y"]), initializers=[ints("s", [2048, 2048])]), ()),
    "fold-broadcast": (net(node("Mul", ["a", "b"], ["c"], "it"), node("Mul", ["x", "c"], ["y"]), initializers=[floats("a", [1.0, 2.0]), floats("b", [1.0, 2.0, 3.0])]), ()),
    "fold-batch": (net(node("Shape", ["x"], ["s"]), node("Mod", ["s", "z"], ["t"], "it"), node("Reshape", ["x", "t"], ["y"]), initializers=[ints("z", [0])]), ()),
    "fold-constant": (net(node("Constant", [], ["c"], "it", value_string="a"), node("Add", ["x", "c"], ["y"])), ()),
    "fold-range": (net(node("Range", ["a", "b", "c"], ["r"], "it"), node("Add", ["x", "r"], ["y"]), initializers=[tensor("a", [], [0], INT64), tensor("b", [], [1 << 40], INT64), tensor("c", [], [1], INT64)]), ()),
    "fold-scalars": (net(node("Range", ["a", "a", "a"], ["r"], "it"), node("Add", ["x", "r"], ["y"]), initializers=[ints("a", [1, 2])]), ()),
    "fold-reshape": (net(node("Reshape", ["w", "s"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), ints("s", [2])]), ()),
    "fold-sizes": (net(node("Reshape", ["w", "s"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), ints("s", [-2])]), ()),
    "fold-flatten": (net(node("Flatten", ["w"], ["v"], "it", axis=5), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])]), ()),
    "old-broadcast": (one("Add", shaped([4]), opset=6), ()),
    "old-axis": (one("Add", shaped([4, 8, 8]), opset=6, axis=2, broadcast=1), ()),
    "old-cast": (one("Cast", opset=5, to="REAL"), ()),
    "old-tile": (one("Tile", i(2), i(1), opset=5), ()),
    "fold-perm": (net(node("Transpose", ["w"], ["v"], "it", perm=[1, 0]), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])]), ()),
    "fold-split": (net(node("Split", ["w"], ["v", "u"], "it", axis=0, split=[1, 5]), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0, 2.0])], opset=11), ()),
    "fold-gather": (net(node("Gather", ["w", "s"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), ints("s", [3])]), ()),
    "fold-concat": (net(node("Concat", ["w", "s"], ["v"], "it", axis=0), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), tensor("s", [1, 1], [1.0])]), ()),
    "fold-tile": (net(node("Tile", ["w", "s"], ["v"], "it"), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0]), ints("s", [3, 3])]), ()),
    "fold-cast": (net(node("Cast", ["w"], ["v"], "it", to=STRING), node("Add", ["x", "v"], ["y"]), initializers=[floats("w", [1.0])]), ()),
    "repeats": (net(node("ConstantOfShape", ["s"], ["w"], value=tensor("", [1], [float("inf")])), node("MatMul", ["x", "w"], ["y"], "it"), inputs=[VECTORS],
                    initializers=[ints("s", [4, 1 << 23])]), ()),
}


def main(cnnc, folder):
    root = pathlib.Path(folder)
    (root / "sub").mkdir(parents=True, exist_ok=True)
    os.chdir(root)
    save("data.bin", b"\0" * 8)
    for name in ("hard.bin", "hard2.bin", "link.bin"):
        pathlib.Path(name).unlink(missing_ok=True)
    save("hard.bin", b"\0" * 8)
    os.link("hard.bin", "hard2.bin")
    os.symlink("data.bin", "link.bin")
    for name, (content, arguments) in CASES.items():
        save(f"{name}.onnx", content)
    # Files with holes: nothing is written to the disk.
    for name, size in (("rest", 257 << 20), ("large", (2 << 30) + 1)):
        save(f"{name}.onnx", integer(1, 8) + varint(6 << 3 | 2) + varint(size))
        os.truncate(f"{name}.onnx", os.path.getsize(f"{name}.onnx") + size)
    failed = False
    for name, arguments in [*((name, arguments) for name, (_, arguments) in CASES.items()), ("rest", ()), ("large", ()), ("absent", ())]:
        result = subprocess.run([cnnc, f"{name}.onnx", *arguments, "--explain"], capture_output=True, text=True, errors="replace", timeout=60)
        print(result.stderr, end="")
        if result.returncode != 1 or not result.stderr or result.stdout:
            print(f"{name}: exit code {result.returncode}, and an error is expected")
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
