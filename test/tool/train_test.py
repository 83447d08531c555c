"""Training from the command line, on the fixture's linear classifier."""

import json
import os
import pty
import signal
import subprocess
import time
import unittest

from tool_testing import CNNRT, FIXTURE, ToolTest, cnnrt


class TrainTest(ToolTest):
    def test_learns_and_writes_its_files(self):
        result = json.loads(self.train("run", "--json"))
        self.assertEqual(result["steps"], 60)
        names = sorted(os.listdir(self.path("run")))
        self.assertEqual(names, ["best.safetensors", "checkpoint-000000036.safetensors", "checkpoint-000000048.safetensors", "checkpoint-000000060.safetensors", "curve.svg", "last.safetensors", "log.jsonl"])
        scores = json.loads(self.succeed("eval", FIXTURE, self.data, "--weights=" + self.path("run/best.safetensors"), "--json"))
        self.assertGreater(scores["accuracy"], 0.9)

    def test_resume_is_bit_exact(self):
        self.train("whole", "--steps=40")
        self.train("parts", "--steps=17")
        self.train("parts", "--steps=40", "--resume")
        for name in ["last.safetensors", "checkpoint-000000040.safetensors"]:
            whole, parts = self.read("whole/" + name), self.read("parts/" + name)
            self.assertEqual(whole, parts, name)
        self.assertEqual(self.losses("whole/log.jsonl"), self.losses("parts/log.jsonl"))

    def test_resume_keeps_the_settings_of_the_run(self):
        self.train("whole", "--steps=40", "--set", "optimizer.lr=0.03")
        self.train("parts", "--steps=20", "--set", "optimizer.lr=0.03")
        self.succeed("train", FIXTURE, "--out=" + self.path("parts"), "--resume", "--steps=40")
        self.assertEqual(self.read("whole/last.safetensors"), self.read("parts/last.safetensors"))

    def test_bits_do_not_depend_on_threads(self):
        self.train("one", "--threads=1")
        self.train("three", "--threads=3")
        self.assertEqual(self.read("one/last.safetensors"), self.read("three/last.safetensors"))

    def test_seed_changes_the_run(self):
        self.train("a", "--seed=1", "--steps=5")
        self.train("b", "--seed=2", "--steps=5")
        self.assertNotEqual(self.read("a/last.safetensors"), self.read("b/last.safetensors"))

    def test_log_has_a_line_for_each_step(self):
        self.succeed("train", FIXTURE, self.data, "--no-shuffle", "--batch=32", "--steps=7", "--log=" + self.path("loss.jsonl"))
        losses = self.losses("loss.jsonl")
        self.assertEqual([step for step, _ in losses], list(range(1, 8)))
        self.assertLess(losses[-1][1], losses[0][1])

    def test_schedule_changes_the_logged_learning_rate(self):
        self.train("run", "--steps=6", "--set", "schedule=multistep(at: [2 steps, 4 steps], factor: 0.5)")
        rates = [json.loads(line)["lr"] for line in self.read("run/log.jsonl").splitlines()]
        first = rates[0]
        self.assertEqual(rates, [first, first, first / 2, first / 2, first / 4, first / 4])

    def test_validation_chooses_the_best(self):
        data = 'data=npy(x: "%s", y: "%s")' % (self.path("x.npy"), self.path("y.npy"))
        output = self.succeed("train", FIXTURE, "--out=" + self.path("run"), "--json", "--set", data, "--set", "validation=25%", "--set", 'checkpoint=every(1 epoch, keep: 1, best: "val.loss")')
        result = json.loads(output)
        self.assertEqual(result["best"]["metric"], "loss")
        epochs = [json.loads(line) for line in self.read("run/log.jsonl").splitlines() if b"val_loss" in line]
        self.assertEqual(len(epochs), 5)
        self.assertEqual(result["best"]["value"], min(epoch["val_loss"] for epoch in epochs))
        self.assertEqual(sum(name.startswith("checkpoint-") for name in os.listdir(self.path("run"))), 1)

    def test_resume_inside_an_epoch_with_validation(self):
        data = 'data=npy(x: "%s", y: "%s")' % (self.path("x.npy"), self.path("y.npy"))
        settings = ["--set", data, "--set", "validation=25%", "--set", "schedule=cosine(over: 40 steps)", "--set", "checkpoint=every(4 steps)", "--seed=5"]
        self.succeed("train", FIXTURE, "--out=" + self.path("whole"), *settings, "--steps=40")
        self.succeed("train", FIXTURE, "--out=" + self.path("parts"), *settings, "--steps=13")
        self.succeed("train", FIXTURE, "--out=" + self.path("parts"), *settings, "--steps=22", "--resume")
        self.succeed("train", FIXTURE, "--out=" + self.path("parts"), *settings, "--steps=40", "--resume")
        for name in ["best.safetensors", "last.safetensors", "log.jsonl"]:
            self.assertEqual(self.read("whole/" + name), self.read("parts/" + name), name)

    def test_progress_bar_only_on_a_terminal(self):
        self.assertNotIn("left", self.train("plain"))
        controller, terminal = pty.openpty()
        process = subprocess.Popen([CNNRT, "train", FIXTURE, self.data, "--out=" + self.path("run"), "--steps=400000"], stdout=terminal)
        os.close(terminal)
        shown = b""
        deadline = time.time() + 20
        while b"left" not in shown and time.time() < deadline:
            shown += os.read(controller, 4096)
        process.send_signal(signal.SIGINT)
        try:
            while chunk := os.read(controller, 4096):
                shown += chunk
        except OSError:
            pass  # the other end is closed
        os.close(controller)
        self.assertEqual(process.wait(20), 128 + signal.SIGINT)
        text = shown.decode()
        self.assertRegex(text, r"%  epoch \d+  loss \d\.\d+  left \d+ ")
        self.assertIn("interrupted after", text)

    def test_early_stopping(self):
        data = 'data=npy(x: "%s", y: "%s")' % (self.path("x.npy"), self.path("y.npy"))
        output = self.succeed("train", FIXTURE, "--out=" + self.path("run"), "--json", "--set", data, "--set", "validation=25%", "--set", "optimizer.lr=0", "--set", "stop=early(patience: 2, max: 50 epochs)")
        result = json.loads(output)
        self.assertTrue(result["stopped_early"])
        self.assertEqual(result["epochs"], 3)

    def test_interrupt_saves_and_resumes(self):
        process = subprocess.Popen([CNNRT, "train", FIXTURE, self.data, "--out=" + self.path("run"), "--steps=100000000"], stdout=subprocess.DEVNULL)
        deadline = time.time() + 20
        while not os.path.exists(self.path("run/log.jsonl")) and time.time() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 128 + signal.SIGTERM)
        self.assertIn("last.safetensors", os.listdir(self.path("run")))
        self.assertFalse([name for name in os.listdir(self.path("run")) if ".tmp" in name])
        code, output, error = cnnrt("train", FIXTURE, "--out=" + self.path("run"), "--resume", "--steps=1")
        self.assertEqual(code, 0, error)
        self.assertIn("resuming at step", output)


if __name__ == "__main__":
    unittest.main()
