"""The command line: errors name a remedy, exit codes tell whose fault it was, nothing half-written stays."""

import json
import os
import shutil
import struct
import subprocess
import unittest
import zipfile

from tool_testing import CNNRT, FIXTURE, ToolTest, cnnrt, npy, read_npy


class UsageTest(ToolTest):
    def test_wrong_usage_is_2(self):
        self.expect_error("subcommand is required", code=2)
        self.expect_error("was not expected", "train", FIXTURE, "--sede=3", code=2)
        self.expect_error("library is required", "inspect", code=2)
        self.expect_error("--out=FOLDER", "train", FIXTURE, self.data, code=2)
        self.expect_error("--set takes key=value", "train", FIXTURE, self.data, "--out=" + self.path("r"), "--set", "batch", code=2)
        self.expect_error("--data got 1 files, the model takes 2: x,label", "train", FIXTURE, "--data=x.npy", "--out=" + self.path("r"), code=2)
        self.expect_error("--resume needs --out", "train", FIXTURE, "--log=" + self.path("l"), "--resume", code=2)
        self.expect_error("leave out --weights", "train", FIXTURE, "--out=" + self.path("r"), "--resume", "--weights=w", code=2)

    def test_numbers_of_options(self):
        for number in ["0", "-1", "many", "1e999", "nan"]:
            self.expect_error("--batch: got '%s', expected a number above 0" % number, "bench", FIXTURE, "--batch=" + number, code=2)
        self.expect_error("--threads: Value 4000000 not in range", "bench", FIXTURE, "--threads=4000000", code=2)

    def test_names_of_data(self):
        for data, missing in [(",", 1), ("x.npy,", 2), (",y.npy", 1)]:
            self.expect_error("--data is '%s', where file %d has no name" % (data, missing), "eval", FIXTURE, "--data=" + data, code=2)

    def test_what_cannot_be_printed(self):
        """A full disk behind standard output is an error; a closed one is no file that is written by accident."""
        for arguments in ["inspect '%s'" % FIXTURE, "run '%s' --in '%s'" % (FIXTURE, self.path("x.npy")), "--help"]:
            result = subprocess.run(["bash", "-c", "exec '%s' %s >/dev/full" % (CNNRT, arguments)], capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stderr.count("\n")), (1, 1), result.stderr)
            self.assertIn("cannot write standard output: No space left on device", result.stderr)
        for closed in [">&-", "2>&-", "<&- >&- 2>&-"]:
            out = self.path("closed")
            shutil.rmtree(out, ignore_errors=True)
            command = "exec '%s' train '%s' '%s' --steps=3 --out='%s' %s" % (CNNRT, FIXTURE, self.data, out, closed)
            self.assertEqual(subprocess.run(["bash", "-c", command], capture_output=True).returncode, 0)
            self.assertNotIn(b"done after", b"".join(self.read("closed/" + name) for name in os.listdir(out)))

    def test_help_has_examples(self):
        for command in ["train", "eval", "run", "bench", "check-grad", "inspect"]:
            self.assertIn("cnnrt %s " % command, self.succeed(command, "--help").split("Examples:")[1])


