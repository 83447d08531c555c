"""Every operator of the importer with operands and attributes that no exporter writes.

The operators, and the attributes that are read beside them, are found in the sources: what is new is tested too. A file
holds one node for each thing to try; each is reported by itself.
"""
import pathlib
import re

from onnxfile import *  # noqa: F403

IMAGES, VECTORS, SERIES, VOLUMES = ["N", 4, 8, 8], ["N", 4], ["N", 4, 8], ["N", 4, 4, 8, 8]
FAR, LEAST = 2**63 - 1, -2**63


class Operand:
    """A constant operand, made anew under each name."""

    def __init__(self, dims, values=None, kind=FLOAT, raw=None):
        self.dims, self.values, self.kind, self.raw = dims, values, kind, raw

    def __call__(self, name):
        count = 1
        for size in self.dims:
            count *= size
        values = self.values if self.values is not None else [0.5 if self.kind in (FLOAT, FLOAT16, DOUBLE) else 1] * count
        return tensor(name, self.dims, values if self.raw is None else None, self.kind, self.raw)


def weight(*dims):
    return Operand(list(dims))


def ints(*values, kind=INT64):
    return Operand([len(values)], list(values), kind)


def floats(*values):
    return Operand([len(values)], list(values))


# op: (shape of x, further operands, attributes): a node that is right. Operators that are not listed take x alone, or x twice.
PER_CHANNEL = weight(4)
RIGHT = {
    "Conv": (IMAGES, [weight(4, 4, 3, 3), PER_CHANNEL], {}),
    "ConvTranspose": (IMAGES, [weight(4, 4, 3, 3), PER_CHANNEL], {}),
    "Gemm": (VECTORS, [weight(4, 5), weight(5)], {}),
    "MatMul": (VECTORS, [weight(4, 5)], {}),
    "BatchNormalization": (IMAGES, [PER_CHANNEL] * 4, {}),
    "InstanceNormalization": (IMAGES, [PER_CHANNEL] * 2, {}),
    "GroupNormalization": (IMAGES, [PER_CHANNEL] * 2, {"num_groups": 2}),
    "LayerNormalization": (IMAGES, [weight(8), weight(8)], {}),
    "LRN": (IMAGES, [], {"size": 3}),
    "MaxPool": (IMAGES, [], {"kernel_shape": [2, 2]}),
    "AveragePool": (IMAGES, [], {"kernel_shape": [2, 2]}),
    "LpPool": (IMAGES, [], {"kernel_shape": [2, 2]}),
    "Reshape": (IMAGES, [ints(0, -1)], {}),
    "Slice": (IMAGES, [ints(0), ints(2), ints(1), ints(1)], {}),
    "Gather": (IMAGES, [ints(0)], {"axis": 1}),
    "Expand": (IMAGES, [ints(1, 4, 8, 8)], {}),
    "Tile": (IMAGES, [ints(1, 1, 1, 2)], {}),
    "Pad": (IMAGES, [ints(0, 0, 1, 1, 0, 0, 1, 1), Operand([], [0.0])], {}),
    "Resize": (IMAGES, [None, floats(1.0, 1.0, 2.0, 2.0)], {}),
    "Upsample": (IMAGES, [floats(1.0, 1.0, 2.0, 2.0)], {}),
    "Split": (IMAGES, [ints(2, 2)], {"axis": 1}),
    "Squeeze": (["N", 4, 1, 8], [ints(2)], {}),
    "Unsqueeze": (VECTORS, [ints(1)], {}),
    "Concat": (IMAGES, [weight(1, 4, 8, 8)], {"axis": 1}),
    "Clip": (IMAGES, [Operand([], [0.0]), Operand([], [1.0])], {}),
    "PRelu": (IMAGES, [weight(4, 1, 1)], {}),
    "DepthToSpace": (IMAGES, [], {"blocksize": 2}),
    "SpaceToDepth": (IMAGES, [], {"blocksize": 2}),
    "Cast": (IMAGES, [], {"to": FLOAT}),
    "TopK": (IMAGES, [ints(1)], {}),
    "Where": (IMAGES, [weight(4, 8, 8), weight(4, 8, 8)], {}),
    "Range": (IMAGES, [Operand([], [9], INT64), Operand([], [1], INT64)], {}),
}
STATES = weight(1, 2, 5)
LABELS = Operand([1, 8, 8], [1] * 64, INT64)
RIGHT.update({
    "RNN": ([4, 2, 3], [weight(1, 5, 3), weight(1, 5, 5), weight(1, 10), None, STATES], {"hidden_size": 5}),
    "GRU": ([4, 2, 3], [weight(1, 15, 3), weight(1, 15, 5), weight(1, 30), None, STATES], {"hidden_size": 5}),
    "LSTM": ([4, 2, 3], [weight(1, 20, 3), weight(1, 20, 5), weight(1, 40), None, STATES, STATES, weight(1, 15)], {"hidden_size": 5}),
    "Attention": (["N", 2, 4, 8], [weight(1, 2, 6, 8), weight(1, 2, 6, 8), weight(4, 9), weight(1, 2, 3, 8), weight(1, 2, 3, 8)], {}),
    "RotaryEmbedding": (["N", 2, 4, 8], [weight(1, 4, 4), weight(1, 4, 4)], {}),
    "Einsum": (IMAGES, [weight(4, 5)], {"equation": "nchw,cd->ndhw"}),
    "OneHot": (VECTORS, [Operand([], [3], INT64), floats(0.0, 1.0)], {}),
    "CumSum": (IMAGES, [Operand([], [1], INT64)], {}),
    "GatherElements": ([1, 4, 8, 8], [Operand([1, 8, 8], [1] * 64, INT64)], {"axis": 1}),
    "GatherND": ([3, 4, 8], [Operand([2, 2], [1] * 4, INT64)], {}),
    "ScatterElements": ([3, 4], [Operand([1, 2], [1] * 2, INT64), weight(1, 2)], {}),
    "ScatterND": ([3, 4], [Operand([1, 1], [1], INT64), weight(1, 4)], {}),
    "ReverseSequence": (SERIES, [ints(3)], {"batch_axis": 0, "time_axis": 1}),
    "Trilu": (IMAGES, [Operand([], [1], INT64)], {}),
    "AffineGrid": (["N", 2, 3], [ints(1, 4, 8, 8)], {}),
    "Col2Im": (["N", 16, 16], [ints(5, 5), ints(2, 2)], {}),
    "CenterCropPad": (IMAGES, [ints(4, 12)], {"axes": [2, 3]}),
    "Det": (["N", 3, 3], [], {}),
    "GridSample": (IMAGES, [weight(1, 8, 8, 2)], {}),
    "NegativeLogLikelihoodLoss": ([1, 4, 8, 8], [LABELS, weight(4)], {}),
    "SoftmaxCrossEntropyLoss": ([1, 4, 8, 8], [LABELS, weight(4)], {}),
    "RMSNormalization": (IMAGES, [weight(8)], {}),
})
BINARY = {"Add", "Sub", "Mul", "Div", "Mod", "Pow", "Sum", "Mean", "Min", "Max", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor"}


def right(op):
    if op.startswith("Reduce"):
        return IMAGES, [ints(2)], {}
    return RIGHT.get(op, (IMAGES, [weight(4, 1, 1)] if op in BINARY else [], {}))


def found(sources):
    """{op: names of attributes} as the sources of the converters and folders have them."""
    attributes, operators = {}, {}
    for path in sorted(pathlib.Path(sources).glob("*/*.cpp")):
        text = path.read_text()
        names = set(re.findall(r'(?:integers?|number|string|flag|attribute|wordOf<[\w:]+>)\((?:call, )?"(\w+)"', text))
        # What is read for others is in a file with a header of its own.
        included = re.findall(r'#include "frontends/onnx/convert/(Window|Slice|Resample|Broadcast)\.h"', text)
        attributes[path.stem] = attributes.get(path.stem, set()) | names
        for op in re.findall(r'\["(\w+)"\]', text):
            operators.setdefault(op, set()).update([path.stem, *included])
    return {op: sorted(set().union(*(attributes.get(file, set()) for file in files))) for op, files in sorted(operators.items())}


def typed(name, content, kind):
    return block(1, name) + content + integer(20, kind)


def values_of(name):
    """Attributes `name` of every type, with values that are extreme, too many, or none."""
    yield from (attribute(name, one) for one in (0, -1, 1, 2, 3, 1 << 31, 1 << 40, FAR, LEAST))
    yield from (attribute(name, one) for one in (float("nan"), float("inf"), float("-inf"), 0.0, -1.0, 1e38, 1e-45))
    for one in (0, -1, 1, 2, (1 << 31) - 1, 1 << 40, FAR, LEAST):
        yield from (attribute(name, [one] * count) for count in (1, 2, 4))
    yield from (attribute(name, one) for one in ([], [1] * 9, [3] * 1000, [3, 1, 2, 0], [2, 3], [float("nan")] * 4, [1e30] * 4, [0.0] * 4, [-1.0] * 4))
    yield from (attribute(name, one) for one in ("", "no such word", "a" * 3000, "a\nb\x1b[31m\x7f", "nearest", "SAME_UPPER"))
    yield typed(name, block(4, b"\xff\xfe\x00"), 3)
    yield from (attribute(name, one) for one in (tensor("t", [], [1.0]), tensor("t", [0], []), tensor("t", [1], [float("nan")]), tensor("t", [2, 2], [1] * 4, INT64)))
    yield typed(name, block(6, graph([], [], [])), 5)
    yield typed(name, block(9, "a") + block(9, "b"), 8)
    yield typed(name, b"", 2)
    yield typed(name, integer(3, 1), 99)
    yield typed(name, integer(3, 1), 14)


# Constants in the place of an operand.
STRANGE = [
    Operand([], [0], INT64), Operand([], [-1], INT64), Operand([], [1 << 31], INT64), Operand([], [FAR], INT64), Operand([], [LEAST], INT64),
    *(Operand([count], [one] * count, INT64) for one in (0, -1, 1, 2, 3, 100, (1 << 31) - 1, 1 << 31, 1 << 60, FAR, LEAST) for count in (1, 2, 4)),
    Operand([8], [0, 0, 0, 0, 0, 0, 1 << 30, 1 << 30], INT64), Operand([8], [-1] * 8, INT64), Operand([8], [LEAST] * 8, INT64), Operand([9], [1] * 9, INT64),
    Operand([2000], [1] * 2000, INT64), Operand([0], [], INT64), Operand([2, 2], [1] * 4, INT64), Operand([2], [1, 2], INT32), Operand([1], [1], BOOL), Operand([1], [255], UINT8),
    Operand([], [0.5]), Operand([], [float("nan")]), Operand([], [float("inf")]), Operand([4], [float("nan")] * 4), Operand([4], [1e30] * 4), Operand([4], [0.0] * 4),
    Operand([4], [-1.0] * 4), Operand([4], [1.0, 1.0, 1e-30, float("inf")]), Operand([0], []), Operand([0, 4], []), Operand([4, 0, 3, 3], []), Operand([1] * 8, [1.0]),
    weight(3), weight(7, 1), weight(5, 4, 3, 3), weight(4, 4, 9, 9), weight(1, 1, 1, 1), Operand([2], [1.0, 2.0], FLOAT16), Operand([2], [1.0, 2.0], DOUBLE),
]
SHAPES = [[], ["N"], VECTORS, SERIES, IMAGES, VOLUMES, ["N", 4, 2, 2, 2, 2, 2], ["N"] + [2] * 7, ["N", 1], ["N", 1, 1, 1], ["N", (1 << 31) - 1, 1, 1], ["N", 1, 1 << 20, 1 << 20]]


class Nodes:
    """A model of nodes that do not know each other, each with constants of its own."""

    def __init__(self, opset, inputs):
        self.opset, self.inputs, self.constants, self.nodes = opset, inputs, [], []

    def add(self, op, operands, attributes=(), outputs=1, **named):
        """`operands` are names of inputs, Operands, or None where one is left out."""
        number, names = len(self.nodes), []
        for i, operand in enumerate(operands):
            names.append("" if operand is None else operand if isinstance(operand, str) else f"c{number}.{i}")
            if isinstance(operand, Operand):
                self.constants.append(operand(names[-1]))
        results = [f"y{number}"] + [f"y{number}.{i}" for i in range(1, outputs)]
        self.nodes.append(node(op, names, results, f"it{number}", raw_attributes=attributes, **named))

    def model(self, only=None):
        """The file; `only` has the numbers of the nodes that stay."""
        kept = [i for i in range(len(self.nodes)) if only is None or i in only]
        return model(graph([self.nodes[i] for i in kept], self.inputs, [value(f"y{i}") for i in kept], self.constants), opset=self.opset)


def without(attributes, name):
    return {key: one for key, one in attributes.items() if key != name}


def of_attribute(op, name, opset):
    """The node that is right, but for one attribute."""
    shape, operands, attributes = right(op)
    file = Nodes(opset, [value("x", shape)])
    for written in values_of(name):
        file.add(op, ["x", *operands], [written], outputs=2 if op == "Split" else 1, **without(attributes, name))
    return file


def of_operands(op, opset):
    """Operands too few, too many, left out, or of any rank."""
    shape, operands, attributes = right(op)
    shapes = [*SHAPES, shape]
    file = Nodes(opset, [value(f"x{i}", one) for i, one in enumerate(shapes) if one])
    x = f"x{len(SHAPES)}"
    for few in ([], [None], [None] * 3, [x], [x] * 2, [x] * 9, [x, *operands, *operands], [x, *([None] * len(operands))]):
        file.add(op, few, **attributes)
    for i in range(len(shapes)):
        if shapes[i]:
            file.add(op, [f"x{i}", *operands], **attributes)
            file.add(op, [f"x{i}"] * (1 + len(operands)), **attributes)
            file.add(op, [f"x{i}", *operands])
    for count in (0, 3):
        file.add(op, [x, *operands], outputs=count, **attributes)
    return file


def of_constants(op, place, opset, folded):
    """Strange constants at one place; `folded`: all others are constants too."""
    shape, operands, attributes = right(op)
    file = Nodes(opset, [value("x", shape)])
    first = Operand([1 if size == "N" else size for size in shape]) if folded else "x"
    for strange in STRANGE:
        all_operands = [first, *operands]
        all_operands[place] = strange
        file.add(op, all_operands, outputs=2 if op == "Split" else 1, **attributes)
    return file


def files(sources, opsets):
    """Yields (name, Nodes)."""
    for op, attributes in found(sources).items():
        count = len(right(op)[1])
        for opset in opsets:
            yield f"{op}.{opset}.operands", of_operands(op, opset)
            for place in range(1 + count):
                yield f"{op}.{opset}.constant-{place}", of_constants(op, place, opset, folded=True)
                if place:
                    yield f"{op}.{opset}.operand-{place}", of_constants(op, place, opset, folded=False)
            for name in attributes:
                yield f"{op}.{opset}.{name}", of_attribute(op, name, opset)


def single(op, attributes):
    """A file of one node that is right, and one with all attributes."""
    shape, operands, given = right(op)
    file = Nodes(18, [value("x", shape)])
    file.add(op, ["x", *operands], outputs=2 if op == "Split" else 1, **given)
    file.add(op, ["x", *operands], [attribute(name, [1, 1]) for name in attributes if name not in given], **given)
    return file.model()
