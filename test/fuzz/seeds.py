"""Writes what the fuzzers start from: small files of each kind, one folder for each target.

    seeds.py repository folder
"""
import pathlib
import shutil
import sys

TEST = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TEST / "frontends" / "onnx"), str(TEST / "frontends" / "onnx" / "hostile")]
import networks  # noqa: E402
import operators  # noqa: E402
import outside  # noqa: E402
import refused  # noqa: E402
import sizes  # noqa: E402
import structure  # noqa: E402

LONGEST = 8192


def onnx(root):
    yield from networks.NETWORKS.items()
    yield from ((f"refused-{name}", content) for name, (content, _) in refused.CASES.items())
    yield from [*structure.FILES.items(), *structure.SUSPECT.items(), *sizes.FILES.items(), *sizes.SUSPECT.items(), *outside.FILES.items()]
    for op, attributes in operators.found(root / "frontends" / "onnx").items():
        yield f"op-{op}", operators.single(op, attributes)


def dsl(root):
    for path in sorted([*root.glob("test/**/*.dsl"), *root.glob("examples/**/*.dsl")]):
        yield "-".join(path.relative_to(root).parts), path.read_bytes()


def corpus(name):
    return lambda root: ((path.name, path.read_bytes()) for path in sorted((root / "test" / "fuzz" / "corpus" / name).iterdir()))


TARGETS = {"onnx": onnx, "dsl": dsl, "readers": corpus("readers"), "safetensors": corpus("safetensors")}


def main(repository, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for target, seeds in TARGETS.items():
        into = pathlib.Path(folder) / target
        into.mkdir(parents=True)
        for name, content in seeds(pathlib.Path(repository)):
            if len(content) <= LONGEST:
                (into / name).write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
