"""Networks of the zoo compute what torchvision's compute, from the same safetensors file.

    reference.py cnnc cnnrt examples/zoo [network…]

Weights are random and the statistics of batch norms those of random images, moved at random; one tensor in four of the
file is in half precision. Two images of one batch: outputs agree to 1e-4 of the largest, and the two differ by 1e-2.
"""
import functools
import subprocess
import sys
import time

import numpy
import safetensors.torch
import torch
import torchvision
from torch import nn

import networks
from cases import failures


def build(name):
    """The network with random weights, and the sizes of its input."""
    if hasattr(networks, name):
        return getattr(networks, name)()
    size = 299 if name == "inception_v3" else 224
    extra = {"googlenet": {"aux_logits": False}, "inception_v3": {"aux_logits": True}}.get(name, {})
    if extra:
        extra["init_weights"] = True
    return getattr(torchvision.models, name)(weights=None, **extra), (3, size, size)


def disturb(model, images):
    """Gives batch norms random factors and the statistics of `images`, then moves these; what starts at 0 gets values."""
    for weight in model.parameters():
        if weight.ndim > 1 and not weight.any():
            weight.data.normal_(0, 0.02)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1
        norm.weight.data.uniform_(0.5, 1.5)
        norm.bias.data.normal_(0, 0.2)
        norm.train()
    model(images)
    model.eval()
    for norm in norms:
        spread = norm.running_var.sqrt()
        norm.running_mean += 0.1 * spread * torch.randn_like(spread)
        norm.running_var *= 0.8 + 0.4 * torch.rand_like(spread)


def differences(result, expected):
    """The largest error and the difference between the two images, relative to the largest output."""
    largest = abs(expected).max()
    return abs(result - expected).max() / largest, abs(expected[0] - expected[1]).max() / largest


@torch.no_grad()
def compare(cnnc, cnnrt, file, name, folder):
    torch.manual_seed(7)
    model, sizes = build(name)
    model.eval()
    disturb(model, torch.randn(8, *sizes))
    state = {key: value.half() if index % 4 == 0 and value.is_floating_point() else value
             for index, (key, value) in enumerate(model.state_dict().items())}
    model.load_state_dict(state)
    safetensors.torch.save_file(state, folder / "w.safetensors")
    images = torch.stack([torch.randn(sizes), torch.rand(sizes) * torch.linspace(-2, 2, sizes[-1])])
    if hasattr(model, "aux_logits") and model.aux_logits:
        inner = {}
        model.AuxLogits.register_forward_hook(lambda module, given, result: inner.update(aux=result))
        hidden = {}
        model.Mixed_6e.register_forward_hook(lambda module, given, result: hidden.update(x=result))
        expected = [model(images)]
        model.AuxLogits(hidden["x"])
        expected.append(inner["aux"])
    else:
        expected = model(images)
        expected = list(expected) if isinstance(expected, tuple) else [expected]
    numpy.save(folder / "x.npy", images.numpy())
    start = time.time()
    subprocess.run([cnnc, file, f"--model={name}", "-o", folder / "m.so"], check=True)
    compiled = time.time() - start
    out = folder / ("out.npz" if len(expected) > 1 else "out.npy")
    subprocess.run([cnnrt, "run", folder / "m.so", f"--weights={folder / 'w.safetensors'}", "--in", folder / "x.npy", "--out", out, "--batch=2"],
                   check=True, stdout=subprocess.DEVNULL)
    results = numpy.load(out)
    results = [results[key] for key in results.files] if len(expected) > 1 else [results]
    failed = False
    for result, wanted in zip(results, expected, strict=True):
        error, difference = differences(result, wanted.numpy())
        print(f"{name}: {error:.1e} of the largest output from PyTorch; two images differ by {difference:.2g}; {compiled:.1f} s to compile", flush=True)
        failed |= not error <= 1e-4 or not difference >= 1e-2
    return failed


def main(cnnc, cnnrt, zoo, *names):
    failed = failures(functools.partial(compare, cnnc, cnnrt), zoo, names)
    if failed:
        print("too far from PyTorch, or blind to the image:", *failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
