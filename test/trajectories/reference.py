"""Writes references.json: the losses of PyTorch in single and in double precision over the steps of trajectory_test.py.

    python3 reference.py > references.json        (needs torch)
"""
import json
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

import inputs

STEPS, BATCH = 50, 32


class LeNet5(nn.Sequential):
    shape = (1, 28, 28)

    def __init__(self):
        super().__init__(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
                         nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


class Basic(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.width, self.stride = width, stride

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride != 1:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.width // 4, self.width // 4))
        return F.relu(y + x)


class ResNet20(nn.Sequential):
    shape = (3, 32, 32)

    def __init__(self):
        layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
        for width in (16, 32, 64):
            for j in range(3):
                layers.append(Basic(channels, width, 2 if width > 16 and j == 0 else 1))
                channels = width
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=5e-4),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-4),
}


def losses(network, optimizer, dtype):
    model = network()
    names = [(name, tuple(p.shape)) for name, p in model.named_parameters()]
    values = inputs.weights(names)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.tensor(values[name]).reshape(parameter.shape))
    model = model.to(dtype).train()
    pixels, labels = inputs.images(network.shape)
    x = torch.tensor(pixels).reshape(inputs.EXAMPLES, *network.shape).to(dtype)
    y = torch.tensor(labels)
    step, result = OPTIMIZERS[optimizer](model.parameters()), []
    for i in range(STEPS):
        first = i * BATCH % inputs.EXAMPLES
        loss = F.cross_entropy(model(x[first:first + BATCH]), y[first:first + BATCH])
        step.zero_grad()
        loss.backward()
        step.step()
        result.append(loss.item())
    return result


if __name__ == "__main__":
    torch.set_num_threads(1)
    table = {f"{network.__name__.lower()}/{optimizer}": {str(dtype)[6:]: losses(network, optimizer, dtype) for dtype in (torch.float32, torch.float64)}
             for network in (LeNet5, ResNet20) for optimizer in OPTIMIZERS}
    print(json.dumps(table, indent=1))
