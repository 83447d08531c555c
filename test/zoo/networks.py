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


class Neocognitron(nn.Module):
    def __init__(self):
        super().__init__()
        for i, (width, planes) in enumerate([(1, 12), (12, 38), (38, 32)]):
            self.add_module(f"s{i + 1}", nn.ModuleDict({"excitatory": nn.Conv2d(width, planes, 3, padding=1, bias=False),
                                                        "inhibitory": nn.Conv2d(1, planes, 1, bias=False)}))
        self.s4 = nn.Conv2d(32, 10, 3)

    def forward(self, x):
        for part in self.s1, self.s2, self.s3:
            seen = F.avg_pool2d(x * x, 3, 1, 1).mean(1, keepdim=True)
            inhibition = F.relu(part["inhibitory"]((seen + 1e-4).sqrt()))
            x = F.softsign(F.avg_pool2d(F.relu((part["excitatory"](x) + 1) / (inhibition + 1) - 1), 5, 2, 2))
        return self.s4(x).flatten(1)


def neocognitron():
    return he(Neocognitron()), (1, 19, 19)


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
    def __init__(self, heads):
        super().__init__()
        widths = [3, 16, 32, 64, 128, 256, 512, 1024]
        self.features = nn.ModuleList(convolution(("conv", "bn"), a, b, 3) for a, b in zip(widths, widths[1:]))
        self.heads = heads
        if heads:
            for name, width, out, kernel in ("shared", 1024, 256, 1), ("coarse", 256, 512, 3), ("lateral", 256, 128, 1), ("fine", 384, 256, 3):
                self.add_module(name, convolution(("conv", "bn"), width, out, kernel))
            self.coarse_boxes, self.fine_boxes = nn.Conv2d(512, 255, 1), nn.Conv2d(256, 255, 1)

    def forward(self, x):
        def unit(part, y):
            return F.leaky_relu(part(y), 0.1)

        for i, part in enumerate(self.features):
            x = unit(part, x)
            if i == 4:
                fine = x
            if i < 5:
                x = F.max_pool2d(x, 2)
            elif i == 5:
                x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, 1)
        if not self.heads:
            return fine, x
        shared = unit(self.shared, x)
        near = torch.cat([F.interpolate(unit(self.lateral, shared), scale_factor=2), fine], 1)
        return self.coarse_boxes(unit(self.coarse, shared)), self.fine_boxes(unit(self.fine, near))


def yolov3_tiny_backbone():
    return he(TinyYolo(heads=False)), (3, 416, 416)


def yolov3_tiny():
    return he(TinyYolo(heads=True)), (3, 416, 416)


def bright(module):
    """Activations so large that local response normalisation changes them."""
    he(module).conv1.weight.data *= 100
    return module


class Towers(nn.Module):
    """AlexNet and ZFNet: five convolutions, three dense layers; `norm_first` before pooling."""

    def __init__(self, convolutions, pad, norm_first):
        super().__init__()
        self.pad, self.norm_first = pad, norm_first
        for i, (width, out, kernel, arguments) in enumerate(convolutions):
            self.add_module(f"conv{i + 1}", nn.Conv2d(width, out, kernel, **arguments))
        self.fc6, self.fc7, self.fc8 = nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)

    def shrink(self, x):
        return F.max_pool2d(F.pad(x, (0, self.pad, 0, self.pad), value=-torch.inf), 3, 2)

    def forward(self, x):
        norm = nn.LocalResponseNorm(5)
        for conv in self.conv1, self.conv2:
            x = F.relu(conv(x))
            x = self.shrink(norm(x)) if self.norm_first else norm(self.shrink(x))
        x = F.relu(self.conv5(F.relu(self.conv4(F.relu(self.conv3(x))))))
        return self.fc8(F.relu(self.fc7(F.relu(self.fc6(F.max_pool2d(x, 3, 2).flatten(1))))))


def alexnet_2012():
    return bright(Towers([(3, 96, 11, {"stride": 4}), (96, 256, 5, {"padding": 2, "groups": 2}), (256, 384, 3, {"padding": 1}),
                          (384, 384, 3, {"padding": 1, "groups": 2}), (384, 256, 3, {"padding": 1, "groups": 2})], 0, True)), (3, 227, 227)


def zfnet():
    return bright(Towers([(3, 96, 7, {"stride": 2, "padding": 1}), (96, 256, 5, {"stride": 2}), (256, 384, 3, {"padding": 1}),
                          (384, 384, 3, {"padding": 1}), (384, 256, 3, {"padding": 1})], 1, False)), (3, 224, 224)


