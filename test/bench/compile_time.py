"""How long cnnc takes for ONNX files, cold and with a cache, and how much memory.

    compile_time.py cnnc folder [network…]

Writes ResNet-50, ResNet-152 and VGG-16 with random weights and batch norms, as training exports have them, and compiles each without a cache, into
an empty cache, again, and again after one layer has become narrower. Prints wall-clock and processor time in seconds, the size of the file and the
peak of memory in MB. The last two columns are what a change of the network costs.
"""
import array
import math
import os
import pathlib
import random
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "frontends/onnx"))
from onnxfile import graph, model, node, save, tensor, value  # noqa: E402

# Longer than a row of any layer and prime, so that no two channels have the same weights.
POOL = [random.Random(7).gauss(0, 1) for _ in range(65521)]


class Network:
    """Layers one after the other; each method takes and gives the name of a tensor."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, shape, scale, shift=0.0):
        count = math.prod(shape)
        values = array.array("f", [shift + scale * one for one in POOL[:count]])
        values = (values * (count // len(values) + 1))[:count]
        self.weights.append(tensor(name, shape, raw=values.tobytes()))
        return name

    def add(self, op, inputs, **attributes):
        name = f"{op}_{len(self.nodes)}"
        self.nodes.append(node(op, inputs, [name], name, **attributes))
        return name

    def convolution(self, x, width, out, kernel, stride=1, norm=True):
        at = f"conv{len(self.nodes)}"
        weight = self.weight(f"{at}.weight", [out, width, kernel, kernel], math.sqrt(2 / (width * kernel * kernel)))
        bias = [] if norm else [self.weight(f"{at}.bias", [out], 0.1)]
        x = self.add("Conv", [x, weight, *bias], kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4)
        if not norm:
            return x
        return self.add("BatchNormalization", [x, *(self.weight(f"{at}.{part}", [out], 0.05, shift) for part, shift in
                                                    (("scale", 1), ("shift", 0), ("mean", 0), ("var", 1)))])

    def dense(self, x, width, out):
        at = f"fc{len(self.nodes)}"
        return self.add("Gemm", [x, self.weight(f"{at}.weight", [out, width], math.sqrt(1 / width)), self.weight(f"{at}.bias", [out], 0.1)], transB=1)

    def write(self, path, y):
        content = graph(self.nodes, [value("image", ["N", 3, 224, 224])], [value(y)], self.weights)
        save(path, model(content))


def resnet(path, depths, narrow):
    """`narrow`: one of the inner layers has fewer channels."""
    net = Network()
    x = net.add("Relu", [net.convolution("image", 3, 64, 7, 2)])
    x, width = net.add("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]), 64
    for i, depth in enumerate(depths):
        for j in range(depth):
            inner = (64 << i) - (32 if narrow and (i, j) == (2, 3) else 0)
            stride = 2 if i and not j else 1
            y = net.add("Relu", [net.convolution(x, width, inner, 1)])
            y = net.add("Relu", [net.convolution(y, inner, inner, 3, stride)])
            y = net.convolution(y, inner, 256 << i, 1)
            x = net.add("Relu", [net.add("Add", [y, x if j else net.convolution(x, width, 256 << i, 1, stride)])])
            width = 256 << i
    net.write(path, net.dense(net.add("Flatten", [net.add("GlobalAveragePool", [x])]), width, 1000))


def vgg16(path, narrow):
    net, x, width = Network(), "image", 3
    for i, depth in enumerate([2, 2, 3, 3, 3]):
        for j in range(depth):
            out = (64 << min(i, 3)) - (32 if narrow and (i, j) == (3, 1) else 0)
            x, width = net.add("Relu", [net.convolution(x, width, out, 3, norm=False)]), out
        x = net.add("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    x = net.add("Relu", [net.dense(net.add("Flatten", [x]), 512 * 49, 4096)])
    net.write(path, net.dense(net.add("Relu", [net.dense(x, 4096, 4096)]), 4096, 1000))


NETWORKS = {"resnet50": lambda path, narrow: resnet(path, [3, 4, 6, 3], narrow), "resnet152": lambda path, narrow: resnet(path, [3, 8, 36, 3], narrow),
            "vgg16": vgg16}


def write(network, file, narrow):
    """In a process of its own: the peak of a process that is started counts the memory of the one that starts it."""
    child = os.fork()
    if child == 0:
        network(file, narrow=narrow)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"compile_time.py: cannot write {file}")


def measure(cnnc, file, folder, cache=None):
    """Seconds on the clock, seconds of the processor, MB at the peak."""
    start = time.time()
    arguments = [cnnc, file, "-o", folder / "net.so", *([f"--cache-dir={cache}"] if cache else [])]
    child = os.posix_spawn(cnnc, [str(one) for one in arguments], {key: one for key, one in os.environ.items() if key != "CNNC_CACHE_DIR"})
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"compile_time.py: cnnc failed on {file}")
    return time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(cnnc, folder, *names):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'':10} {'file MB':>8} {'peak MB':>8} {'cold s':>8} {'cpu s':>8} {'again s':>8} {'cpu s':>8} {'changed s':>9} {'cpu s':>8}", flush=True)
    for name in names or NETWORKS:
        file, changed, cache = folder / f"{name}.onnx", folder / f"{name}-changed.onnx", folder / f"{name}.cache"
        shutil.rmtree(cache, ignore_errors=True)
        write(NETWORKS[name], file, narrow=False)
        write(NETWORKS[name], changed, narrow=True)
        cold = measure(cnnc, file, folder)
        measure(cnnc, file, folder, cache)
        again, after = measure(cnnc, file, folder, cache), measure(cnnc, changed, folder, cache)
        print(f"{name:10} {file.stat().st_size / 1e6:8.0f} {cold[2]:8.0f} {cold[0]:8.1f} {cold[1]:8.1f} {again[0]:8.1f} {again[1]:8.1f} {after[0]:9.1f} "
              f"{after[1]:8.1f}", flush=True)
        for path in file, changed, folder / "net.so", folder / "net.h":
            path.unlink(missing_ok=True)
        shutil.rmtree(cache, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
