"""Networks that hear. Each function returns the network with random weights and the sizes of its input."""
import torch
import torch.nn.functional as F
from torch import nn


def m5():
    """Dai et al., 2017: convolutions on the wave itself."""
    layers, width = [], 1
    for out, kernel, stride in (32, 80, 16), (32, 3, 1), (64, 3, 1), (64, 3, 1):
        layers += [nn.Conv1d(width, out, kernel, stride), nn.BatchNorm1d(out), nn.ReLU(), nn.MaxPool1d(4)]
        width = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(64, 35), nn.LogSoftmax(1)), (1, 8000)


def wav2letter():
    """Collobert et al., 2016, on spectra."""
    layers = []
    for width, out, kernel, stride in (40, 250, 48, 2), *[(250, 250, 7, 1)] * 7, (250, 2000, 32, 1), (2000, 2000, 1, 1), (2000, 29, 1, 1):
        layers += [nn.Conv1d(width, out, kernel, stride, kernel // 2), nn.ReLU()]
    return nn.Sequential(*layers[:-1], nn.LogSoftmax(1)), (40, 200)


class Separator(nn.Module):
    """Luo & Mesgarani, 2019, with two repeats of four blocks: encoder, masks, decoder by transposed convolution."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.Conv1d(1, 128, 16, 8, bias=False), nn.ConvTranspose1d(128, 1, 16, 8, bias=False)
        self.norm, self.bottleneck = nn.GroupNorm(1, 128, eps=1e-8), nn.Conv1d(128, 64, 1)
        self.blocks = nn.ModuleList()
        for i in range(8):
            dilation = 1 << i % 4
            self.blocks.append(nn.Sequential(nn.Conv1d(64, 128, 1), nn.PReLU(), nn.GroupNorm(1, 128, eps=1e-8),
                                             nn.Conv1d(128, 128, 3, padding=dilation, dilation=dilation, groups=128), nn.PReLU(),
                                             nn.GroupNorm(1, 128, eps=1e-8), nn.Conv1d(128, 64, 1)))
        self.mask = nn.Sequential(nn.PReLU(), nn.Conv1d(64, 256, 1))

    def forward(self, x):
        seen = F.relu(self.encoder(x))
        y = self.bottleneck(self.norm(seen))
        for block in self.blocks:
            y = y + block(y)
        masks = torch.sigmoid(self.mask(y)).view(-1, 2, 128, seen.shape[-1])
        sources = (masks * seen.unsqueeze(1)).view(-1, 128, seen.shape[-1])
        return self.decoder(sources).view(x.shape[0], 2, -1)


def conv_tasnet():
    return Separator(), (1, 2000)


class Causal(nn.Module):
    """Bai et al., 2018: padding on both sides, and the end cut off."""

    def __init__(self, width, out, dilation):
        super().__init__()
        self.cut = 2 * dilation
        self.conv1 = nn.Conv1d(width, out, 3, padding=self.cut, dilation=dilation)
        self.conv2 = nn.Conv1d(out, out, 3, padding=self.cut, dilation=dilation)
        self.down = nn.Conv1d(width, out, 1) if width != out else nn.Identity()

    def forward(self, x):
        y = F.relu(self.conv1(x)[:, :, :-self.cut].contiguous())
        y = F.relu(self.conv2(y)[:, :, :-self.cut].contiguous())
        return F.relu(y + self.down(x))


class TemporalNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*[Causal(25 if i else 8, 25, 1 << i) for i in range(6)])
        self.head = nn.Linear(25, 10)

    def forward(self, x):
        return self.head(self.blocks(x)[:, :, -1])


def tcn():
    return TemporalNet(), (8, 256)


class SpectrogramNet(nn.Module):
    """The shape of PANNs' CNN6 (Kong et al., 2020): batch norm over mel bands, mean over bands, largest and mean over time."""

    def __init__(self):
        super().__init__()
        self.bn0, width = nn.BatchNorm2d(64), 1
        self.blocks = nn.ModuleList()
        for out in 64, 128, 256, 512:
            self.blocks.append(nn.Sequential(nn.Conv2d(width, out, 5, padding=2, bias=False), nn.BatchNorm2d(out), nn.ReLU(), nn.AvgPool2d(2)))
            width = out
        self.fc1, self.fc = nn.Linear(512, 512), nn.Linear(512, 50)

    def forward(self, x):
        x = self.bn0(x.transpose(1, 3)).transpose(1, 3)
        for block in self.blocks:
            x = block(x)
        x = torch.mean(x, dim=3)
        x = torch.amax(x, dim=2) + torch.mean(x, dim=2)
        return torch.sigmoid(self.fc(F.relu(self.fc1(x))))


def spectrogram_cnn():
    return SpectrogramNet(), (1, 101, 64)
