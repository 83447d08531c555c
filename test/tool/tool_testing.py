"""What the tests of cnnrt share: running it, and writing the files it reads."""

import gzip
import json
import os
import random
import shutil
import struct
import subprocess
import tempfile
import unittest

CNNRT = os.environ["CNNRT"]
FIXTURE = os.environ["FIXTURE"]
PAIR = os.environ["PAIR"]
PAIR_INFER = os.environ["PAIR_INFER"]


def cnnrt(*arguments, **options):
    """Runs the tool and returns (exit code, standard output, standard error)."""
    result = subprocess.run([CNNRT, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)
    return result.returncode, result.stdout, result.stderr


def npy(path, descr, shape, raw):
    """Writes a version 1.0 .npy file whose header claims `descr` and `shape`."""
    dims = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, dims)
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + raw)


def idx(path, shape, raw):
    """Writes an IDX file of bytes, compressed if the name says so."""
    data = struct.pack(">BBBB", 0, 0, 8, len(shape)) + struct.pack(">%dI" % len(shape), *shape) + raw
    with (gzip.open if str(path).endswith(".gz") else open)(path, "wb") as file:
        file.write(data)


def read_npy(path):
    """The shape's text and the values of a float32 .npy file."""
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack_from("<H", data, 8)[0]
    header = data[10:10 + length].decode()
    values = struct.unpack_from("<%df" % ((len(data) - 10 - length) // 4), data, 10 + length)
    return header[header.index("'shape': ") + 9:header.rindex(")") + 1], values


class ToolTest(unittest.TestCase):
    """A test with a folder of its own and a learnable data set x.npy, y.npy of four features and three classes."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cnnrt-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        numbers = random.Random(1)
        rows = [[numbers.gauss(0, 1) for _ in range(4)] for _ in range(96)]
        self.labels = [max(range(3), key=lambda c: row[c]) for row in rows]
        npy(self.path("x.npy"), "<f4", [96, 4], b"".join(struct.pack("<4f", *row) for row in rows))
        npy(self.path("y.npy"), "<i8", [96], struct.pack("<96q", *self.labels))
        self.data = "--data=%s,%s" % (self.path("x.npy"), self.path("y.npy"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def succeed(self, *arguments):
        code, output, error = cnnrt(*arguments)
        self.assertEqual(code, 0, error)
        return output

    def expect_error(self, text, *arguments, code=1):
        """One line on standard error that holds `text`, nothing on standard output."""
        got, output, error = cnnrt(*arguments)
        self.assertEqual(got, code, error)
        self.assertIn(text, error)
        self.assertEqual(output, "")
        self.assertEqual(error.count("\n"), 1, error)
        self.assertTrue(error.startswith("cnnrt: "), error)

    def train(self, out, *arguments):
        return self.succeed("train", FIXTURE, self.data, "--out=" + self.path(out), *arguments)

    def losses(self, name):
        lines = [json.loads(line) for line in self.read(name).splitlines()]
        return [(line["step"], line["loss"]) for line in lines if "loss" in line]