class SetTest(ToolTest):
    def refuse(self, text, *sets):
        arguments = [argument for one in sets for argument in ("--set", one)]
        self.expect_error(text, "train", FIXTURE, self.data, "--out=" + self.path("run"), *arguments)

    def test_compiled_keys(self):
        for key in ["model=a()", "loss=b()", "optimizer=adam()", "freeze=[]", "init=he()", "normalize=c()"]:
            self.refuse("'%s' is compiled into the library: use cnnc --set %s" % (key.split("=")[0], key), key)
        self.refuse("'optimizer.decay_on' is compiled into the library", 'optimizer.decay_on="*"')
        self.refuse("'clip' is compiled into the library", "clip=1")

    def test_unknown_keys(self):
        self.refuse("unknown recipe key 'bacth'; did you mean 'batch'", "bacth=3")
        self.refuse("the compiled optimizer has no 'momentun'; did you mean 'optimizer.momentum'", "optimizer.momentun=0.5")
        self.refuse("'schedule' has no arguments to set", "schedule.factor=2")

    def test_values(self):
        self.refuse("schedule is 80, expected a call", "schedule=80")
        self.refuse("stop is 80, it needs a unit: '10 epochs' or '500 steps'", "stop=80")
        self.refuse("batch is 0, expected a whole number from 1", "batch=0")
        self.refuse("optimizer.lr is \"fast\", expected a number", "optimizer.lr=fast")
        for number in ["-0.1", "1e39"]:
            self.refuse("optimizer.lr is %s, expected a number of at least 0" % number, "optimizer.lr=" + number)
        self.refuse("validation is 120%, expected 0% to 100%", "validation=120%")
        self.refuse("shuffle is 1, expected true or false", "shuffle=1")
        self.refuse("unknown unit 'parsecs'", "stop=3 parsecs")
        self.refuse("expected ')' at character", "schedule=cosine(over: 3 epochs")
        self.refuse("unknown schedule 'cosin'; did you mean 'cosine'", "schedule=cosin()")
        self.refuse("'step' has no argument 'facter'; did you mean 'factor'", "schedule=step(every: 1 epoch, facter: 2)")
        self.refuse("'step' needs its argument 'factor'", "schedule=step(every: 1 epoch)")
        self.refuse("unknown metric 'acuracy'; did you mean 'accuracy'", "metrics=[acuracy()]")
        self.refuse("unknown augmentation 'hflop'; did you mean 'hflip'", "augment=[hflop(50%)]")
        self.refuse("augment works on images", "augment=[hflip(50%)]")
        self.refuse("the test part is never used to choose", 'checkpoint=every(1 epoch, best: "test.accuracy")')
        self.refuse("watches the validation part and there is none", "stop=early(patience: 2, max: 9 epochs)")
        self.refuse("not among the recipe's metrics", "validation=10%", 'checkpoint=every(1 epoch, best: "val.top_5")')
        self.refuse("unknown data source 'idy'; did you mean 'idx'", 'data=idy("a")')
        self.assertFalse(os.path.exists(self.path("run")))


class DataTest(ToolTest):
    def refuse(self, text, *arguments):
        self.expect_error(text, "train", FIXTURE, "--out=" + self.path("run"), *arguments)

    def test_no_data(self):
        self.refuse("names no data: give --data=x.npy,y.npy or --set data=…")

    def test_labels_out_of_range(self):
        npy(self.path("y.npy"), "<i8", [96], struct.pack("<96q", *[7] * 96))
        self.refuse("has the label 7 at example 0, the model knows 0 to 2", self.data)

    def test_counts_differ(self):
        npy(self.path("y.npy"), "|u1", [95], bytes(95))
        self.refuse("has 96 examples and '%s' has 95" % self.path("y.npy"), self.data)

    def test_shapes_differ(self):
        npy(self.path("x.npy"), "<f4", [96, 5], bytes(96 * 20))
        self.refuse("has examples of shape [5], the model's 'x' takes [4]", self.data)

    def test_missing(self):
        self.refuse("cannot find the data", "--data=%s,%s" % (self.path("no.npy"), self.path("y.npy")))

    def test_relative_paths(self):
        """The folder the command runs in comes first, then the library's; --data knows only the first."""
        os.makedirs(self.path("lib/data"))
        os.makedirs(self.path("here"))
        library = shutil.copy(FIXTURE, self.path("lib"))
        for name in ["x.npy", "y.npy"]:
            shutil.copy(self.path(name), self.path("lib/data"))
        data = 'data=npy(x: "data/x.npy", y: "data/y.npy")'
        train = ["train", library, "--log=" + self.path("log"), "--steps=1", "--set", data]
        self.assertEqual(cnnrt(*train, cwd=self.path("here"))[0], 0)
        os.makedirs(self.path("here/data"))
        npy(self.path("here/data/x.npy"), "<f4", [2, 5], bytes(40))
        code, _, error = cnnrt(*train, cwd=self.path("here"))
        self.assertEqual(code, 1)
        self.assertIn("'./data/x.npy' has 2 examples and '%s' has 96" % self.path("lib/data/y.npy"), error)
        os.remove(self.path("lib/data/y.npy"))
        _, _, error = cnnrt(*train, cwd=self.path("here"))
        self.assertIn("cannot find the data 'data/y.npy' (looked for 'data/y.npy', '%s')" % self.path("lib/data/y.npy"), error)
        _, _, error = cnnrt(*train[:4], "--data=x.npy,y.npy", cwd=self.path("here/data"))
        self.assertIn("cannot find the data '%s'" % os.path.realpath(self.path("here/data/y.npy")), error)

    def test_not_enough_points(self):
        self.refuse("row 2 of points has 3 numbers, the model's inputs and targets take 5", "--set", "data=points([[1, 2, 3, 4, 0], [1, 2, 3]])")


