"""The Caffe2 exports of ONNX's own tests, with random weights in place of constants, and what ONNX Runtime computes.

    caffe2_export.py <folder> <network>…

Operator set 9, each initializer also an input. Prints each case when <folder>/<case>.onnx and .npz (in, out0) are there.
"""
import pathlib

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper

import cases

LIGHT = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"


def readers(graph):
    """Which operator reads a value first, and as which operand; an Unsqueeze hands it on."""
    found = {}
    for node in reversed(graph.node):
        for place, name in enumerate(node.input):
            found[name] = found[node.output[0]] if node.op_type == "Unsqueeze" else (node.op_type, place)
    return found


def draw(random, shape, reader):
    """Weights that keep the size of activations; statistics of batch norms are positive."""
    operator, place = reader
    if operator == "BatchNormalization" or len(shape) < 2:
        is_factor = operator == "Mul" or (operator == "BatchNormalization" and place in (1, 4))
        return random.uniform(*((0.5, 1.5) if is_factor else (-0.2, 0.2)), shape)
    return random.normal(0, numpy.sqrt(2 / numpy.prod(shape[1:])), shape)


def scale(model, images, run):
    """Makes what the last layer computes so small that a softmax behind it tells images apart."""
    last = [node for node in model.graph.node if node.op_type in ("Conv", "Gemm")][-1]
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    del probe.graph.output[:]
    probe.graph.output.append(helper.make_empty_tensor_value_info(last.output[0]))
    factor = 4 / abs(run(probe, images)).max()
    for one in model.graph.initializer:
        if one.name in last.input[1:]:
            one.CopyFrom(numpy_helper.from_array((factor * numpy_helper.to_array(one)).astype("float32"), one.name))


def write(case, folder):
    random = numpy.random.default_rng(7)
    model = onnx.load(LIGHT / f"{case}.onnx")
    graph, read = model.graph, readers(model.graph)
    shapes = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    for node in list(graph.node):
        if node.op_type == "ConstantOfShape":
            name = node.output[0]
            values = draw(random, shapes[node.input[0]], read[name]).astype("float32")
            graph.node.remove(node)
            graph.initializer.append(numpy_helper.from_array(values, name))
            graph.input.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, values.shape))
    named = {one.name for one in graph.initializer}
    start = next(one for one in graph.input if one.name not in named)
    sizes = [size.dim_value for size in start.type.tensor_type.shape.dim]

    def run(net, images):
        session = onnxruntime.InferenceSession(net.SerializeToString())
        return numpy.concatenate([session.run(None, {start.name: one[None]})[0] for one in images])

    x = numpy.stack([random.standard_normal(sizes[1:]), random.random(sizes[1:]) * numpy.linspace(-2, 2, sizes[-1])]).astype("float32")
    scale(model, x, run)
    numpy.savez(folder / f"{case}.npz", **{"in": x, "out0": run(model, x)})
    onnx.save(model, folder / f"{case}.onnx")


if __name__ == "__main__":
    cases.main(write)
