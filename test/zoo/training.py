"""Networks of the zoo train as PyTorch's do: the losses of 20 steps leave a run in double precision by at most twice what
PyTorch in single precision leaves it, plus 1e-6.

    training.py cnnc cnnrt examples/zoo network…

Each is trained from the language, with PyTorch's weights, and from PyTorch's export for training, which has them inside.
Images are small and dropout is off, so that every step is determined.
"""
import functools
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy
import safetensors.torch
import torch
import torch.nn.functional as F

from cases import failures
from reference import build

STEPS = 20
# As a train block, an option and PyTorch say it.
OPTIMIZERS = {
    "sgd": ("sgd(lr: 0.001, momentum: 0.9)", "sgd,lr=0.001,momentum=0.9", lambda weights: torch.optim.SGD(weights, lr=0.001, momentum=0.9)),
    "adam": ("adam(lr: 0.0001)", "adam,lr=0.0001", lambda weights: torch.optim.Adam(weights, lr=0.0001)),
}
# Sizes of the image, examples a step, sizes of the labels beside the batch.
DATA = {"resnet20": ((3, 32, 32), 16, ()), "unet": ((1, 188, 188), 2, (4, 4))}
DEFAULT = (3, 64, 64), 16, ()


def prepare(name, state):
    model, _ = build(name)
    model.load_state_dict(state)
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0
    return model.train()


def losses(model, optimizer, images, labels):
    """The loss before each step."""
    result = []
    for image, label in zip(images.chunk(STEPS), labels.chunk(STEPS), strict=True):
        loss = F.cross_entropy(model(image), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(loss.item())
    return result


def write_language(file, name, rule, shape, folder):
    """The network with its train block; the weights are given when it is trained."""
    drop = ", drop: 0.0" if "drop:" in file.read_text() else ""
    (folder / file.name).write_text(file.read_text())
    (folder / "t.dsl").write_text(f'import "{file.name}"\ntrain t {{\n  model = {name}(image: f32[N, {", ".join(map(str, shape))}]{drop})\n'
                                  f"  loss = softmax_cross_entropy()\n  optimizer = {rule}\n}}\n")
    return folder / "t.dsl"


def export(model, image, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, image, path, training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False, dynamo=False,
                          input_names=["image"], output_names=["logits"], dynamic_axes={"image": {0: "N"}})
    return path


def compiled(cnnc, cnnrt, arguments, more, batch, folder):
    subprocess.run([cnnc, *arguments, "-o", folder / "t.so"], check=True)
    run = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "run"
    log = run.parent / "loss.jsonl"
    subprocess.run([cnnrt, "train", folder / "t.so", f"--out={run}", *more, f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--no-shuffle",
                    f"--batch={batch}", f"--steps={STEPS}", f"--log={log}"], check=True, stdout=subprocess.DEVNULL)
    steps = [json.loads(line) for line in log.read_text().splitlines()]
    return [entry["loss"] for entry in steps if "loss" in entry and "step" in entry]


def distance(found, exact):
    return max(abs(a - b) / abs(b) for a, b in zip(found, exact, strict=True))


def compare(cnnc, cnnrt, network, name, folder):
    torch.manual_seed(7)
    state = build(name)[0].state_dict()
    shape, batch, places = DATA.get(name, DEFAULT)
    classes = 2 if places else 10
    images, labels = torch.randn(STEPS * batch, *shape), torch.randint(classes, (STEPS * batch, *places))
    safetensors.torch.save_file(state, folder / "w.safetensors")
    numpy.save(folder / "x.npy", images.numpy())
    numpy.save(folder / "y.npy", labels.numpy().astype("i4"))
    file = export(prepare(name, state), images[:batch], folder / "t.onnx")
    failed = False
    for kind, (rule, option, optimizer) in OPTIMIZERS.items():
        exact, single = prepare(name, state).double(), prepare(name, state)
        expected = losses(exact, optimizer(exact.parameters()), images.double(), labels)
        allowed = 2 * distance(losses(single, optimizer(single.parameters()), images, labels), expected) + 1e-6
        sources = {"the language": ([write_language(network, name, rule, shape, folder)], [f"--weights={folder / 'w.safetensors'}"]),
                   "an export": ([file, "--train", "--loss=softmax_cross_entropy", f"--optimizer={option}"], [])}
        for source, (arguments, more) in sources.items():
            found = compiled(cnnc, cnnrt, arguments, more, batch, folder)
            print(f"{name}/{kind} from {source}: {distance(found, expected):.3g} from double precision, {allowed:.3g} allowed; loss {found[0]:.4g} to {found[-1]:.4g}",
                  flush=True)
            failed |= not distance(found, expected) <= allowed
    return failed


def main(cnnc, cnnrt, zoo, *names):
    torch.set_num_threads(1)  # one test among others
    failed = failures(functools.partial(compare, cnnc, cnnrt), zoo, names)
    if failed:
        print("too far from double precision:", *failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