class RunFolderTest(ToolTest):
    def test_does_not_overwrite_a_run(self):
        self.train("run", "--steps=3")
        self.expect_error("already holds a run: continue it with --resume", "train", FIXTURE, self.data, "--out=" + self.path("run"))

    def test_resume_with_another_batch(self):
        self.train("run", "--steps=3")
        self.expect_error("the run was started with batch = 8, not 16", "train", FIXTURE, "--out=" + self.path("run"), "--resume", "--batch=16")

    def test_damaged_checkpoint_falls_back(self):
        self.train("run", "--steps=30")
        self.train("whole", "--steps=40")
        names = sorted(name for name in os.listdir(self.path("run")) if name.startswith("checkpoint"))
        newest = self.path("run/" + names[-1])
        data = bytearray(self.read("run/" + names[-1]))
        data[-5] ^= 1
        with open(newest, "wb") as file:
            file.write(data)
        code, output, error = cnnrt("train", FIXTURE, self.data, "--out=" + self.path("run"), "--resume", "--steps=40")
        self.assertEqual(code, 0, error)
        self.assertIn("does not match its hash; trying an older checkpoint", error)
        self.assertIn(names[-2], output)
        self.assertEqual(self.read("run/last.safetensors"), self.read("whole/last.safetensors"))

    def test_full_disk_leaves_the_old_file(self):
        self.train("run", "--steps=3")
        before = self.read("run/last.safetensors")
        # A limit on file size stands in for a full disk.
        command = "trap '' XFSZ; ulimit -f 1; exec '%s' train '%s' --out='%s' --resume --steps=9" % (CNNRT, FIXTURE, self.path("run"))
        result = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr, "cannot write '.*': File too large; free some space")
        self.assertEqual(self.read("run/last.safetensors"), before)
        self.assertFalse([name for name in os.listdir(self.path("run")) if ".tmp" in name])

    def test_out_is_a_file(self):
        self.expect_error("cannot make folder", "train", FIXTURE, self.data, "--out=" + self.path("x.npy"))

    def test_weights_of_another_model(self):
        with open(self.path("w.safetensors"), "wb") as file:
            header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  '
            file.write(struct.pack("<Q", len(header)) + header + bytes(4))
        self.expect_error("cannot use the weights in", "eval", FIXTURE, self.data, "--weights=" + self.path("w.safetensors"))
        with open(self.path("w.safetensors"), "wb") as file:
            file.write(b"torch")
        self.expect_error("cannot use", "eval", FIXTURE, self.data, "--weights=" + self.path("w.safetensors"))

    def test_loss_gone(self):
        code, _, error = cnnrt("train", FIXTURE, self.data, "--out=" + self.path("run"), "--set", "optimizer.lr=1e38")
        self.assertEqual(code, 1)
        self.assertRegex(error, "(the loss|the gradient of '(weight|bias)') is not finite at step [0-9]+: lower optimizer.lr")
        self.assertIn("check the data; no checkpoint had been written yet\n", error)
        self.assertEqual(error.count("\n"), 1, error)
        self.train("run", "--steps=14")
        code, _, error = cnnrt("train", FIXTURE, self.data, "--out=" + self.path("run"), "--resume", "--steps=30", "--set", "optimizer.lr=1e38")
        self.assertEqual(code, 1)
        self.assertIn("check the data; the checkpoint of step 14 is intact\n", error)
        code, _, error = cnnrt("train", FIXTURE, self.data, "--log=" + self.path("log.jsonl"), "--set", "optimizer.lr=1e38")
        self.assertEqual(code, 1)
        self.assertTrue(error.endswith("check the data\n"), error)
        self.assertFalse([name for name in os.listdir(self.path("run")) if ".tmp" in name])


