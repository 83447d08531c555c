"""computed_weights.py FILE: a network with weight norm, standardised weights, addends out of a table and a scaled matrix, in the graph as PyTorch exports them."""
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent.parent / "frontends" / "onnx"))
from onnxfile import INT64, graph, model, node, save, tensor, value  # noqa: E402

RANDOM = random.Random(1)


def weight(name, *shape):
    count = 1
    for size in shape:
        count *= size
    return tensor(name, list(shape), [RANDOM.uniform(0.5, 1) * RANDOM.choice((-1, 1)) for _ in range(count)])


nodes = [node("ReduceL2", ["w"], ["norm"], axes=[1, 2, 3]), node("Div", ["w", "norm"], ["unit"]), node("Mul", ["unit", "g"], ["kernel"]),
         node("Conv", ["x", "kernel", "b"], ["c"], pads=[1, 1, 1, 1]), node("Tanh", ["c"], ["r"]),
         node("Reshape", ["v", "rows"], ["flat"]),
         node("BatchNormalization", ["flat", "one", "none", "none", "one"], ["standard", "mean", "variance"], epsilon=1e-3, momentum=1.0, training_mode=1),
         node("Reshape", ["standard", "back"], ["kernel2"]), node("Conv", ["r", "kernel2"], ["d"]),
         node("Gather", ["t", "places"], ["looked"]), node("Unsqueeze", ["looked"], ["addends"], axes=[1, 2]), node("Add", ["d", "addends"], ["e"]),
         node("GlobalAveragePool", ["e"], ["p"]), node("Flatten", ["p"], ["f"]), node("Mul", ["m", "s"], ["scaled"]), node("Gemm", ["f", "scaled"], ["y"], transB=1)]
constants = [weight("w", 8, 4, 3, 3), weight("g", 8, 1, 1, 1), weight("b", 8), weight("v", 6, 8, 1, 1), weight("m", 5, 6), weight("s", 5, 1), weight("t", 4),
             tensor("places", [6], [0, 1, 1, 3, 2, 0], INT64),
             tensor("rows", [3], [1, 6, 8], INT64), tensor("back", [4], [6, 8, 1, 1], INT64)]
nodes[:0] = [node("Constant", [], [name], value=tensor(name, [6], [number] * 6)) for name, number in (("one", 1.0), ("none", 0.0))]
save(pathlib.Path(sys.argv[1]), model(graph(nodes, [value("x", ["N", 4, 6, 6])], [value("y")], constants)))
