#!/usr/bin/env python3
"""raw.py <data folder> <output folder>: digits as files that a small C program can read.

Each image is enlarged to 28x28 as the recipe's `resize = 28` does. Written are
    train.f32, train.i32   256 training images and their labels, raw floats and integers
    test.f32, test.i32     the test images and their labels
    seven.png              a test image for `cnnrt run`
"""
import array
import gzip
import pathlib
import struct
import sys
import zlib

SIDE = 28
TRAIN = 256


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


def png(values):
    """Returns a grey PNG of SIDE x SIDE values in 0...255."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + bytes(round(v) for v in values[y * SIDE:(y + 1) * SIDE]) for y in range(SIDE))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main(data, out):
    for part in ("train", "test"):
        (count, side, _), pixels = read_idx(data / f"{part}-images-idx3-ubyte.gz")
        _, labels = read_idx(data / f"{part}-labels-idx1-ubyte.gz")
        labels = list(labels[:TRAIN if part == "train" else count])
        images = array.array("f")
        for i in range(len(labels)):
            images.extend(enlarge(pixels[i * side * side:(i + 1) * side * side], side))
        (out / f"{part}.f32").write_bytes(images.tobytes())
        (out / f"{part}.i32").write_bytes(array.array("i", labels).tobytes())
    seven = labels.index(7) * SIDE * SIDE
    (out / "seven.png").write_bytes(png(images[seven:seven + SIDE * SIDE]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
