"""Networks that read. Each function returns the network with random weights and the sizes of its input."""
import torch
import torch.nn.functional as F
from torch import nn

from layers import Unit


class Crnn(nn.Module):
    """Shi et al., 2015."""

    def __init__(self, recurrent):
        super().__init__()

        def unit(width, out, norm=False, kernel=3, pad=1):
            return [nn.Conv2d(width, out, kernel, 1, pad), *([nn.BatchNorm2d(out)] if norm else []), nn.ReLU()]

        self.features = nn.Sequential(*unit(1, 64), nn.MaxPool2d(2), *unit(64, 128), nn.MaxPool2d(2), *unit(128, 256, True), *unit(256, 256),
                                      nn.MaxPool2d(2, (2, 1), (0, 1)), *unit(256, 512, True), *unit(512, 512), nn.MaxPool2d(2, (2, 1), (0, 1)),
                                      *unit(512, 512, True, 2, 0))
        self.rnn = nn.LSTM(512, 256, 2, bidirectional=True, batch_first=True) if recurrent else None
        self.head = nn.Linear(512, 37)

    def forward(self, x):
        x = self.features(x).squeeze(2).permute(0, 2, 1)
        return self.head(self.rnn(x)[0] if self.rnn else x)


def crnn():
    return Crnn(True), (1, 32, 100)


def crnn_without_lstm():
    return Crnn(False), (1, 32, 100)


class DbDetector(nn.Module):
    """Liao et al., 2020, on a small backbone: a feature pyramid, then two transposed convolutions."""

    def __init__(self):
        super().__init__()
        widths = [16, 32, 64, 128]
        self.stem = Unit(3, 16, 3, 2, act=nn.Hardswish)
        self.stages = nn.ModuleList(Unit(a, b, 3, 2, act=nn.Hardswish) for a, b in zip([16, *widths], widths))
        self.lateral = nn.ModuleList(nn.Conv2d(width, 96, 1, bias=False) for width in widths)
        self.smooth = nn.ModuleList(nn.Conv2d(96, 24, 3, padding=1, bias=False) for _ in widths)
        self.head = nn.Sequential(Unit(96, 24, act=nn.ReLU), nn.ConvTranspose2d(24, 24, 2, 2), nn.BatchNorm2d(24), nn.ReLU(),
                                  nn.ConvTranspose2d(24, 1, 2, 2), nn.Sigmoid())

    def forward(self, x):
        seen, x = [], self.stem(x)
        for stage in self.stages:
            x = stage(x)
            seen.append(x)
        up = [lateral(y) for lateral, y in zip(self.lateral, seen)]
        for i in 2, 1, 0:
            up[i] = up[i] + F.interpolate(up[i + 1], scale_factor=2, mode="nearest")
        parts = [F.interpolate(smooth(y), scale_factor=1 << i, mode="nearest") if i else smooth(y) for i, (smooth, y) in enumerate(zip(self.smooth, up))]
        return self.head(torch.cat(parts[::-1], 1))


def db_detector():
    return DbDetector(), (3, 160, 160)


class Mixer(nn.Module):
    """A block of SVTR (Du et al., 2022): attention over all places, then a perceptron."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attention = ((q @ k.transpose(-2, -1)) * self.scale).softmax(-1)
        x = x + self.proj((attention @ v).transpose(1, 2).reshape(n, length, width))
        return x + self.mlp(self.norm2(x))


class Svtr(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Sequential(Unit(3, 32, 3, 2, act=nn.GELU), Unit(32, 64, 3, 2, act=nn.GELU))
        self.place = nn.Parameter(torch.randn(1, 8 * 25, 64) * 0.02)
        self.blocks1, self.merge = nn.Sequential(Mixer(64, 2), Mixer(64, 2)), nn.Conv2d(64, 128, 3, (2, 1), 1)
        self.norm, self.blocks2 = nn.LayerNorm(128), nn.Sequential(Mixer(128, 4), Mixer(128, 4))
        self.head = nn.Linear(128, 97)

    def forward(self, x):
        x = self.blocks1(self.patches(x).flatten(2).transpose(1, 2) + self.place)
        x = self.merge(x.transpose(1, 2).reshape(-1, 64, 8, 25))
        x = self.blocks2(self.norm(x.flatten(2).transpose(1, 2)))
        x = F.avg_pool2d(x.transpose(1, 2).reshape(-1, 128, 4, 25), (4, 1)).squeeze(2).transpose(1, 2)
        return self.head(x).softmax(2)


def svtr():
    return Svtr(), (3, 32, 100)
