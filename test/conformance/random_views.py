"""Random graphs whose batch moves, joins other dimensions and leaves them again, against ONNX Runtime.

    random_views.py cnnc cnnrt count

The batch of the file is N, 1 or 2 by turns. A library that takes any number of examples gets three batches at once, another gets them one by one.
Prints each graph that is refused, or differs by more than 1e-4 of the largest element, with its operators.
"""
import collections
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper

BATCHES = 3


def factors(number, source):
    """Sizes of this product, in any order."""
    found = []
    for prime in (2, 3, 5, 7):
        while number % prime == 0:
            found.append(prime)
            number //= prime
    found += [number] if number > 1 else []
    source.shuffle(found)
    while len(found) > 1 and source.random() < 0.5:
        last = found.pop()
        found[source.randrange(len(found))] *= last
    return found


class Graph:
    """`shape` is that of `value`; the batch, of dimension `at`, counts `parts` of each example, and has the size 0 there."""

    def __init__(self, seed, batch):
        self.source, self.numbers, self.batch = random.Random(seed), numpy.random.default_rng(seed), batch
        self.nodes, self.constants, self.value, self.at, self.parts = [], [], "x", 0, 1
        self.shape = [0, *self.source.choice([[4, 6], [2, 3, 4], [6, 4], [2, 2, 2, 3], [8]])]
        self.example = self.shape[1:]

    def constant(self, values, kind="f4"):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.array(values, dtype=kind), name))
        return name

    def random(self, *shape):
        return self.constant(self.numbers.normal(size=shape))

    def integers(self, *values):
        return self.constant(values, "i8")

    def add(self, op, *inputs, results=1, **attributes):
        names = [f"t{len(self.nodes)}.{i}" for i in range(results)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        self.value = names[0]
        return names

    def some_axis(self):
        """A dimension other than the batch, and how a node may say it."""
        axis = self.source.choice([i for i in range(len(self.shape)) if i != self.at] or [None])
        return axis, axis if axis is None or self.source.random() < 0.5 else axis - len(self.shape)

    def view(self, shape):
        """A reshape; the batch is left open, or says the file's number."""
        number = self.batch * self.parts if self.batch and self.source.random() < 0.5 else -1
        self.add("Reshape", self.value, self.integers(*(number if i == self.at else size for i, size in enumerate(shape))))
        self.shape = shape

    def reshape(self):
        before, behind = math.prod(self.shape[:self.at]), math.prod(self.shape[self.at + 1:])
        front = factors(before, self.source)
        if before == 1:
            front = [1] * self.source.randrange(2)
            whole = behind * self.parts
            self.parts = self.source.choice([parts for parts in range(1, whole + 1) if whole % parts == 0])
            behind = whole // self.parts
        self.at = len(front)
        self.view([*front, 0, *factors(behind, self.source)])

    def transpose(self):
        order = self.source.sample(range(len(self.shape)), len(self.shape))
        self.add("Transpose", self.value, perm=order)
        self.shape, self.at = [self.shape[i] for i in order], order.index(self.at)

    def resize(self, axis, sizes):
        """Other dimensions in the place of one."""
        self.shape[axis:axis + 1] = sizes
        self.at += (len(sizes) - 1) * (axis < self.at)

    def gather(self):
        axis, said = self.some_axis()
        if axis is None:
            return
        places = [self.source.randrange(self.shape[axis]) for _ in range(self.source.randrange(4))]
        self.add("Gather", self.value, self.constant(places or self.source.randrange(self.shape[axis]), "i8"), axis=said)
        self.resize(axis, [len(places)] if places else [])

    def slice(self):
        axis, said = self.some_axis()
        if axis is not None:
            first = self.source.randrange(self.shape[axis])
            last = self.source.randint(first + 1, self.shape[axis])
            self.add("Slice", self.value, self.integers(first), self.integers(last), self.integers(said))
            self.resize(axis, [last - first])

    def reduce(self):
        axis, said = self.some_axis()
        if axis is not None:
            keeps = self.source.randrange(2)
            self.add("ReduceSum", self.value, self.integers(said), keepdims=keeps)
            self.resize(axis, [1] * keeps)

    def softmax(self):
        axis, said = self.some_axis()
        if axis is not None:
            self.add("Softmax", self.value, axis=said)

    def concat(self):
        axis, said = self.some_axis()
        if axis is not None and self.shape[axis] <= 8:
            self.add("Concat", self.value, self.value, axis=said)
            self.resize(axis, [2 * self.shape[axis]])

    def halves(self):
        axis, said = self.some_axis()
        if axis is not None and self.shape[axis] % 2 == 0:
            half = self.shape[axis] // 2
            self.add("Mul", *self.add("Split", self.value, self.integers(half, half), results=2, axis=said))
            self.resize(axis, [half])

    def matmul(self):
        if 0 < self.shape[-1]:
            columns = self.source.randint(1, 5)
            self.add("MatMul", self.value, self.random(self.shape[-1], columns))
            self.shape[-1] = columns

    def correlate(self):
        """Matrices of each example times their own transpose, as in attention."""
        if len(self.shape) > 2 and self.at < len(self.shape) - 2:
            order = [*range(len(self.shape) - 2), len(self.shape) - 1, len(self.shape) - 2]
            value = self.value
            self.add("MatMul", value, *self.add("Transpose", value, perm=order))
            self.shape[-1] = self.shape[-2]

    def offset(self):
        shape = [1 if size == 0 or self.source.random() < 0.3 else size for size in self.shape]
        self.add(self.source.choice(["Add", "Mul", "Sub"]), self.value, self.random(*shape[self.source.randrange(len(shape)):]))

    def square(self):
        self.add("Tanh", *self.add("Mul", self.value, self.value))

    def unsqueeze(self):
        if len(self.shape) < 5:
            axis = self.source.randint(0, len(self.shape))
            self.add("Unsqueeze", self.value, self.integers(axis))
            self.shape.insert(axis, 1)
            self.at += axis <= self.at

    def squeeze(self):
        ones = [i for i, size in enumerate(self.shape) if size == 1]
        if ones:
            axis = self.source.choice(ones)
            self.add("Squeeze", self.value, self.integers(axis))
            self.resize(axis, [])

    def layer_norm(self):
        axis = self.source.randrange(len(self.shape))
        if axis > self.at:
            self.add("LayerNormalization", self.value, self.random(*self.shape[axis:]), self.random(*self.shape[axis:]), axis=axis)

    def batch_norm(self):
        if self.at == 0 and 1 < len(self.shape) < 5:
            channels = self.shape[1]
            variance = self.constant(self.numbers.uniform(0.5, 2, size=channels))
            self.add("BatchNormalization", self.value, *(self.random(channels) for _ in range(3)), variance)

    def flatten(self):
        if self.at == 0:
            axis = self.source.randint(1, len(self.shape))
            self.add("Flatten", self.value, axis=axis)
            self.parts *= math.prod(self.shape[1:axis])
            self.shape = [0, math.prod(self.shape[axis:])]

    def finish(self):
        """Ends with vectors of each example, or as it is."""
        if self.source.random() < 0.6:
            order = [self.at, *(i for i in range(len(self.shape)) if i != self.at)]
            self.add("Transpose", self.value, perm=order)
            whole = self.parts * math.prod(size for size in self.shape if size)
            self.at, self.parts = 0, 1
            self.view([0, whole])
        self.add("Identity", self.value)

    def model(self):
        steps = [*[self.reshape] * 3, *[self.transpose] * 2, self.gather, self.slice, self.reduce, self.softmax, self.concat, self.halves, self.matmul,
                 self.correlate, self.offset, self.square, self.unsqueeze, self.squeeze, self.layer_norm, self.batch_norm, self.flatten]
        for _ in range(self.source.randint(3, 9)):
            self.source.choice(steps)()
            if len(self.shape) > 5:
                break
        self.finish()
        value = lambda name, shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, "net", [value("x", [self.batch or "N", *self.example])], [value(self.value, None)], self.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(cnnrt, folder, examples):
    """The elements that the library gives for a batch."""
    numpy.save(folder / "x.npy", examples)
    files = ["--in", folder / "x.npy", "--out", folder / "y.npy"]
    subprocess.run([cnnrt, "run", folder / "net.so", *files, f"--batch={len(examples)}"], check=True, capture_output=True)
    return numpy.load(folder / "y.npy").reshape(-1)


def outcome(cnnc, cnnrt, seed, folder):
    batch = seed % 3
    graph = Graph(seed, batch)
    onnx.save(graph.model(), folder / "net.onnx")
    session = onnxruntime.InferenceSession(folder / "net.onnx", providers=["CPUExecutionProvider"])
    size = batch or 1
    x = numpy.random.default_rng(seed).normal(size=[BATCHES * size, *graph.example]).astype("f4")
    one_by_one = [x[i:i + size] for i in range(0, len(x), size)]
    done = subprocess.run([cnnc, folder / "net.onnx", "-o", folder / "net.so"], capture_output=True, text=True)
    what = " ".join(node.op_type for node in graph.nodes)
    if done.returncode:
        return "refused", f"{done.stderr.splitlines()[0]}: {what}"
    batches = one_by_one if "batches of exactly" in done.stderr else [x]
    expected = [session.run(None, {"x": examples})[0].reshape(-1) for examples in (one_by_one if batch else batches)]
    got, wanted = numpy.concatenate([run(cnnrt, folder, examples) for examples in batches]), numpy.concatenate(expected)
    good = got.size == wanted.size and abs(got - wanted).max() <= 1e-4 * max(abs(wanted).max(), 1e-3)
    return ("free" if len(batches) == 1 else "exact") if good else "wrong", what


def main(cnnc, cnnrt, count):
    counts = collections.Counter()
    for seed in range(int(count)):
        with tempfile.TemporaryDirectory() as folder:
            state, what = outcome(cnnc, cnnrt, seed, pathlib.Path(folder))
        counts[state] += 1
        if state in ("refused", "wrong"):
            print(f"{seed}, a batch of {seed % 3 or 'N'}: {state}: {what}", flush=True)
    print(f"{counts['free']} take any number of examples, {counts['exact']} the file's; {counts['refused']} refused, {counts['wrong']} wrong")
    return counts["refused"] + counts["wrong"] > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
