"""Networks of the zoo, written as ONNX, are accepted by its checker and by ONNX Runtime, which computes what the library does.

    onnx_files.py cnnc cnnrt examples/zoo [network…]

Weights and the statistics of batch norms are random. Two images of one batch: outputs agree to 1e-5 of the largest, and to a thousandth of what
the two differ by, which in deep networks is little: random layers bring all images closer together. Where ONNX Runtime is farther, rounding may be
its own: then ONNX's evaluator, in double precision, says what is right. The library from the ONNX file computes the same as that from the text, to 1e-6.
"""
import functools
import re
import subprocess
import sys

import numpy
import onnx
import onnxruntime
import safetensors.numpy
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from cases import failures


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def draw(name, shape, numbers):
    """Kernels that keep the size of activations, factors and variances near 1, small addends."""
    if len(shape) > 1:
        return numbers.standard_normal(shape) * numpy.sqrt(2 / numpy.prod(shape[1:]))
    if name.endswith(("weight", "running_var")):
        return numbers.uniform(0.8, 1.2, shape)
    return 0.02 * numbers.standard_normal(shape)


def weights_of(model, module, numbers):
    """One tensor for each parameter of the module; other initializers are constants of a layer."""
    names = set(re.findall(r'cnn\.parameter @"?([^" ]+)"? ', module))
    return {one.name: draw(one.name, list(one.dims), numbers).astype("f4") for one in model.graph.initializer if one.name in names}


def far(result, expected):
    return max(abs(a - b).max() / abs(b).max() for a, b in zip(result, expected, strict=True))


def widen(tensor):
    if tensor.data_type == onnx.TensorProto.FLOAT:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("f8"), tensor.name))


def exact(model, names, images):
    """The outputs in double precision."""
    for tensor in (*model.graph.initializer, *(attribute.t for one in model.graph.node for attribute in one.attribute)):
        widen(tensor)
    for one in (*model.graph.input, *model.graph.output):
        one.type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    return ReferenceEvaluator(model).run(names, {model.graph.input[0].name: images.astype("f8")})


def answer(cnnrt, library, images, names, folder):
    out = folder / f"{library.stem}.npz"
    run(cnnrt, "run", library, "--in", images, "--out", out, "--batch=2")
    found = numpy.load(out)
    return [found[name] for name in names]


def compare(cnnc, cnnrt, file, name, folder):
    """True if something is wrong."""
    numbers = numpy.random.default_rng(5)
    choice, written, weights = [file, f"--model={name}"], folder / "m.onnx", folder / "w.safetensors"
    run(cnnc, *choice, "-o", written)
    module = subprocess.run([cnnc, *choice, "--emit=cnn"], check=True, capture_output=True, text=True).stdout
    safetensors.numpy.save_file(weights_of(onnx.load(written), module, numbers), weights)
    run(cnnc, *choice, f"--weights={weights}", "-o", written)
    onnx.checker.check_model(str(written), full_check=True)
    session = onnxruntime.InferenceSession(str(written), providers=["CPUExecutionProvider"])
    source = session.get_inputs()[0]
    images = numbers.standard_normal([2, *source.shape[1:]]).astype("f4")
    images[1] *= numpy.linspace(-2, 2, images.shape[-1], dtype="f4")
    numpy.save(folder / "x.npy", images)
    names = [output.name for output in session.get_outputs()]
    expected = session.run(names, {source.name: images})
    run(cnnc, *choice, f"--weights={weights}", "-o", folder / "a.so")
    run(cnnc, written, "-o", folder / "b.so")
    direct, again = (answer(cnnrt, folder / library, folder / "x.npy", names, folder) for library in ("a.so", "b.so"))
    error, change = far(direct, expected), far(again, direct)
    sight = min(abs(one[0] - one[1]).max() / abs(one).max() for one in expected)
    limit = min(1e-5, 1e-3 * sight)
    print(f"{name}: {error:.1e} of the largest output from ONNX Runtime, {change:.1e} from the file's library; two images differ by {sight:.2g}",
          flush=True)
    if error > limit:
        right = exact(onnx.load(written), names, images)
        print(f"{name}: {far(expected, right):.1e} from double precision is ONNX Runtime, and {far(direct, right):.1e} the library", flush=True)
        error = far(direct, right)
    return not (error <= limit and change <= 1e-6 and sight >= 1e-3)


def main(cnnc, cnnrt, zoo, *names):
    failed = failures(functools.partial(compare, cnnc, cnnrt), zoo, names)
    if failed:
        print("too far from ONNX Runtime, or blind to the image:", *failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