class Inception(nn.Module):
    def __init__(self, width, widths):
        super().__init__()
        a, b, c, d, e, f = widths
        for name, inputs, out, kernel in (("1x1", width, a, 1), ("3x3_reduce", width, b, 1), ("3x3", b, c, 3), ("5x5_reduce", width, d, 1),
                                          ("5x5", d, e, 5), ("pool_proj", width, f, 1)):
            self.add_module(name, nn.Conv2d(inputs, out, kernel, padding=kernel // 2))

    def forward(self, x):
        parts = dict(self.named_children())
        return F.relu(torch.cat([parts["1x1"](x), parts["3x3"](F.relu(parts["3x3_reduce"](x))), parts["5x5"](F.relu(parts["5x5_reduce"](x))),
                                 parts["pool_proj"](F.max_pool2d(x, 3, 1, 1))], 1))


class Auxiliary(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv, self.fc, self.classifier = nn.Conv2d(width, 128, 1), nn.Linear(2048, 1024), nn.Linear(1024, 1000)

    def forward(self, x):
        return self.classifier(F.relu(self.fc(F.relu(self.conv(F.avg_pool2d(x, 5, 3))).flatten(1))))


class GoogLeNet(nn.Module):
    MODULES = {"3a": (192, [64, 96, 128, 16, 32, 32]), "3b": (256, [128, 128, 192, 32, 96, 64]), "4a": (480, [192, 96, 208, 16, 48, 64]),
               "4b": (512, [160, 112, 224, 24, 64, 64]), "4c": (512, [128, 128, 256, 24, 64, 64]), "4d": (512, [112, 144, 288, 32, 64, 64]),
               "4e": (528, [256, 160, 320, 32, 128, 128]), "5a": (832, [256, 160, 320, 32, 128, 128]), "5b": (832, [384, 192, 384, 48, 128, 128])}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Module(), nn.Module()
        self.conv1.add_module("7x7_s2", nn.Conv2d(3, 64, 7, 2, 3))
        self.conv2.add_module("3x3_reduce", nn.Conv2d(64, 64, 1))
        self.conv2.add_module("3x3", nn.Conv2d(64, 192, 3, padding=1))
        for name, (width, widths) in self.MODULES.items():
            self.add_module(f"inception_{name}", Inception(width, widths))
        self.loss1, self.loss2, self.classifier = Auxiliary(512), Auxiliary(528), nn.Linear(1024, 1000)

    def forward(self, x):
        def pool(y):
            return F.max_pool2d(y, 3, 2, ceil_mode=True)

        norm, parts = nn.LocalResponseNorm(5), dict(self.named_modules())
        x = norm(pool(F.relu(parts["conv1.7x7_s2"](x))))
        x = pool(norm(F.relu(parts["conv2.3x3"](F.relu(parts["conv2.3x3_reduce"](x))))))
        seen = {}
        for name in self.MODULES:
            x = seen[name] = parts[f"inception_{name}"](x)
            if name in ("3b", "4e"):
                x = pool(x)
        return self.classifier(x.mean((2, 3))), self.loss1(seen["4a"]), self.loss2(seen["4d"])


def googlenet_2014():
    network = he(GoogLeNet())
    dict(network.named_modules())["conv1.7x7_s2"].weight.data *= 100
    return network, (3, 224, 224)


class UNet(nn.Module):
    WIDTHS = [64, 128, 256, 512]

    def __init__(self):
        super().__init__()

        def pair(name, width, out, **extra):
            part = nn.ModuleDict({"conv1": nn.Conv2d(width, out, 3), "conv2": nn.Conv2d(out, out, 3), **extra})
            self.add_module(name, part)

        for i, width in enumerate(self.WIDTHS):
            pair(f"down{i + 1}", 1 if i == 0 else width // 2, width)
            pair(f"up{i + 1}", 2 * width, width, up=nn.ConvTranspose2d(2 * width, width, 2, 2))
        pair("bottom", 512, 1024)
        self.head = nn.Conv2d(64, 2, 1)

    def forward(self, x):
        def pair(name, y):
            part = getattr(self, name)
            return F.relu(part["conv2"](F.relu(part["conv1"](y))))

        seen = []
        for i in range(4):
            seen.append(pair(f"down{i + 1}", x))
            x = F.max_pool2d(seen[-1], 2)
        x = pair("bottom", x)
        for i in reversed(range(4)):
            x = getattr(self, f"up{i + 1}")["up"](x)
            cut = (seen[i].shape[2] - x.shape[2]) // 2
            x = pair(f"up{i + 1}", torch.cat([seen[i][:, :, cut:cut + x.shape[2], cut:cut + x.shape[3]], x], 1))
        return self.head(x)


def unet():
    return he(UNet()), (1, 572, 572)
