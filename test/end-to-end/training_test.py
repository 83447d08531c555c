"""Training gives the same bits with any number of threads, whichever of them did what.

    training_test.py cnnc cnnrt model.dsl train-block C,H,W

Trains the same few steps with 1, 2 and 3 threads, and twice with 2, and compares the weight files.
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "trajectories"))
import inputs  # noqa: E402

EXAMPLES = 46  # in batches of 23: the parts are unequal, whatever their number


def main(cnnc, cnnrt, model, block, shape):
    shape = tuple(int(size) for size in shape.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library = folder / "model.so"
        subprocess.run([cnnc, model, f"--model={block}", "-o", library], check=True)
        pixels, labels = inputs.images(shape)
        size = len(pixels) // inputs.EXAMPLES
        inputs.write_npy(folder / "x.npy", "f", (EXAMPLES, *shape), pixels[:EXAMPLES * size])
        inputs.write_npy(folder / "y.npy", "i", (EXAMPLES,), labels[:EXAMPLES])

        def train(run, threads):
            subprocess.run([cnnrt, "train", library, f"--out={folder / run}", f"--data={folder / 'x.npy'},{folder / 'y.npy'}", "--steps=4",
                            "--batch=23", "--seed=3", f"--threads={threads}"], check=True, stdout=subprocess.DEVNULL)
            return (folder / run / "last.safetensors").read_bytes()

        alone = train("1", 1)
        failed = False
        for run, threads in (("2", 2), ("3", 3), ("2 again", 2)):
            if train(run, threads) != alone:
                print(f"{pathlib.Path(model).name}: {threads} threads give other weights than one")
                failed = True
        return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
