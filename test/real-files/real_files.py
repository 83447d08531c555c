"""Networks exported by PyTorch, Keras, Paddle and Caffe2, and trained ones from packages, compute what their frameworks compute.

    real_files.py cnnc cnnrt [case…]

Weights are random, batch norms have random factors and statistics, but for the trained. Two images: outputs agree to 1e-4 of the largest, and the two differ by 1e-2.
A framework that this Python lacks, and a network that its exporter refuses, is left out and said. Ends in a table of all cases.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy

HERE = pathlib.Path(__file__).parent

# The exporter of each family, the modules it needs, its cases.
FAMILIES = {
    "pytorch": ("pytorch_export.py", ["torch", "torchvision"], [
        "alexnet", "vgg11_bn", "resnext50_32x4d", "wide_resnet50_2", "googlenet", "inception_v3", "shufflenet_v2_x1_0", "mnasnet1_0", "squeezenet1_0",
        "densenet121", "mobilenet_v3_large", "efficientnet_v2_s", "regnet_x_400mf", "regnet_y_400mf", "convnext_tiny",
        "fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large", "ssdlite", "ssd300", "retinanet", "yolov5", "yolov8",
        "m5", "wav2letter", "tcn", "spectrogram_cnn", "crnn", "db_detector", "svtr", "r3d_18",
        "srcnn", "espcn", "edsr", "unet_transposed", "unet_bilinear", "unet_nearest", "dcgan", "fast_style",
        "mobilenet_v2:opset=9", "resnet18:opset=11", "mobilenet_v2:fixed", "resnet18:training"]),
    "pytorch-dynamo": ("pytorch_export.py", ["torch", "torchvision", "onnxscript"], [
        "resnet18:dynamo", "mobilenet_v3_small:dynamo", "shufflenet_v2_x0_5:dynamo", "convnext_tiny:dynamo", "vit_b_16:dynamo", "yolov8:dynamo",
        "unet_bilinear:dynamo", "mobilenet_v2:dynamo:fixed", "resnet18:dynamo:opset=23"]),
    "keras": ("keras_export.py", ["keras", "tensorflow", "tf2onnx"], [
        "lenet", "unet", "MobileNetV2", "ResNet50", "DenseNet121", "InceptionV3", "Xception", "NASNetMobile"]),
    "keras-torch": ("keras_export.py", ["keras", "torch", "onnx"], [
        "unet:torch", "MobileNetV2:torch", "ResNet50:torch", "EfficientNetB0:torch"]),
    "paddle": ("paddle_export.py", ["paddle", "paddle2onnx"], [
        "pp_lcnet", "mobilenet_v1", "mobilenet_v2", "mobilenet_v3_small", "resnet18"]),
    "caffe2": ("caffe2_export.py", ["onnx", "onnxruntime"], [
        "light_bvlc_alexnet", "light_densenet121", "light_inception_v1", "light_inception_v2", "light_resnet50", "light_shufflenet",
        "light_squeezenet", "light_vgg19", "light_zfnet512"]),
    "trained": ("trained_export.py", ["onnxruntime", "pip"], [
        "ppocr_det", "ppocr_rec", "ppocr_v2_rec", "nudenet", "chess_pieces", "ddddocr", "wakeword", "dnsmos"]),
}


def largest(array):
    return float(abs(array).max())


def worst(numbers):
    """The largest; NaN if one of them is."""
    return float(numpy.max(list(numbers)))


def run(cnnrt, library, images, count, folder):
    """The outputs for `images`, so many at once; nothing where the library takes other batches."""
    parts = []
    for i in range(0, len(images), count):
        numpy.save(folder / "x.npy", images[i:i + count])
        done = subprocess.run([cnnrt, "run", library, "--in", folder / "x.npy", "--out", folder / "out.npz", f"--batch={count}"], capture_output=True,
                              text=True)
        if done.returncode:
            return None, done.stderr.strip()
        with numpy.load(folder / "out.npz") as out:
            parts.append([out[key] for key in out.files])
    return [numpy.concatenate(one) for one in zip(*parts)], ""


def compare(cnnc, cnnrt, case, folder):
    """A line of the table and whether the case has passed."""
    with numpy.load(folder / f"{case}.npz") as data:
        images, expected = data["in"], [data[key] for key in data.files if key.startswith("out")]
        arguments = [str(one) for one in data["arguments"]] if "arguments" in data.files else []
    library, start = folder / "net.so", time.time()
    done = subprocess.run([cnnc, folder / f"{case}.onnx", "-o", library, *arguments], capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        return f"refused: {(errors or [done.stderr])[0].strip()}", False
    seconds = time.time() - start
    # A network that mixes the examples of a batch takes one at a time.
    results, why = run(cnnrt, library, images, 2, folder)
    if results is None:
        results, why = run(cnnrt, library, images, 1, folder)
    if results is None:
        return f"does not run: {why}", False
    error = worst(largest(result.reshape(wanted.shape) - wanted) / largest(wanted) for result, wanted in zip(results, expected, strict=True))
    difference = worst(largest(wanted[0] - wanted[1]) / largest(wanted) for wanted in expected)
    good = error <= 1e-4 and difference >= 1e-2
    return f"{'passed' if good else 'wrong'}: error {error:.1e}, images differ by {difference:.2g}, {seconds:.1f} s to compile", good


def missing(modules):
    """The reason why a family is left out, or nothing."""
    done = subprocess.run([sys.executable, "-c", "import " + ", ".join(modules)], capture_output=True, text=True)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def main(cnnc, cnnrt, *wanted):
    table, failed = [], 0

    def report(family, case, text):
        table.append((family, case, text))
        print(f"{family} {case}: {text}", flush=True)

    for family, (exporter, modules, known) in FAMILIES.items():
        cases = [case for case in known if not wanted or case in wanted or family in wanted]
        if not cases:
            continue
        if why := missing(modules):
            report(family, f"{len(cases)} networks", f"left out: {why}")
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            # The exporter goes on while its last file is compared.
            process = subprocess.Popen([sys.executable, HERE / exporter, folder, *cases], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            for line in process.stdout:
                case, _, rest = line.strip().partition(" ")
                if case in cases and rest:
                    report(family, case, f"left out: {rest}")
                elif case in cases:
                    text, good = compare(cnnc, cnnrt, case, folder)
                    failed += not good
                    report(family, case, text)
                    for file in folder.glob(f"{case}.*"):
                        file.unlink()
            if process.wait():
                report(family, exporter, f"wrong: ends with {process.returncode}")
                failed += 1
    passed = sum(text.startswith("passed") for _, _, text in table)
    print()
    for family, case, text in table:
        print(f"{family:15} {case:32} {text}")
    print(f"{passed} passed, {failed} failed, {len(table) - passed - failed} left out")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
