"""Training killed with SIGKILL at random moments and resumed: no checkpoint lost, the final weights equal to the bit.

CNNC_TEST_ALL in the environment: 100 kills instead of a handful.
"""

import os
import random
import re
import subprocess
import time
import unittest

from tool_testing import CNNRT, FIXTURE, ToolTest

KILLS, INSIDE = (100, 30) if os.environ.get("CNNC_TEST_ALL") else (6, 1)


def temporaries(folder):
    return [name for name in os.listdir(folder) if re.search(r"checkpoint-.*\.tmp", name)]


class KillTest(ToolTest):
    def command(self, out, steps, *arguments):
        # A checkpoint at each step: most of the time is spent inside a write.
        return [CNNRT, "train", FIXTURE, self.data, "--out=" + self.path(out), "--steps=%d" % steps, "--set", "checkpoint=every(1 step, keep: 2)", "--threads=1", *arguments]

    def newest(self, out):
        steps = [int(match[1]) for name in os.listdir(self.path(out)) if (match := re.fullmatch(r"checkpoint-(\d+)\.safetensors", name))]
        return max(steps, default=0)

    def test_killed_runs_end_in_the_same_bits(self):
        moments = random.Random(7)
        kills = inside = reached = 0
        while kills < KILLS or inside < INSIDE:
            process = subprocess.Popen(self.command("killed", 10**9, "--resume"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            time.sleep(0.01 + 0.08 * moments.random())
            process.kill()
            error = process.communicate()[1]
            self.assertEqual((process.returncode, error), (-9, ""))
            kills += 1
            self.assertLess(kills, 10 * KILLS, "kills never meet a checkpoint write")
            if os.path.isdir(self.path("killed")):
                inside += bool(temporaries(self.path("killed")))
                newest = self.newest("killed")
                self.assertGreaterEqual(newest, reached, "a checkpoint was lost")
                reached = newest
        steps = reached + 20
        subprocess.run(self.command("killed", steps, "--resume"), check=True, stdout=subprocess.DEVNULL)
        subprocess.run(self.command("whole", steps), check=True, stdout=subprocess.DEVNULL)
        print("%d kills, %d of them inside a checkpoint write, the last at step %d" % (kills, inside, reached))
        for name in ["last.safetensors", "best.safetensors", "checkpoint-%09d.safetensors" % steps]:
            self.assertEqual(self.read("whole/" + name), self.read("killed/" + name), name)
        self.assertEqual(self.losses("whole/log.jsonl"), self.losses("killed/log.jsonl"))
        self.assertFalse(temporaries(self.path("killed")), "a resumed run clears what a kill left behind")


if __name__ == "__main__":
    unittest.main()
