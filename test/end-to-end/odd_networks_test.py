"""Odd networks, compiled, train and infer as the interpreter does in double precision.

    odd_networks_test.py cnnc cnnrt cnnc-interpret networks.dsl [cpu]

After some training, whose weights are no longer symmetric: the losses of three more steps, and every output of a batch of 1 and of 5.
"""
import itertools
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "trajectories"))
from arrays import read_npy  # noqa: E402
from inputs import write_npy  # noqa: E402

EXAMPLES = 12


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def write_random(path, tensor, source, count=EXAMPLES):
    """Standard normal values; labels below the smallest number of classes; probabilities where the target is one."""
    shape = (count, *tensor["shape"])
    if tensor["dtype"] == "i32":
        write_npy(path, "i", shape, [source.randrange(4) for _ in range(math.prod(shape))])
    else:
        write_npy(path, "f", shape, [source.random() for _ in range(math.prod(shape))])


def far(got, exact):
    """The largest difference as a share of the largest element."""
    return max(abs(a - b) for a, b in zip(got, exact, strict=True)) / max(max(map(abs, exact)), 1e-3)


def outputs_of(path):
    """{name: elements} of an .npz file."""
    with zipfile.ZipFile(path) as archive:
        folder = path.with_suffix("")
        archive.extractall(folder)
        return {pathlib.Path(name).stem: read_npy(folder / name) for name in archive.namelist()}


def check(cnnc, cnnrt, interpret, source, name, cpu, folder):
    """Yields (what, error, bound)."""
    library, module = folder / f"{name}.so", folder / f"{name}.mlir"
    run(cnnc, source, f"--model={name}", f"--cpu={cpu}", "-o", library)
    run(cnnc, source, f"--model={name}", "--emit=grad", "-o", module)
    note = json.loads(subprocess.run([cnnrt, "inspect", library, "--json"], check=True, capture_output=True).stdout)
    numbers = random.Random(name)
    weights = []
    if note["targets"]:
        files = [folder / f"{name}.{i}.npy" for i in range(1 + len(note["targets"]))]
        for file, tensor in zip(files, note["inputs"] + note["targets"], strict=True):
            write_random(file, tensor, numbers)
        data = "--data=" + ",".join(map(str, files))
        rates = [f"--set={hyper['name']}={hyper['value']}" for hyper in note["hypers"]]
        run(cnnrt, "train", library, f"--out={folder / name}", data, "--steps=4", "--batch=3", "--seed=3")
        weights = [f"--weights={folder / name / 'last.safetensors'}"]
        for batch in (1, 4):
            if batch == 1 and "batchnorm" in module.read_text() and math.prod(note["inputs"][0]["shape"][1:]) == 1:
                continue  # the variance of a single value
            log, exact = folder / f"{name}.log", folder / f"{name}.exact.log"
            run(cnnrt, "train", library, *weights, f"--log={log}", data, "--steps=3", f"--batch={batch}", "--no-shuffle")
            run(interpret, module, *weights, f"--log={exact}", data, "--train-steps=3", f"--batch={batch}", *rates)
            losses = [[json.loads(line)["loss"] for line in file.read_text().splitlines() if '"loss"' in line] for file in (log, exact)]
            yield f"losses in batches of {batch}", far(*losses), 1e-4
    for count in (1, 5):
        write_random(folder / "x.npy", note["inputs"][0], numbers, count)
        run(cnnrt, "run", library, *weights, "--in", folder / "x.npy", "--out", folder / "y.npz", f"--batch={count}")
        exact = {output["name"]: folder / f"{output['name']}.exact.npy" for output in note["outputs"]}
        run(interpret, module, *weights, "--in", folder / "x.npy", *itertools.chain(*(("--out", f"{key}={file}") for key, file in exact.items())))
        got = outputs_of(folder / "y.npz")
        for key, file in exact.items():
            yield f"'{key}' of {count}", far(got[key], read_npy(file)), 1e-5


def main(cnnc, cnnrt, interpret, source, cpu="native"):
    text = pathlib.Path(source).read_text()
    trained = set(re.findall(r"model = (\w+)", text))
    names = re.findall(r"^train (\w+)", text, re.M) + [name for name in re.findall(r"^model (\w+)", text, re.M) if name not in trained]
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            worst = 0
            for what, error, bound in check(cnnc, cnnrt, interpret, source, name, cpu, pathlib.Path(folder)):
                worst = max(worst, error / bound)
                if not error <= bound:
                    print(f"{name}: {what} off by {error:.2g}, more than {bound:.2g}")
                    failed += 1
            print(f"{name}: {worst:.2g} of the bound")
    print(f"{len(names)} networks, {failed} differences")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
