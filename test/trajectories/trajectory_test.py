"""Training follows double precision as closely as PyTorch in single precision does.

    trajectory_test.py cnnc cnnrt [network/optimizer ...]

Compiles LeNet-5 and ResNet-20, trains 50 steps from given weights on given data, and compares every loss with references.json, which
reference.py wrote: the largest relative distance from double precision may be twice PyTorch's, plus 1e-6.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import inputs

HERE = pathlib.Path(__file__).parent
SHAPES = {"lenet5": (1, 28, 28), "resnet20": (3, 32, 32)}
STEPS = 50


def distance(losses, exact):
    return max(abs(a - b) / abs(b) for a, b in zip(losses, exact, strict=True))


def losses(cnnc, cnnrt, network, optimizer, folder):
    library = folder / f"{network}_{optimizer}.so"
    subprocess.run([cnnc, HERE / f"{network}.dsl", f"--model={optimizer}", "-o", library], check=True)
    about = json.loads(subprocess.run([cnnrt, "inspect", library, "--json"], check=True, capture_output=True, text=True).stdout)
    parameters = [(p["name"], tuple(p["shape"])) for p in about["parameters"] if p["kind"] in ("weight", "buffer")]
    trained = [(p["name"], tuple(p["shape"])) for p in about["parameters"] if p["kind"] == "weight"]
    values = inputs.weights(trained) | inputs.weights([p for p in parameters if p not in trained])
    inputs.write_safetensors(folder / "init.safetensors", parameters, values)
    pixels, labels = inputs.images(SHAPES[network])
    inputs.write_npy(folder / "x.npy", "f", (inputs.EXAMPLES, *SHAPES[network]), pixels)
    inputs.write_npy(folder / "y.npy", "i", (inputs.EXAMPLES,), labels)
    log = folder / "loss.jsonl"
    subprocess.run([cnnrt, "train", library, f"--out={folder / 'run'}", f"--weights={folder / 'init.safetensors'}",
                    f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--no-shuffle", "--batch=32", f"--steps={STEPS}", f"--log={log}"],
                   check=True, stdout=subprocess.DEVNULL)
    steps = [json.loads(line) for line in log.read_text().splitlines()]
    return [entry["loss"] for entry in steps if "loss" in entry and "step" in entry][:STEPS]


def main(cnnc, cnnrt, *chosen):
    references = json.loads((HERE / "references.json").read_text())
    failed = False
    for name in chosen or references:
        network, optimizer = name.split("/")
        with tempfile.TemporaryDirectory() as folder:
            ours = losses(cnnc, cnnrt, network, optimizer, pathlib.Path(folder))
        exact = references[name]["float64"]
        allowed = 2 * distance(references[name]["float32"], exact) + 1e-6
        found = distance(ours, exact)
        print(f"{name}: {found:.3g} from double precision, {allowed:.3g} allowed", "" if found <= allowed else "FAILED")
        failed |= not found <= allowed
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
