"""Networks that make images. Each function returns the network with random weights and the sizes of its input."""
import torch
import torch.nn.functional as F
from torch import nn

from layers import Unit


def srcnn():
    return nn.Sequential(nn.Conv2d(1, 64, 9, padding=4), nn.ReLU(), nn.Conv2d(64, 32, 5, padding=2), nn.ReLU(), nn.Conv2d(32, 1, 5, padding=2)), (1, 48, 64)


def espcn():
    return nn.Sequential(nn.Conv2d(1, 64, 5, padding=2), nn.Tanh(), nn.Conv2d(64, 32, 3, padding=1), nn.Tanh(), nn.Conv2d(32, 9, 3, padding=1),
                         nn.PixelShuffle(3)), (1, 40, 60)


class ResidualDense(nn.Module):
    """A small EDSR: residual blocks without batch norm, a scaled residual, two pixel shuffles."""

    def __init__(self):
        super().__init__()
        self.head, self.tail = nn.Conv2d(3, 32, 3, padding=1), nn.Conv2d(32, 3, 3, padding=1)
        self.body = nn.ModuleList(nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1)) for _ in range(4))
        self.up = nn.Sequential(*[part for _ in range(2) for part in (nn.Conv2d(32, 128, 3, padding=1), nn.PixelShuffle(2))])

    def forward(self, x):
        x = self.head(x - 0.5)
        y = x
        for block in self.body:
            y = y + 0.1 * block(y)
        return self.tail(self.up(x + y)) + 0.5


def edsr():
    return ResidualDense(), (3, 24, 32)


class UNet(nn.Module):
    """Ronneberger et al., 2015, padded, with batch norm; `up` is "transposed", "bilinear" or "nearest"."""

    def __init__(self, up, widths=(16, 32, 64, 128)):
        super().__init__()
        self.down, self.up, self.join = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for a, b in zip([3, *widths], widths):
            self.down.append(nn.Sequential(Unit(a, b, act=nn.ReLU), Unit(b, b, act=nn.ReLU)))
        for a, b in zip(widths[:0:-1], widths[-2::-1]):
            if up == "transposed":
                self.up.append(nn.ConvTranspose2d(a, b, 2, 2))
            else:
                self.up.append(nn.Sequential(nn.Upsample(scale_factor=2, mode=up, align_corners=True if up == "bilinear" else None), nn.Conv2d(a, b, 1)))
            self.join.append(nn.Sequential(Unit(2 * b, b, act=nn.ReLU), Unit(b, b, act=nn.ReLU)))
        self.head = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x):
        seen = []
        for i, down in enumerate(self.down):
            x = down(F.max_pool2d(x, 2) if i else x)
            seen.append(x)
        for up, join, other in zip(self.up, self.join, seen[-2::-1]):
            x = up(x)
            rows, columns = other.shape[2] - x.shape[2], other.shape[3] - x.shape[3]
            x = F.pad(x, [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2])
            x = join(torch.cat([other, x], 1))
        return self.head(x)


def unet_transposed():
    return UNet("transposed"), (3, 96, 100)


def unet_bilinear():
    return UNet("bilinear"), (3, 90, 100)


def unet_nearest():
    return UNet("nearest"), (3, 96, 96)


def dcgan():
    """Radford et al., 2016: the generator."""
    layers, width = [], 100
    for out, stride, pad in (256, 1, 0), (128, 2, 1), (64, 2, 1), (32, 2, 1):
        layers += [nn.ConvTranspose2d(width, out, 4, stride, pad, bias=False), nn.BatchNorm2d(out), nn.ReLU(True)]
        width = out
    return nn.Sequential(*layers, nn.ConvTranspose2d(32, 3, 4, 2, 1, bias=False), nn.Tanh()), (100, 1, 1)


class Styler(nn.Module):
    """Johnson et al., 2016: reflection pads, instance norms, nearest upsampling."""

    def __init__(self):
        super().__init__()

        def unit(width, out, kernel, stride=1, up=None):
            return nn.Sequential(*([nn.Upsample(scale_factor=up)] if up else []), nn.ReflectionPad2d(kernel // 2), nn.Conv2d(width, out, kernel, stride),
                                 nn.InstanceNorm2d(out, affine=True))

        self.down = nn.Sequential(unit(3, 16, 9), nn.ReLU(), unit(16, 32, 3, 2), nn.ReLU(), unit(32, 64, 3, 2), nn.ReLU())
        self.body = nn.ModuleList(nn.Sequential(unit(64, 64, 3), nn.ReLU(), unit(64, 64, 3)) for _ in range(3))
        self.up = nn.Sequential(unit(64, 32, 3, up=2), nn.ReLU(), unit(32, 16, 3, up=2), nn.ReLU(), nn.ReflectionPad2d(4), nn.Conv2d(16, 3, 9))

    def forward(self, x):
        x = self.down(x)
        for block in self.body:
            x = x + block(x)
        return self.up(x)


def fast_style():
    return Styler(), (3, 64, 64)
