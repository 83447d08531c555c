"""A compiled network equals the interpreter, and its bits depend neither on threads nor on who shares the batch.

    inference_test.py cnnc cnnrt cnnc-interpret model.dsl train-block C,H,W [cpu]

The interpreter computes 2 examples in double precision; the library 128 at once, and 1, 2 and 7 of them with 1, 2 and 3 threads.
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "trajectories"))
import inputs  # noqa: E402
from arrays import read_npy  # noqa: E402


def main(cnnc, cnnrt, interpret, model, block, shape, cpu="native"):
    shape = tuple(int(size) for size in shape.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library, weights = folder / "model.so", folder / "w.safetensors"
        subprocess.run([cnnc, model, f"--model={block}", f"--cpu={cpu}", "-o", library], check=True)
        subprocess.run([cnnc, model, f"--model={block}", "--emit=grad", "-o", folder / "model.mlir"], check=True)
        pixels, labels = inputs.images(shape)
        size = len(pixels) // inputs.EXAMPLES

        def write(path, first, count):
            inputs.write_npy(path, "f", (count, *shape), pixels[first * size:(first + count) * size])

        # Weights and running statistics after some training.
        write(folder / "x.npy", 0, 64)
        inputs.write_npy(folder / "y.npy", "i", (64,), labels[:64])
        subprocess.run([cnnrt, "train", library, f"--out={folder / 'run'}", f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--steps=6", "--seed=5",
                        "--batch=16"], check=True, stdout=subprocess.DEVNULL)
        weights = folder / "run" / "last.safetensors"

        def run(first, count, threads):
            write(folder / "in.npy", first, count)
            subprocess.run([cnnrt, "run", library, f"--weights={weights}", "--in", folder / "in.npy", "--out", folder / "out.npy", f"--batch={count}",
                            f"--threads={threads}"], check=True, stdout=subprocess.DEVNULL)
            return read_npy(folder / "out.npy")

        whole = run(0, 128, 2)
        width = len(whole) // 128
        failed = False
        for count in (1, 2, 7, 128):
            for threads in (1, 2, 3):
                if run(128 - count, count, threads) != whole[-count * width:]:
                    print(f"batch {count} with {threads} threads: other bits than in a batch of 128")
                    failed = True
        write(folder / "in.npy", 0, 2)
        subprocess.run([interpret, folder / "model.mlir", "--function=infer", f"--weights={weights}", "--in", folder / "in.npy", "--out",
                        folder / "exact.npy"], check=True)
        exact = read_npy(folder / "exact.npy")
        error = max(abs(a - b) for a, b in zip(whole[:2 * width], exact, strict=True)) / max(abs(value) for value in exact)
        print(f"{pathlib.Path(model).name}: {error:.2g} of the largest output from double precision")
        return failed or not error <= 1e-5


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
