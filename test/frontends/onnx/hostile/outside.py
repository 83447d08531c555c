"""External data that lie, or seem to lie, outside of the model's folder, or are no data."""
import os
import pathlib

from onnxfile import *  # noqa: F403

X, Y = value("x", ["N", 2]), value("y")


def external(**keys):
    return model(graph([node("Add", ["x", "w"], ["y"], "it")], [X], [Y], [tensor("w", [2], external=keys)]))


def attribute_external(**keys):
    inner = tensor("w", [2], external=keys)
    return model(graph([node("Constant", [], ["w"], "it", raw_attributes=[block(1, "value") + block(5, inner) + integer(20, 4)]), node("Add", ["x", "w"], ["y"])], [X], [Y]))


PLACES = {
    "none": "none.bin", "empty": "", "dot": ".", "here": "./", "up": "..", "up-file": "../secret.bin", "up-later": "folder/../../secret.bin", "up-hidden": "folder/./..//../secret.bin",
    "absolute": "/etc/passwd", "absolute-twice": "//etc/passwd", "proc": "/proc/self/environ", "device": "/dev/zero", "folder": "folder", "folder-slash": "folder/",
    "file-below": "data.bin/x", "symlink": "link.bin", "symlink-out": "link-out.bin", "symlink-folder": "link-folder/secret.bin",
    "symlink-loop": "loop.bin", "symlink-proc": "link-proc", "hard-link": "hard.bin", "pipe": "pipe", "socket": "socket", "zero-byte": "data.bin\0.txt", "long": "a" * 5000,
    "deep": "a/" * 3000 + "b", "backslash": "..\\secret.bin", "home": "~/secret.bin", "url": "file:///etc/passwd", "self": "self.onnx", "bytes": b"\xff\xfe",
    "control": "a\n\x1b[31mb", "sparse": "sparse.bin",
}
NUMBERS = ("-1", "", " 4", "0x4", "1e3", "4 ", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "9", "+4", "٣")

FILES = {
    **{f"outside-{name}": external(location=place) if isinstance(place, str) else model(graph([node("Add", ["x", "w"], ["y"], "it")], [X], [Y], [
        tensor("w", [2]) + block(13, block(1, "location") + block(2, place)) + integer(14, 1)])) for name, place in PLACES.items()},
    **{f"outside-attribute-{name}": attribute_external(location=PLACES[name]) for name in ("up-file", "absolute", "symlink-out", "pipe")},
    **{f"outside-offset-{i}": external(location="data.bin", offset=number) for i, number in enumerate(NUMBERS)},
    **{f"outside-length-{i}": external(location="data.bin", length=number) for i, number in enumerate(NUMBERS)},
    "outside-no-location": external(offset=0),
    "outside-twice": model(graph([node("Add", ["x", "w"], ["y"], "it")], [X], [Y], [tensor("w", [2], external={"location": "data.bin"}) + block(13, block(1, "location") + block(2, "../secret.bin"))])),
    "outside-mode": model(graph([node("Add", ["x", "w"], ["y"], "it")], [X], [Y], [tensor("w", [2], [1.0, 2.0]) + integer(14, 1)])),
    "outside-huge": model(graph([node("Add", ["x", "w"], ["y"], "it")], [X], [Y], [tensor("w", [1 << 30], external={"location": "data.bin"})])),
}


def prepare(folder):
    """What the files lead to; `folder` is below another one that holds the secret."""
    folder = pathlib.Path(folder)
    (folder / "folder").mkdir(parents=True, exist_ok=True)
    for name in ("data.bin", "hard.bin", "../secret.bin"):
        (folder / name).write_bytes(b"\0" * 8)
    (folder / "sparse.bin").write_bytes(b"")
    os.truncate(folder / "sparse.bin", 4)
    os.link(folder / "hard.bin", folder / "hard-too.bin")
    for name, target in (("link.bin", "data.bin"), ("link-out.bin", "../secret.bin"), ("link-folder", ".."), ("loop.bin", "loop.bin"), ("link-proc", "/proc/self/environ")):
        os.symlink(target, folder / name)
    os.mkfifo(folder / "pipe")
    os.mknod(folder / "socket", 0o600 | 0o140000)
