"""A network from a training export trains as the same network in the language: the same losses and weights, bit for bit.

    onnx_training_test.py cnnc cnnrt

The file is written as PyTorch's exporter does: batch norm in training mode with three results, dropout with its mask, the
ratio in a Constant node, weights among the initializers.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TEST = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(TEST / "trajectories"), str(TEST / "frontends" / "onnx")]
import inputs  # noqa: E402
import onnxfile as onnx  # noqa: E402

SHAPE, EXAMPLES = (2, 12, 12), 40
PARAMETERS = {"conv1.weight": (8, 2, 3, 3), "bn1.weight": (8,), "bn1.bias": (8,), "conv2.weight": (16, 8, 3, 3), "conv2.bias": (16,), "bn2.weight": (16,),
              "bn2.bias": (16,), "fc.weight": (10, 144), "fc.bias": (10,)}
BUFFERS = {f"{name}.running_{what}": (width,) for name, width in (("bn1", 8), ("bn2", 16)) for what in ("mean", "var")}
DSL = """
model net(image: f32[N, 2, 12, 12]) -> logits: f32[N, 10] {
  return image |> conv(8, 3, pad: 1, bias: false) @conv1 |> batchnorm(momentum: 0.25, epsilon: 0.0009765625) @bn1 |> relu |> maxpool(2)
               |> conv(16, 3, pad: 1) @conv2 |> batchnorm(momentum: 0.25, epsilon: 0.0009765625) @bn2 |> relu |> maxpool(2)
               |> flatten |> dropout(0.25) |> dense(10) @fc
}
train t { model = net()  loss = softmax_cross_entropy(label_smoothing: 0.125)  optimizer = LANGUAGE }
"""
# As a train block and as an option say it.
OPTIMIZERS = {"sgd": ("sgd(lr: 0.0625, momentum: 0.875)", "sgd,lr=0.0625,momentum=0.875"), "adam": ("adam()", "adam")}


def norm(source, result, name):
    operands = [source, *(f"{name}.{what}" for what in ("weight", "bias", "running_mean", "running_var"))]
    return onnx.node("BatchNormalization", operands, [result, f"{result}_1", f"{result}_2"], epsilon=0.0009765625, momentum=0.75, training_mode=1)


def training_export(values):
    pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
    nodes = [onnx.node("Conv", ["image", "conv1.weight"], ["a"], pads=[1, 1, 1, 1]), norm("a", "b", "bn1"), onnx.node("Relu", ["b"], ["c"]),
             onnx.node("MaxPool", ["c"], ["d"], **pool), onnx.node("Conv", ["d", "conv2.weight", "conv2.bias"], ["e"], pads=[1, 1, 1, 1]), norm("e", "f", "bn2"),
             onnx.node("Relu", ["f"], ["g"]), onnx.node("MaxPool", ["g"], ["h"], **pool), onnx.node("Flatten", ["h"], ["i"]),
             onnx.node("Constant", [], ["ratio"], value=onnx.tensor("", [], [0.25])), onnx.node("Constant", [], ["training"], value=onnx.tensor("", [], [1], onnx.BOOL)),
             onnx.node("Dropout", ["i", "ratio", "training"], ["j", "mask"]), onnx.node("Gemm", ["j", "fc.weight", "fc.bias"], ["logits"], transB=1)]
    initializers = [onnx.tensor(name, shape, values[name]) for name, shape in (PARAMETERS | BUFFERS).items()]
    return onnx.model(onnx.graph(nodes, [onnx.value("image", ["N", *SHAPE])], [onnx.value("logits")], initializers), opset=17)


def train(cnnc, cnnrt, source, arguments, more, folder, name):
    library, out, log = folder / f"{name}.so", folder / name, folder / f"{name}.jsonl"
    subprocess.run([cnnc, source, *arguments, "-o", library], check=True)
    subprocess.run([cnnrt, "train", library, f"--out={out}", f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--no-shuffle", "--batch=8", "--steps=12",
                    "--seed=5", f"--log={log}", *more], check=True, stdout=subprocess.DEVNULL)
    steps = [json.loads(line) for line in log.read_text().splitlines()]
    return [entry["loss"] for entry in steps if "loss" in entry and "step" in entry], weights(out / "last.safetensors")


def weights(path):
    """The bytes of each tensor."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    return {name: data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]] for name, entry in header.items() if name != "__metadata__"}


def main(cnnc, cnnrt):
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        parameters = list((PARAMETERS | BUFFERS).items())
        values = inputs.weights(parameters)
        pixels, labels = inputs.images(SHAPE)
        inputs.write_npy(folder / "x.npy", "f", (EXAMPLES, *SHAPE), pixels[:len(pixels) // inputs.EXAMPLES * EXAMPLES])
        inputs.write_npy(folder / "y.npy", "i", (EXAMPLES,), labels[:EXAMPLES])
        inputs.write_safetensors(folder / "w.safetensors", parameters, values)
        onnx.save(folder / "net.onnx", training_export(values))
        for name, (language, option) in OPTIMIZERS.items():
            (folder / "net.dsl").write_text(DSL.replace("LANGUAGE", language))
            expected = train(cnnc, cnnrt, folder / "net.dsl", [], [f"--weights={folder / 'w.safetensors'}"], folder, f"{name}_dsl")
            found = train(cnnc, cnnrt, folder / "net.onnx", ["--train", "--loss=softmax_cross_entropy,label_smoothing=0.125", f"--optimizer={option}"], [], folder, f"{name}_onnx")
            learned = len(found[0]) == 12 and found[0][-1] < found[0][0]
            if not learned or found != expected or set(found[1]) != set(PARAMETERS) | set(BUFFERS):
                print(f"{name}: from the file {found[0]}, from the language {expected[0]}; tensors that differ:",
                      *(key for key in expected[1] if found[1].get(key) != expected[1][key]))
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
