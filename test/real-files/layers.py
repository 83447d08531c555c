"""What several networks are made of."""
from torch import nn


class Unit(nn.Sequential):
    """A convolution without bias, batch norm, an activation; padded to keep the size."""

    def __init__(self, width, out, kernel=3, stride=1, act=nn.SiLU):
        super().__init__(nn.Conv2d(width, out, kernel, stride, (kernel - 1) // 2, bias=False), nn.BatchNorm2d(out), act())
