"""Networks of the zoo train as PyTorch's do: the losses of 20 steps leave a run in double precision by at most twice what
PyTorch in single precision leaves it, plus 1e-6.

    training.py cnnc cnnrt examples/zoo network/optimizer…

Images are small and dropout is off, so that every step is determined.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import safetensors.torch
import torch
import torch.nn.functional as F

from reference import HERE, build

STEPS, BATCH = 20, 16
OPTIMIZERS = {
    "sgd": ("sgd(lr: 0.001, momentum: 0.9)", lambda weights: torch.optim.SGD(weights, lr=0.001, momentum=0.9)),
    "adam": ("adam(lr: 0.0001)", lambda weights: torch.optim.Adam(weights, lr=0.0001)),
}
SIZES = {"resnet20": 32}


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
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        loss = F.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(loss.item())
    return result


def compiled(cnnc, cnnrt, file, name, rule, size, folder):
    drop = ", drop: 0.0" if "drop:" in file.read_text() else ""
    (folder / "t.dsl").write_text(f'import "{file.name}"\ntrain t {{\n  model = {name}(image: f32[N, 3, {size}, {size}]{drop})\n'
                                  f"  loss = softmax_cross_entropy()\n  optimizer = {rule}\n}}\n")
    (folder / file.name).write_text(file.read_text())
    subprocess.run([cnnc, folder / "t.dsl", "-o", folder / "t.so"], check=True)
    log = folder / "loss.jsonl"
    subprocess.run([cnnrt, "train", folder / "t.so", f"--out={folder / 'run'}", f"--weights={folder / 'w.safetensors'}",
                    f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--no-shuffle", f"--batch={BATCH}", f"--steps={STEPS}", f"--log={log}"],
                   check=True, stdout=subprocess.DEVNULL)
    steps = [json.loads(line) for line in log.read_text().splitlines()]
    return [entry["loss"] for entry in steps if "loss" in entry and "step" in entry]


def distance(found, exact):
    return max(abs(a - b) / abs(b) for a, b in zip(found, exact, strict=True))


def main(cnnc, cnnrt, zoo, *chosen):
    failed = False
    table = json.loads((HERE / "networks.json").read_text())
    for choice in chosen:
        name, kind = choice.split("/")
        rule, optimizer = OPTIMIZERS[kind]
        torch.manual_seed(7)
        state = build(name)[0].state_dict()
        size = SIZES.get(name, 64)
        images, labels = torch.randn(STEPS * BATCH, 3, size, size), torch.randint(10, (STEPS * BATCH,))
        exact, single = prepare(name, state).double(), prepare(name, state)
        expected = losses(exact, optimizer(exact.parameters()), images.double(), labels)
        peer = losses(single, optimizer(single.parameters()), images, labels)
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            safetensors.torch.save_file(state, folder / "w.safetensors")
            numpy.save(folder / "x.npy", images.numpy())
            numpy.save(folder / "y.npy", labels.numpy().astype("i4"))
            found = compiled(cnnc, cnnrt, pathlib.Path(zoo) / f"{table[name]['file']}.dsl", name, rule, size, folder)
        allowed = 2 * distance(peer, expected) + 1e-6
        print(f"{choice}: {distance(found, expected):.3g} from double precision, {allowed:.3g} allowed; loss {found[0]:.3g} to {found[-1]:.3g}",
              flush=True)
        failed |= not distance(found, expected) <= allowed
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
