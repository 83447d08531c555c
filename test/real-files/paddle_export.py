"""Writes ONNX files as Paddle's users do, and what Paddle computes.

    paddle_export.py <folder> <network[:opset=<n>]>…

Networks are paddle.vision's, and PP-LCNet. Prints each case when <folder>/<case>.onnx and .npz (in, out0) are there.
"""
import contextlib
import io
import os

os.environ.setdefault("GLOG_minloglevel", "3")

import numpy
import paddle
from paddle import nn

import cases


class Separable(nn.Layer):
    """A depthwise and a pointwise convolution; between them, where wanted, a gate for each channel."""

    def __init__(self, width, out, kernel, stride, gate):
        super().__init__()
        self.depthwise = nn.Conv2D(width, width, kernel, stride, kernel // 2, groups=width, bias_attr=False)
        self.norm1, self.norm2 = nn.BatchNorm2D(width), nn.BatchNorm2D(out)
        self.pointwise = nn.Conv2D(width, out, 1, bias_attr=False)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2D(1), nn.Conv2D(width, width // 4, 1), nn.ReLU(), nn.Conv2D(width // 4, width, 1),
                                  nn.Hardsigmoid()) if gate else None

    def forward(self, x):
        x = nn.functional.hardswish(self.norm1(self.depthwise(x)))
        if self.gate:
            x = x * self.gate(x)
        return nn.functional.hardswish(self.norm2(self.pointwise(x)))


def pp_lcnet():
    """Cui et al., 2021, at half width."""
    layers, width = [nn.Conv2D(3, 8, 3, 2, 1, bias_attr=False), nn.BatchNorm2D(8), nn.Hardswish()], 8
    for kernel, out, stride, gate in [(3, 16, 1, 0), (3, 32, 2, 0), (3, 32, 1, 0), (3, 64, 2, 0), (3, 64, 1, 0), (3, 128, 2, 0), *[(5, 128, 1, 0)] * 5,
                                      (5, 256, 2, 1), (5, 256, 1, 1)]:
        layers.append(Separable(width, out, kernel, stride, gate))
        width = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2D(1), nn.Conv2D(256, 640, 1, bias_attr=False), nn.Hardswish(), nn.Dropout(0.2), nn.Flatten(),
                         nn.Linear(640, 100))


def build(name):
    return pp_lcnet() if name == "pp_lcnet" else getattr(paddle.vision.models, name)(pretrained=False)


def disturb(network, batch, random):
    """Gives batch norms random factors and the statistics of `batch`, moved at random."""
    norms = [layer for layer in network.sublayers() if isinstance(layer, nn.BatchNorm2D)]
    for norm in norms:
        norm.weight.set_value(random.uniform(0.5, 1.5, norm.weight.shape).astype("float32"))
        norm.bias.set_value(random.normal(0, 0.2, norm.bias.shape).astype("float32"))
        norm._momentum = 0.0
        norm.train()
    network(batch)
    network.eval()
    for norm in norms:
        variance = norm._variance.numpy()
        norm._mean.set_value(norm._mean.numpy() + 0.1 * numpy.sqrt(variance) * random.standard_normal(variance.shape).astype("float32"))
        norm._variance.set_value(variance * random.uniform(0.8, 1.2, variance.shape).astype("float32"))


@paddle.no_grad()
def write(case, folder):
    name, *words = case.split(":")
    paddle.seed(7)
    random = numpy.random.default_rng(7)
    network, size = build(name), 224 if name.startswith(("vgg", "alexnet")) else 128
    network.eval()
    disturb(network, paddle.to_tensor(random.standard_normal((4, 3, size, size), "float32")), random)
    x = numpy.stack([random.standard_normal((3, size, size)), random.random((3, size, size)) * numpy.linspace(-2, 2, size)]).astype("float32")
    numpy.savez(folder / f"{case}.npz", **{"in": x, "out0": network(paddle.to_tensor(x)).numpy()})
    opset = next((int(word[6:]) for word in words if word.startswith("opset=")), 13)
    with contextlib.redirect_stdout(io.StringIO()):
        paddle.onnx.export(network, str(folder / case), input_spec=[paddle.static.InputSpec([None, 3, size, size], "float32", "x")], opset_version=opset)


if __name__ == "__main__":
    cases.main(write)
