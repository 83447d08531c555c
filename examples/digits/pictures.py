#!/usr/bin/env python3
"""Digits as files for the demo, and as pictures in the terminal.

pictures.py export <data folder> <output folder>
    writes, each image enlarged to 28x28 as the recipe's `resize = 28` does:
    train.f32, train.i32   256 training images and their labels, raw floats and integers, for main.c
    test.f32, test.i32     the test images and their labels
    test.npy               the test images for `cnnrt run`
    seven.png              one of them as a picture
pictures.py show <logits.npy> <test.f32> <test.i32>
    draws some digits with what the network thinks they are, mistakes last.
"""
import array
import gzip
import math
import pathlib
import struct
import sys
import zlib

SIDE = 28


def read_idx(path):
    """Returns (dimensions, bytes) of a gzipped IDX file."""
    data = gzip.open(path).read()
    rank = data[3]
    return struct.unpack(f">{rank}I", data[4:4 + 4 * rank]), data[4 + 4 * rank:]


def enlarge(image, side):
    """Bilinear with half-pixel centres, from side x side bytes to SIDE x SIDE floats."""
    taps = []
    for i in range(SIDE):
        at = max((i + 0.5) * side / SIDE - 0.5, 0)
        low = min(int(at), side - 1)
        taps.append((low, min(low + 1, side - 1), at - low))
    rows = [[image[y * side + a] * (1 - t) + image[y * side + b] * t for a, b, t in taps] for y in range(side)]
    return [rows[a][x] * (1 - t) + rows[b][x] * t for a, b, t in taps for x in range(SIDE)]


def npy(values, shape):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values.tobytes()


def read_npy(path):
    """Returns the floats of a .npy file."""
    data = path.read_bytes()
    values = array.array("f")
    values.frombytes(data[10 + struct.unpack("<H", data[8:10])[0]:])
    return values


def png(values):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + bytes(round(v) for v in values[y * SIDE:(y + 1) * SIDE]) for y in range(SIDE))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def export(data, out):
    for part, count in (("train", 256), ("test", None)):
        (total, side, _), pixels = read_idx(data / f"{part}-images-idx3-ubyte.gz")
        _, labels = read_idx(data / f"{part}-labels-idx1-ubyte.gz")
        count = count or total
        images = array.array("f")
        for i in range(count):
            images.extend(enlarge(pixels[i * side * side:(i + 1) * side * side], side))
        (out / f"{part}.f32").write_bytes(images.tobytes())
        (out / f"{part}.i32").write_bytes(array.array("i", list(labels[:count])).tobytes())
    (out / "test.npy").write_bytes(npy(images, (count, 1, SIDE, SIDE)))
    seven = labels.index(7)
    (out / "seven.png").write_bytes(png(images[seven * SIDE * SIDE:(seven + 1) * SIDE * SIDE]))


def picture(image):
    """Eight lines of text: two rows of pixels each, four grey levels by density."""
    def shade(y, x):
        block = [image[(2 * y + dy) * SIDE + 2 * x + dx] for dy in (0, 1) for dx in (0, 1)]
        return " ░▒▓█"[min(int(sum(block) / 4 / 52), 4)]
    return ["".join(shade(y, x) for x in range(SIDE // 2)) for y in range(SIDE // 2)]


def show(logits, images, labels):
    classes = len(logits) // len(labels)
    cells = []
    for i, label in enumerate(labels):
        scores = logits[i * classes:(i + 1) * classes]
        top = max(range(classes), key=scores.__getitem__)
        probability = 1 / sum(math.exp(s - scores[top]) for s in scores)
        cells.append((top != label, i, f"{top} ({100 * probability:.0f} %)" + (f", is {label}" if top != label else "")))
    wrong = [cell for cell in cells if cell[0]]
    chosen = cells[:10 - min(len(wrong), 5)] + wrong[:5]
    for row in (chosen[:5], chosen[5:10]):
        pictures = [picture(images[i * SIDE * SIDE:(i + 1) * SIDE * SIDE]) for _, i, _ in row]
        for lines in zip(*pictures):
            print("  ".join(f"{line:16}" for line in lines).rstrip())
        print("  ".join(f"{text:16}" for _, _, text in row) + "\n")
    print(f"{len(labels) - len(wrong)} of {len(labels)} test digits right")


def numbers(kind, path):
    values = array.array(kind)
    values.frombytes(pathlib.Path(path).read_bytes())
    return values


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "export":
        export(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    elif len(sys.argv) == 5 and sys.argv[1] == "show":
        show(read_npy(pathlib.Path(sys.argv[2])), numbers("f", sys.argv[3]), numbers("i", sys.argv[4]))
    else:
        sys.exit(__doc__)
