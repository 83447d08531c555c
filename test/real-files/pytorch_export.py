"""Writes ONNX files as PyTorch's users do, and what PyTorch computes.

    pytorch_export.py <folder> case…

A case is <network>[:dynamo][:opset=<n>][:fixed][:training]; without a word the older exporter writes operator set 17 with a dynamic batch.
Prints each case when <folder>/<case>.onnx and .npz (in, out0, out1 …) are there.
"""
import contextlib
import io
import warnings

import numpy
import torch
import torchvision

from torch import nn

import audio
import cases
import detection
import images
import text

OWN = (audio, detection, images, text)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
SIZES = {"alexnet": 224, "vgg11_bn": 224, "vgg16": 224, "inception_v3": 299, "vit_b_16": 224, "swin_t": 224, "maxvit_t": 224, "densenet121": 224}


class Out(nn.Module):
    """A segmentation network's `out`, where torchvision returns a dictionary."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)["out"]


def build(name):
    """The network with random weights, and the sizes of its input."""
    for module in OWN:
        if hasattr(module, name):
            return getattr(module, name)()
    models = torchvision.models
    if hasattr(models.segmentation, name):
        return Out(getattr(models.segmentation, name)(weights=None, weights_backbone=None)), (3, 128, 128)
    if hasattr(models.video, name):
        return getattr(models.video, name)(weights=None), (3, 8, 56, 56)
    extra = {"googlenet": {"aux_logits": False}, "inception_v3": {"aux_logits": False}}.get(name, {})
    if extra:
        extra.update(init_weights=False, transform_input=True)
    size = SIZES.get(name, 160)
    return getattr(models, name)(weights=None, **extra), (3, size, size)


def disturb(network, batch):
    """Gives batch norms random factors and the statistics of `batch`, moved at random; what starts at 0 gets values. Without batch norms
    convolutions keep the size of activations."""
    for weight in network.parameters():
        if weight.ndim > 1 and not weight.any():
            weight.data.normal_(0, 0.02)
    norms = [module for module in network.modules() if isinstance(module, NORMS)]
    for module in network.modules():
        if not norms and isinstance(module, (nn.Conv1d, nn.Conv2d)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    for norm in norms:
        norm.momentum = 1
        norm.weight.data.uniform_(0.5, 1.5)
        norm.bias.data.normal_(0, 0.2)
        norm.train()
    if norms:
        network(batch)
    network.eval()
    for norm in norms:
        spread = norm.running_var.sqrt()
        norm.momentum = 0.1
        norm.running_mean += 0.1 * spread * torch.randn_like(spread)
        norm.running_var *= 0.8 + 0.4 * torch.rand_like(spread)


def export(network, x, path, words):
    names = {"input_names": ["x"]}
    opset = next((int(word[6:]) for word in words if word.startswith("opset=")), None)
    if "training" in words:
        # The exporter runs the network once, in training mode: its statistics stay.
        for norm in network.modules():
            if isinstance(norm, NORMS):
                norm.momentum = 0.0
        names.update(training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)
    with contextlib.redirect_stdout(io.StringIO()):
        if "dynamo" in words:
            shapes = None if "fixed" in words else ({0: torch.export.Dim("batch")},)
            torch.onnx.export(network, (x,), path, dynamo=True, external_data=False, opset_version=opset, dynamic_shapes=shapes, verbose=False, **names)
        else:
            axes = None if "fixed" in words else {"x": {0: "batch"}}
            torch.onnx.export(network, (x,), path, dynamo=False, opset_version=opset or 17, dynamic_axes=axes, **names)


@torch.no_grad()
def write(case, folder):
    name, *words = case.split(":")
    torch.manual_seed(7)
    network, sizes = build(name)
    network.eval()
    disturb(network, torch.randn(4, *sizes))
    x = torch.stack([torch.randn(sizes), torch.rand(sizes) * torch.linspace(-2, 2, sizes[-1])])
    out = network(x)
    outs = [out] if isinstance(out, torch.Tensor) else list(out)
    numpy.savez(folder / f"{case}.npz", **{"in": x.numpy()}, **{f"out{i}": one.numpy() for i, one in enumerate(outs)})
    export(network, x[:1] if "fixed" in words else x, str(folder / f"{case}.onnx"), words)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.backends.mha.set_fastpath_enabled(False)  # the older exporter knows its parts only
    cases.main(write)
