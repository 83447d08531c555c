"""Every example compiles, trains and does what its file says."""

import json
import os
import random
import struct
import subprocess
import unittest

from tool_testing import ToolTest, cnnrt, npy

CNNC = os.environ["CNNC"]
EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "examples")


class ExamplesTest(ToolTest):
    def compile(self, name):
        """Compiles an example and returns its library."""
        library = self.path(name + ".so")
        result = subprocess.run([CNNC, os.path.join(EXAMPLES, name, name + ".dsl"), "-o", library], capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return library

    def train_example(self, name, *arguments):
        library = self.compile(name)
        result = json.loads(self.succeed("train", library, "--out=" + self.path("run-" + name), "--json", *arguments))
        return library, result

    def digits(self):
        return ["--set", 'data=idx("%s")' % os.path.join(EXAMPLES, "digits", "data")]

    def weights(self, name):
        """The tensors of last.safetensors."""
        data = self.read("run-%s/last.safetensors" % name)
        length = struct.unpack_from("<Q", data)[0]
        header = json.loads(data[8:8 + length])
        values = {}
        for tensor, entry in header.items():
            if tensor != "__metadata__":
                begin, end = entry["data_offsets"]
                values[tensor] = struct.unpack_from("<%df" % ((end - begin) // 4), data, 8 + length + begin)
        return values

    def test_linear_finds_2x_plus_1(self):
        self.train_example("linear")
        weights = self.weights("linear")
        self.assertAlmostEqual(weights["line.weight"][0], 2, delta=1e-3)
        self.assertAlmostEqual(weights["line.bias"][0], 1, delta=1e-3)

    def test_perceptron_separates_its_points(self):
        library, _ = self.train_example("perceptron")
        scores = json.loads(self.succeed("eval", library, "--weights=" + self.path("run-perceptron/last.safetensors"), "--set", "metrics=[accuracy()]", "--json"))
        self.assertEqual(scores["accuracy"], 1)

    def test_digits(self):
        for name, steps in [("mlp", 120), ("digits", 120), ("deepconvnet", 6)]:
            library, result = self.train_example(name, *self.digits(), "--steps=%d" % steps)
            self.assertEqual(result["steps"], steps)
            scores = json.loads(self.succeed("eval", library, *self.digits(), "--weights=" + self.path("run-%s/best.safetensors" % name), "--json"))
            self.assertEqual(scores["examples"], 355)
            self.assertGreater(scores["accuracy"], 0.85 if steps > 100 else 0.02, name)
            self.succeed("check-grad", library, "--batch=2")
        # The kinks of ReLU and max pooling are no errors of 3 %, but they are some.
        code, output, error = cnnrt("check-grad", library, "--batch=2", "--tolerance=1e-6")
        self.assertEqual(code, 1, output)
        self.assertRegex(error, "[0-9]+ of 16 gradients differ from central differences by more than 1e-06 of their size")

    def test_resnet20_trains(self):
        numbers = random.Random(3)
        os.makedirs(self.path("cifar"))
        for batch in ["data_batch_%d" % i for i in range(1, 6)] + ["test_batch"]:
            with open(self.path("cifar/%s.bin" % batch), "wb") as file:
                for label in range(10):
                    file.write(bytes([label]) + numbers.randbytes(3072))
        _, result = self.train_example("resnet20", "--set", 'data=cifar10("%s")' % self.path("cifar"), "--batch=15", "--steps=3")
        self.assertEqual(result["steps"], 3)
        self.assertIn("top_5", result["val"])

    def test_twoclass_trains(self):
        library = self.compile("twoclass")
        note = json.loads(self.succeed("inspect", library, "--json"))
        shape = note["inputs"][0]["shape"]
        size = shape[0] * shape[1] * shape[2]
        numbers = random.Random(4)
        labels = [i % 2 for i in range(32)]
        npy(self.path("x.npy"), "|u1", [32] + shape, b"".join(bytes(numbers.choices(range(128 * label, 128 * label + 128), k=size)) for label in labels))
        npy(self.path("y.npy"), "|u1", [32], bytes(labels))
        data = "--data=%s,%s" % (self.path("x.npy"), self.path("y.npy"))
        result = json.loads(self.succeed("train", library, data, "--out=" + self.path("run"), "--steps=4", "--json"))
        self.assertEqual(result["steps"], 4)


if __name__ == "__main__":
    unittest.main()