class RunTest(ToolTest):
    def test_arrays(self):
        self.train("run")
        weights = "--weights=" + self.path("run/best.safetensors")
        self.succeed("run", FIXTURE, weights, "--in", self.path("x.npy"), "--out", self.path("o.npy"), "--batch=7")
        shape, values = read_npy(self.path("o.npy"))
        self.assertEqual(shape, "(96, 3)")
        right = sum(max(range(3), key=lambda c: values[3 * i + c]) == label for i, label in enumerate(self.labels))
        scores = json.loads(self.succeed("eval", FIXTURE, self.data, weights, "--json"))
        self.assertAlmostEqual(scores["accuracy"], right / 96)
        self.succeed("run", FIXTURE, weights, "--in", "x=" + self.path("x.npy"), "--out", self.path("o.npz"))
        with zipfile.ZipFile(self.path("o.npz")) as archive:
            self.assertEqual(archive.namelist(), ["logits.npy"])
            self.assertEqual(archive.read("logits.npy"), self.read("o.npy"))
        printed = self.succeed("run", FIXTURE, weights, "--in", self.path("x.npy")).splitlines()
        self.assertEqual(len(printed), 96)
        for text, value in zip(printed[0].split(), values):
            self.assertAlmostEqual(float(text), value, 5)

    def test_one_example_without_the_batch(self):
        npy(self.path("one.npy"), "<f8", [4], struct.pack("<4d", 1, 2, 3, 4))
        self.assertEqual(len(self.succeed("run", FIXTURE, "--in", self.path("one.npy")).splitlines()), 1)

    def test_errors(self):
        x = self.path("x.npy")
        self.expect_error("ends in .npy or .npz", "run", FIXTURE, "--in", x, "--out", self.path("o.txt"), code=2)
        self.expect_error("has no input 'y'", "run", FIXTURE, "--in", "y=" + x, code=2)
        self.expect_error("is given twice", "run", FIXTURE, "--in", "x=" + x, "--in", "x=" + x, code=2)
        self.expect_error("takes [n, 4]", "run", FIXTURE, "--in", self.path("y.npy"))
        self.expect_error("is an image and the model's 'x' takes none", "run", FIXTURE, "--in", self.path("a.png"))
        self.expect_error("cannot write", "run", FIXTURE, "--in", x, "--out", self.path("no/o.npy"))
        self.assertFalse(os.path.exists(self.path("o.txt")))


class MeasureTest(ToolTest):
    def test_bench(self):
        for extra in [[], ["--train"]]:
            result = json.loads(self.succeed("bench", FIXTURE, "--batch=4", "--seconds=0.05", "--json", *extra))
            self.assertGreater(result["min_ms"], 0)
            self.assertLessEqual(result["min_ms"], result["median_ms"])
            self.assertIsNone(result["gflops"])

    def test_check_grad(self):
        checks = json.loads(self.succeed("check-grad", FIXTURE, "--json"))
        self.assertEqual([check["name"] for check in checks], ["weight", "bias"])
        self.assertTrue(all(check["passed"] and check["gradient_norm"] > 0 for check in checks))
        self.assertIn("max relative error", self.succeed("check-grad", FIXTURE, self.data))

    def test_inspect(self):
        note = json.loads(self.succeed("inspect", FIXTURE, "--json"))
        self.assertEqual(note["graph_hash"], "00000000000000f1")
        text = self.succeed("inspect", FIXTURE)
        for line in ["input      x: f32[N, 4]  four features", "target     label: i32[N]", "weight     weight [3, 4]", "cpu        x86-64"]:
            self.assertIn(line, text)


if __name__ == "__main__":
    unittest.main()
