"""Networks that find things. Each function returns the network with random weights and the sizes of its input."""
import torch
from torch import nn

from layers import Unit


class Bottleneck(nn.Module):
    def __init__(self, width, shortcut=True):
        super().__init__()
        self.cv1, self.cv2, self.shortcut = Unit(width, width, 1), Unit(width, width, 3), shortcut

    def forward(self, x):
        return x + self.cv2(self.cv1(x)) if self.shortcut else self.cv2(self.cv1(x))


class C3(nn.Module):
    def __init__(self, width, out, depth, shortcut=True):
        super().__init__()
        self.cv1, self.cv2, self.cv3 = Unit(width, out // 2, 1), Unit(width, out // 2, 1), Unit(out, out, 1)
        self.m = nn.Sequential(*[Bottleneck(out // 2, shortcut) for _ in range(depth)])

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


class C2f(nn.Module):
    def __init__(self, width, out, depth, shortcut=True):
        super().__init__()
        self.cv1, self.cv2 = Unit(width, out, 1), Unit((2 + depth) * out // 2, out, 1)
        self.m = nn.ModuleList(Bottleneck(out // 2, shortcut) for _ in range(depth))

    def forward(self, x):
        parts = list(self.cv1(x).chunk(2, 1))
        for block in self.m:
            parts.append(block(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Sppf(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.cv1, self.cv2, self.pool = Unit(width, width // 2, 1), Unit(2 * width, width, 1), nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        parts = [self.cv1(x)]
        for _ in range(3):
            parts.append(self.pool(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Pyramid(nn.Module):
    """The backbone and neck of YOLOv5 and YOLOv8 (nano): features at strides 8, 16 and 32."""

    def __init__(self, block, first):
        super().__init__()
        self.down = nn.ModuleList([Unit(3, 16, first, 2), Unit(16, 32, 3, 2), Unit(32, 64, 3, 2), Unit(64, 128, 3, 2), Unit(128, 256, 3, 2)])
        self.stages = nn.ModuleList([nn.Identity(), block(32, 32, 1), block(64, 64, 2), block(128, 128, 2), block(256, 256, 1)])
        self.sppf, self.up = Sppf(256), nn.Upsample(scale_factor=2, mode="nearest")
        self.top1, self.top2 = block(384, 128, 1, False), block(192, 64, 1, False)
        self.down1, self.bottom1 = Unit(64, 64, 3, 2), block(192, 128, 1, False)
        self.down2, self.bottom2 = Unit(128, 128, 3, 2), block(384, 256, 1, False)

    def forward(self, x):
        seen = []
        for down, stage in zip(self.down, self.stages):
            x = stage(down(x))
            seen.append(x)
        coarse = self.sppf(x)
        middle = self.top1(torch.cat((self.up(coarse), seen[3]), 1))
        fine = self.top2(torch.cat((self.up(middle), seen[2]), 1))
        middle = self.bottom1(torch.cat((self.down1(fine), middle), 1))
        return fine, middle, self.bottom2(torch.cat((self.down2(middle), coarse), 1))


class Yolov5(nn.Module):
    def __init__(self, classes=80):
        super().__init__()
        self.pyramid, self.out = Pyramid(C3, 6), classes + 5
        self.heads = nn.ModuleList(nn.Conv2d(width, 3 * self.out, 1) for width in (64, 128, 256))
        self.register_buffer("anchors", torch.tensor([[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119], [116, 90, 156, 198, 373, 326]]).view(3, 3, 2).float())

    def forward(self, x):
        boxes = []
        for i, (head, y) in enumerate(zip(self.heads, self.pyramid(x))):
            n, _, height, width = y.shape
            y = head(y).view(n, 3, self.out, height, width).permute(0, 1, 3, 4, 2).contiguous()
            rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
            grid = torch.stack((columns, rows), 2).expand(1, 3, height, width, 2).float() - 0.5
            xy, wh, conf = y.sigmoid().split((2, 2, self.out - 4), 4)
            xy = (xy * 2 + grid) * (8 << i)
            wh = (wh * 2) ** 2 * self.anchors[i].view(1, 3, 1, 1, 2)
            boxes.append(torch.cat((xy, wh, conf), 4).view(n, 3 * height * width, self.out))
        return torch.cat(boxes, 1)


def yolov5():
    return Yolov5(), (3, 128, 128)


class Yolov8(nn.Module):
    def __init__(self, classes=80):
        super().__init__()
        self.pyramid, self.classes = Pyramid(C2f, 3), classes
        self.boxes = nn.ModuleList(nn.Sequential(Unit(width, 64), Unit(64, 64), nn.Conv2d(64, 64, 1)) for width in (64, 128, 256))
        self.scores = nn.ModuleList(nn.Sequential(Unit(width, 80), Unit(80, 80), nn.Conv2d(80, classes, 1)) for width in (64, 128, 256))
        self.expectation = nn.Conv2d(16, 1, 1, bias=False)
        self.expectation.weight.data = torch.arange(16.0).view(1, 16, 1, 1)

    def forward(self, x):
        seen, anchors, strides = [], [], []
        for i, y in enumerate(self.pyramid(x)):
            seen.append(torch.cat((self.boxes[i](y), self.scores[i](y)), 1).view(x.shape[0], 64 + self.classes, -1))
            rows, columns = torch.meshgrid(torch.arange(y.shape[2]) + 0.5, torch.arange(y.shape[3]) + 0.5, indexing="ij")
            anchors.append(torch.stack((columns, rows), -1).view(-1, 2))
            strides.append(torch.full((y.shape[2] * y.shape[3], 1), float(8 << i)))
        box, scores = torch.cat(seen, 2).split((64, self.classes), 1)
        anchors, strides = torch.cat(anchors).transpose(0, 1).unsqueeze(0), torch.cat(strides).transpose(0, 1)
        distances = self.expectation(box.view(x.shape[0], 4, 16, -1).transpose(2, 1).softmax(1)).view(x.shape[0], 4, -1)
        low, high = distances.chunk(2, 1)
        low, high = anchors - low, anchors + high
        return torch.cat((torch.cat(((low + high) / 2, high - low), 1) * strides, scores.sigmoid()), 1)


def yolov8():
    return Yolov8(), (3, 128, 128)


class Heads(nn.Module):
    """A detector of torchvision without the choice of boxes: what its backbone and head compute."""

    def __init__(self, detector):
        super().__init__()
        self.backbone, self.head = detector.backbone, detector.head

    def forward(self, x):
        found = self.head(list(self.backbone(x).values()))
        return found["bbox_regression"], found["cls_logits"]


def detector(name, size):
    from torchvision.models import detection
    return Heads(getattr(detection, name)(weights=None, weights_backbone=None)), (3, size, size)


def ssdlite():
    return detector("ssdlite320_mobilenet_v3_large", 320)


def ssd300():
    return detector("ssd300_vgg16", 300)


def retinanet():
    return detector("retinanet_resnet50_fpn", 128)
