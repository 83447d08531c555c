"""Writes small networks that are trained: what training.test compiles.

    training.py folder
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from networks import *  # noqa: E402,F403

NORM = [weight("g", 4), weight("b", 4), weight("m", 4), weight("v", 4)]
TRUE = node("Constant", [], ["true"], value=tensor("", [], [1], BOOL))
RATIO = node("Constant", [], ["ratio"], value=tensor("", [], [0.25]))


def norm(result, *more, **attributes):
    return node("BatchNormalization", ["x", "g", "b", "m", "v"], [result, *more], **attributes)


def logits(*more):
    return node("GlobalAveragePool", ["x"], ["p"]), node("Flatten", ["p"], ["f"]), node("Gemm", ["f", "w", "c"], ["t"], transB=1), *more


def metadata(field, key, text):
    return block(field, block(1, key) + block(2, text))


def depth(shape, high=1.0):
    """x · (random < 0.75) / 0.75, with random numbers of `shape`, whose first size is the batch where it is None."""
    size = [node("Shape", ["x"], ["s"], end=1), node("Concat", ["s", "ones"], ["t"], axis=0)] if shape[0] is None else [node("Identity", ["ones"], ["t"])]
    nodes = [*size, node("ConstantOfShape", ["t"], ["z"]), node("RandomUniformLike", ["z"], ["r"], low=0.0, high=high), node("Less", ["r", "p"], ["l"]),
             node("Cast", ["l"], ["c"], to=FLOAT), node("Div", ["c", "p"], ["m"]), node("Mul", ["x", "m"], ["y"])]
    return net(*nodes, constants=[ints("ones", *[size for size in shape if size]), tensor("p", [], [0.75])])


HEAD = [weight("w", 3, 4), weight("c", 3)]
NETWORKS = {
    # As PyTorch exports for training: results of batch norm that nothing reads, or that are outputs of the graph.
    "training": net(norm("t", "mean", "variance", training_mode=1), RATIO, TRUE, node("Dropout", ["t", "ratio", "true"], ["y", "mask"]), constants=NORM, opset=15),
    "statistics": net(norm("y", "mean", "variance", training_mode=1), constants=NORM, outputs=[Y, value("mean"), value("variance")], opset=15),
    "only-statistics": net(norm("t", "mean", "variance", training_mode=1), constants=NORM, outputs=[value("mean"), value("variance")], opset=15),
    # Two norms that start with the same statistics, and a weight that is read as one too.
    "shared": net(norm("t", training_mode=1), node("BatchNormalization", ["t", "g", "m", "m", "v"], ["y"], training_mode=1), constants=NORM, opset=15),
    # As it exports for inference.
    "inference": net(norm("y"), constants=NORM, opset=15),
    "folded": net(node("Conv", ["x", "onnx::Conv_7", "onnx::Conv_8"], ["y"]), constants=[weight("onnx::Conv_7", 4, 4, 1, 1), weight("onnx::Conv_8", 4)]),
    "folded-dynamo": net(node("Conv", ["x", "conv.weight", "conv.bias"], ["y"]) + metadata(9, "pkg.onnxscript.rewriter.rule_name", "FuseBatchNormIntoConv"),
                         constants=[weight("conv.weight", 4, 4, 1, 1), weight("conv.bias", 4)]),
    # Constants beside weights, and weights that are constants of nodes.
    "constant": net(node("Constant", [], ["shift"], value=weight("", 4, 1, 1)), node("Mul", ["x", "w"], ["t"]), node("Add", ["t", "shift"], ["s"]), node("Mul", ["s", "half"], ["u"]), node("Clip", ["u", "", "six"], ["y"]),
                    constants=[weight("w", 4, 1, 1), tensor("half", [], [0.5]), tensor("six", [], [6.0])]),
    # Parameters stay what they are in the file, one number too, where it was exported for training.
    "numbers": net(norm("t", training_mode=1), node("Mul", ["t", "s"], ["a"]), node("Sub", ["a", "c"], ["b1"]), node("Div", ["b1", "c"], ["y"]),
                   constants=[*NORM, tensor("s", [], [2.0]), weight("c", 4, 1, 1)], opset=15),
    "only-constants": net(node("Constant", [], ["w"], value=weight("", 4, 1, 1)), node("Mul", ["x", "w"], ["y"])),
    "logits": net(*logits(node("Identity", ["t"], ["y"])), constants=HEAD),
    "softmax": net(*logits(node("Softmax", ["t"], ["y"])), constants=HEAD),
    "softmax-images": net(node("GlobalAveragePool", ["x"], ["p"]), node("Conv", ["p", "w"], ["t"]), node("Softmax", ["t"], ["s"], axis=1), node("Flatten", ["s"], ["y"]),
                          constants=[weight("w", 3, 4, 1, 1)]),
    "softmax-places": net(node("Softmax", ["x"], ["s"], axis=1), node("Flatten", ["s"], ["y"])),
    "depth": depth([None, 1, 1, 1]),
    "depth-batch": depth([1, 1, 1, 1]),
    "depth-elements": depth([None, 4, 1, 1]),
    "depth-other": depth([None, 1, 1, 1], high=2.0),
    "heads": net(*logits(node("Identity", ["t"], ["y"]), node("Identity", ["t"], ["z"])), constants=HEAD, outputs=[Y, value("z")]),
}


def main(folder):
    root = pathlib.Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    for name, content in NETWORKS.items():
        save(root / f"{name}.onnx", content)


if __name__ == "__main__":
    main(*sys.argv[1:])
