"""The networks that torchvision lacks, in PyTorch, with the zoo's names of parameters. Each function returns the network
with random weights and the sizes of its input."""
import torch
import torch.nn.functional as F
from torch import nn


def he(module):
    """Draws the weights so that activations keep their size."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
    return module


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        for conv in self.conv1, self.conv2:
            x = F.avg_pool2d(torch.tanh(conv(x)), 2)
        return self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x.flatten(1))))))


def lenet5():
    return LeNet5(), (1, 28, 28)


def convolution(names, width, out, kernel, **arguments):
    """A convolution without bias and a batch norm, named `names`."""
    module = nn.Module()
    module.add_module(names[0], nn.Conv2d(width, out, kernel, padding=kernel // 2, bias=False, **arguments))
    module.add_module(names[1], nn.BatchNorm2d(out))
    module.forward = lambda x: getattr(module, names[1])(getattr(module, names[0])(x))
    return module


class Plain(nn.Module):
    def __init__(self, depths):
        super().__init__()
        self.conv1, self.bn1, width = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), 64
        for i, depth in enumerate(depths):
            layers = []
            for j in range(2 * depth):
                layers.append(convolution(("conv", "bn"), width, 64 << i, 3, stride=2 if i and not j else 1))
                width = 64 << i
            self.add_module(f"layer{i + 1}", nn.ModuleList(layers))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in self.layer1, self.layer2, self.layer3, self.layer4:
            for layer in stage:
                x = F.relu(layer(x))
        return self.fc(x.mean((2, 3)))


def plain18():
    return he(Plain([2, 2, 2, 2])), (3, 224, 224)


def plain34():
    return he(Plain([3, 4, 6, 3])), (3, 224, 224)


class Residual(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.stride, self.new = stride, out - width
        self.conv1, self.bn1 = nn.Conv2d(width, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.new // 2, self.new // 2)))


class CifarResNet(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.conv1, self.bn1, width = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), 16
        for i, out in enumerate([16, 32, 64]):
            blocks = []
            for j in range(depth):
                blocks.append(Residual(width, out, 2 if i and not j else 1))
                width = out
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def resnet20():
    return he(CifarResNet(3)), (3, 32, 32)


def resnet32():
    return he(CifarResNet(5)), (3, 32, 32)


def resnet44():
    return he(CifarResNet(7)), (3, 32, 32)


def resnet56():
    return he(CifarResNet(9)), (3, 32, 32)


def resnet110():
    return he(CifarResNet(18)), (3, 32, 32)


class Separable(nn.Module):
    def __init__(self, width, out, stride):
        super().__init__()
        self.depthwise, self.bn1 = nn.Conv2d(width, width, 3, stride, 1, groups=width, bias=False), nn.BatchNorm2d(width)
        self.pointwise, self.bn2 = nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        return F.relu(self.bn2(self.pointwise(F.relu(self.bn1(self.depthwise(x))))))


class MobileNetV1(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn, units, width = nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), [], 32
        for out in [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]:
            units.append(Separable(width, out, 2 if out > width and units else 1))
            width = out
        self.units, self.fc = nn.Sequential(*units), nn.Linear(1024, 1000)

    def forward(self, x):
        return self.fc(self.units(F.relu(self.bn(self.conv(x)))).mean((2, 3)))


def mobilenet_v1():
    return he(MobileNetV1()), (3, 224, 224)


class TinyYolo(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [3, 16, 32, 64, 128, 256, 512, 1024]
        self.features = nn.ModuleList(convolution(("conv", "bn"), a, b, 3) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for i, unit in enumerate(self.features):
            x = F.leaky_relu(unit(x), 0.1)
            if i == 4:
                fine = x
            if i < 5:
                x = F.max_pool2d(x, 2)
            elif i == 5:
                x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, 1)
        return fine, x


def yolov3_tiny():
    return he(TinyYolo()), (3, 416, 416)
