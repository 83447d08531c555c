"""A model with two inputs, two outputs and a wrong gradient; and one without training."""

import json
import struct
import unittest
import zipfile
import zlib

from tool_testing import FIXTURE, PAIR, PAIR_INFER, ToolTest, cnnrt, npy, read_npy


def png(path, width, height, grey):
    """Writes rows of grey bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + grey[width * y:width * (y + 1)] for y in range(height))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class PairTest(ToolTest):
    def setUp(self):
        super().setUp()
        npy(self.path("image.npy"), "|u1", [5, 1, 4, 4], bytes(range(80)))
        npy(self.path("scale.npy"), "<f4", [5, 1], struct.pack("<5f", 1, 1, 2, 2, 3))
        npy(self.path("label.npy"), "<i4", [5], struct.pack("<5i", 0, 1, 0, 1, 0))
        self.inputs = ["--in", "image=" + self.path("image.npy"), "--in", "scale=" + self.path("scale.npy")]
        self.triple = "--data=%s,%s,%s" % tuple(self.path(name + ".npy") for name in ["image", "scale", "label"])

    def test_outputs_by_name(self):
        self.succeed("run", PAIR, *self.inputs, "--out", self.path("all.npz"), "--batch=2")
        with zipfile.ZipFile(self.path("all.npz")) as archive:
            self.assertEqual(sorted(archive.namelist()), ["logits.npy", "mean.npy"])
            archive.extract("mean.npy", self.folder)
        self.assertEqual(read_npy(self.path("mean.npy")), ("(5, 1)", (7.5, 23.5, 39.5, 55.5, 71.5)))

    def test_answers_in_words(self):
        lines = self.succeed("run", PAIR, *self.inputs).splitlines()
        self.assertRegex(lines[0], r"^logits: [01] \(\d+ %\), [01] \(\d+ %\)$")
        self.assertEqual(lines[1], "mean: 7.5")

    def test_image_is_resized(self):
        png(self.path("a.png"), 8, 8, bytes([40]) * 64)
        npy(self.path("one.npy"), "<f4", [1], struct.pack("<f", 1))
        output = self.succeed("run", PAIR, "--in", "image=" + self.path("a.png"), "--in", "scale=" + self.path("one.npy"))
        self.assertIn("mean: 40\n", output)

    def test_input_errors(self):
        image, scale = self.inputs[1], self.inputs[3]
        self.expect_error("the model has 2 inputs: give --in name=file for each of image, scale", "run", PAIR, "--in", self.path("image.npy"), code=2)
        self.expect_error("input 'scale' is missing: give --in scale=file", "run", PAIR, "--in", image, code=2)
        self.expect_error("the model has no input 'imagee'; did you mean 'image'", "run", PAIR, "--in", "imagee=x.npy", code=2)
        self.expect_error("the model has 2 outputs: give --out all.npz", "run", PAIR, "--in", image, "--in", scale, "--out", self.path("y.npy"), code=2)
        npy(self.path("scale.npy"), "<f4", [4, 1], bytes(16))
        self.expect_error("input 'image' has 5 examples and 'scale' has 4", "run", PAIR, "--in", image, "--in", scale)

    def test_trains_and_shows(self):
        self.succeed("train", PAIR, self.triple, "--out=" + self.path("run"), "--steps=3")
        output = self.succeed("eval", PAIR, self.triple, "--weights=" + self.path("run/last.safetensors"), "--show=5")
        self.assertEqual(len(output.splitlines()), 2 * 10 + 1)
        self.assertRegex(output, r"[01] \(\d+ %\) +[01] \(\d+ %\)")
        self.assertIn("is 0              is 1", output)
        self.expect_error("--show draws images, the model's 'x' takes none (rank 1)", "eval", FIXTURE, self.data, "--show=2")

    def test_checkpoint_of_another_model(self):
        self.train("run", "--steps=3")
        code, _, error = cnnrt("train", PAIR, self.triple, "--out=" + self.path("run"), "--resume")
        self.assertEqual(code, 1)
        self.assertIn("belongs to another model (graph 00000000000000f1, ", error)
        self.assertIn("no usable checkpoint in", error)

    def test_resume_with_other_data(self):
        self.train("run", "--steps=3")
        npy(self.path("x.npy"), "<f4", [80, 4], bytes(80 * 16))
        npy(self.path("y.npy"), "|u1", [80], bytes(80))
        self.expect_error("was trained on 96 examples, the data now has 80", "train", FIXTURE, self.data, "--out=" + self.path("run"), "--resume", "--json")

    def test_wrong_gradient_is_found(self):
        code, output, error = cnnrt("check-grad", PAIR, "--json")
        self.assertEqual(code, 1)
        self.assertIn("1 of 2 gradients differ from central differences by more than 0.03 of their size", error)
        weight, bias = json.loads(output)
        self.assertTrue(weight["passed"])
        self.assertLess(weight["max_relative_error"], 0.01)
        self.assertFalse(bias["passed"])
        self.assertAlmostEqual(bias["max_relative_error"], 1 / 3, 2)

    def test_flops(self):
        for extra, flops in [([], 80), (["--train"], 240)]:
            result = json.loads(self.succeed("bench", PAIR, "--batch=4", "--seconds=0.02", "--json", *extra))
            self.assertAlmostEqual(result["gflops"], 4 * flops / (result["median_ms"] * 1e6), 6)

    def test_without_training(self):
        text = "was compiled without training: add a train block to the model, or use cnnc --train"
        self.expect_error(text, "train", PAIR_INFER, "--out=" + self.path("run"), "--set", 'data=idx("a")')
        self.expect_error(text, "check-grad", PAIR_INFER)
        self.expect_error(text, "bench", PAIR_INFER, "--train")
        self.assertIn("mean: 7.5\n", self.succeed("run", PAIR_INFER, *self.inputs))
        self.assertNotIn("training", self.succeed("inspect", PAIR_INFER))


if __name__ == "__main__":
    unittest.main()
