"""A network out as ONNX and in again computes what it computed.

    round_trip.py cnnc cnnrt folder file.dsl|file.mlir model[=bound]…

For every model: the library from the file and the one from its ONNX file start from the same values, and answer
the same random images; the largest difference, as a share of the largest output, is at most `bound`, and 0 for equal graphs.
"""
import json
import pathlib
import random
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "trajectories"))
from arrays import read_npy  # noqa: E402
from inputs import write_npy  # noqa: E402

EXAMPLES = 3


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True).stdout


def outputs(cnnrt, library, arguments, folder):
    """[(name, elements)]."""
    path = folder / f"{library.stem}.npz"
    run(cnnrt, "run", library, *arguments, "--out", path, f"--batch={EXAMPLES}")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / library.stem)
        return sorted((name, read_npy(folder / library.stem / name)) for name in archive.namelist())


def difference(cnnc, cnnrt, source, model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    choice = [f"--model={model}"] if source.suffix == ".dsl" else []
    before, written, after = folder / "before.so", folder / "model.onnx", folder / "after.so"
    run(cnnc, source, *choice, "-o", before)
    run(cnnc, source, *choice, "-o", written)
    run(cnnc, written, "-o", after)
    arguments = []
    numbers = random.Random(model)
    for tensor in json.loads(run(cnnrt, "inspect", before, "--json"))["inputs"]:
        path, shape = folder / f"{tensor['name']}.npy", (EXAMPLES, *tensor["shape"])
        count = EXAMPLES
        for size in tensor["shape"]:
            count *= size
        write_npy(path, "f", shape, [numbers.gauss(0, 1) for _ in range(count)])
        arguments += ["--in", f"{tensor['name']}={path}"]
    largest = 0
    for (name, a), (other, b) in zip(outputs(cnnrt, before, arguments, folder), outputs(cnnrt, after, arguments, folder), strict=True):
        if name != other or len(a) != len(b) or len(set(a)) < 2:
            raise ValueError(f"outputs {name} and {other} of {model} are not alike, or all the same")
        largest = max(largest, max(abs(x - y) for x, y in zip(a, b, strict=True)) / max(map(abs, a)))
    return largest


def main(cnnc, cnnrt, folder, source, *models):
    failed = 0
    for model in models:
        name, _, bound = model.partition("=")
        error = difference(cnnc, cnnrt, pathlib.Path(source), name, pathlib.Path(folder) / name)
        print(f"{name}: {error:.1e} of {float(bound or 0):.0e} allowed")
        failed += not error <= float(bound or 0)
    print(f"{len(models)} networks, {failed} differ")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
