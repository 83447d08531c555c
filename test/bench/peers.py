"""peers.py <folder of cnnc and cnnrt> <folder to write to> [options]: PyTorch beside cnnc.

The networks of test/trajectories with the same weights and the same data on both sides. First the outputs are compared: the
logits of a batch, and the losses of the first training steps. Then every contestant is timed in turn, round after round
(A/B/A/B), one process at a time while the others sleep. The smallest time of all rounds and the median of the rounds' medians
count: forward, cross entropy, backward and SGD with momentum for a training step; float32 throughout. A mode of PyTorch is
compiled once, in the folder to write to. Writes peers.json.
"""
import argparse
import json
import os
import pathlib
import select
import statistics
import subprocess
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "trajectories"))
import inputs  # noqa: E402
import reference  # noqa: E402

TRAJECTORIES = pathlib.Path(__file__).parent.parent / "trajectories"
NETWORKS = {"lenet5": reference.LeNet5, "resnet20": reference.ResNet20}
MODES = ("eager", "channels_last", "compile", "compile_channels_last")
# network, training, batch, threads
CASES = [("resnet20", True, 128, 2), ("lenet5", True, 128, 2), ("resnet20", False, 1, 1), ("lenet5", False, 1, 1)]
CHECKED_STEPS = 3
TOLERANCE = 1e-4
START_SECONDS = 300  # compiling included


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


# PyTorch's side: one contestant, one process, a line of JSON for its result and one for each round.

def parameters(model):
    return [(name, tuple(parameter.shape)) for name, parameter in model.named_parameters()]


def torch_network(name, mode, training):
    model = NETWORKS[name]()
    values = inputs.weights(parameters(model))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            parameter.copy_(torch.tensor(values[key]).reshape(parameter.shape))
    model.train(training)
    if mode.endswith("channels_last"):
        model = model.to(memory_format=torch.channels_last)
    return model


def torch_side(network, training, batch, threads, mode):
    """What a call computes (logits of inference, losses of the first training steps), and a function that times it."""
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    shape = NETWORKS[network].shape
    model = torch_network(network, mode, training)
    pixels, labels = inputs.images(shape)
    x = torch.tensor(pixels).reshape(inputs.EXAMPLES, *shape)[:batch].clone()
    y = torch.tensor(labels)[:batch].clone()
    if mode.endswith("channels_last"):
        x = x.to(memory_format=torch.channels_last)
    call = torch.compile(model) if mode.startswith("compile") else model
    if training:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, fused=True)

        def run():
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(call(x), y)
            loss.backward()
            optimizer.step()
            return loss
        result = [run().item() for _ in range(CHECKED_STEPS)]
    else:
        def run():
            with torch.no_grad():
                return call(x)
        result = run().flatten().tolist()

    def measure(seconds):
        end = time.perf_counter() + seconds / 10
        while time.perf_counter() < end:
            run()
        times, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end or len(times) < 5:
            start = time.perf_counter()
            run()
            times.append(1e3 * (time.perf_counter() - start))
        return {"min_ms": min(times), "median_ms": statistics.median(times)}
    return result, measure


def serve(arguments):
    """Prints the result, then the times of a round for each line of input, which gives its seconds."""
    result, measure = torch_side(*arguments)
    print(json.dumps(result), flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(float(line))), flush=True)


class Torch:
    """A contestant of PyTorch. `error` says why it does not work."""

    def __init__(self, out, *arguments):
        self.log = out / "peers_torch.log"
        environment = os.environ | {"TORCHINDUCTOR_CACHE_DIR": str(out / "inductor")}
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([sys.executable, __file__, "--torch", json.dumps(arguments)], env=environment, text=True,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.error = None
        self.result = self.answer(START_SECONDS)

    def answer(self, seconds):
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            self.error = f"no answer within {seconds:g} s"
            self.process.kill()
            return None
        line = self.process.stdout.readline()
        if not line:
            lines = [line for line in self.log.read_text().splitlines() if line.strip()]
            self.error = next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "no output")[:160]
            return None
        return json.loads(line)

    def time(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self.answer(60 + 10 * seconds)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


# Our side, and the comparison.

class Ours:
    """A network compiled by cnnc, with the weights and data that PyTorch gets."""

    def __init__(self, tools, out, network):
        self.tools, self.out, self.network = tools, out, network
        self.library = out / f"peers_{network}.so"
        subprocess.run([tools / "cnnc", TRAJECTORIES / f"{network}.dsl", "--model=sgd", "-o", self.library], check=True)
        about = json.loads(self.tool("inspect", "--json"))
        shapes = {p["name"]: tuple(p["shape"]) for p in about["parameters"] if p["kind"] in ("weight", "buffer")}
        weights = {p["name"]: tuple(p["shape"]) for p in about["parameters"] if p["kind"] == "weight"}
        theirs = parameters(NETWORKS[network]())
        if [s for _, s in theirs] != list(weights.values()):
            sys.exit(f"peers: the parameters of {network} are not those of PyTorch's model")
        values = inputs.weights(theirs)
        values = {ours: values[name] for ours, (name, _) in zip(weights, theirs)}
        values |= inputs.weights([(name, shape) for name, shape in shapes.items() if name not in weights])
        inputs.write_safetensors(self.path("init.safetensors"), list(shapes.items()), values)
        self.pixels, self.labels = inputs.images(NETWORKS[network].shape)

    def path(self, name):
        return self.out / f"peers_{self.network}_{name}"

    def tool(self, command, *arguments):
        done = subprocess.run([self.tools / "cnnrt", command, self.library, *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    def result(self, training, batch):
        """Logits of a batch, or the losses of the first steps on the same batch."""
        size = len(self.pixels) // inputs.EXAMPLES
        inputs.write_npy(self.path("x.npy"), "f", (batch, *NETWORKS[self.network].shape), self.pixels[:batch * size])
        inputs.write_npy(self.path("y.npy"), "i", (batch,), self.labels[:batch])
        weights = f"--weights={self.path('init.safetensors')}"
        if not training:
            import numpy
            self.tool("run", weights, f"--in={self.path('x.npy')}", f"--out={self.path('logits.npy')}", f"--batch={batch}")
            return numpy.load(self.path("logits.npy")).ravel().tolist()
        log = self.path("loss.jsonl")
        self.tool("train", weights, f"--data={self.path('x.npy')},{self.path('y.npy')}", "--no-shuffle", f"--batch={batch}",
                  f"--steps={CHECKED_STEPS}", f"--log={log}")
        steps = [json.loads(line) for line in log.read_text().splitlines()]
        return [step["loss"] for step in steps if "loss" in step][:CHECKED_STEPS]

    def time(self, training, batch, threads, seconds):
        return json.loads(self.tool("bench", f"--batch={batch}", f"--threads={threads}", f"--seconds={seconds}", "--json",
                                    *(["--train"] if training else [])))


def summary(rounds):
    """Smallest time, and the median of the rounds' medians: a round disturbed by other programs moves neither much."""
    return {"min_ms": min(r["min_ms"] for r in rounds), "median_ms": statistics.median(r["median_ms"] for r in rounds)}


def compare(ours, options, network, training, batch, threads):
    """One row of the table."""
    row = {"network": network, "training": training, "batch": batch, "threads": threads, "peers": {}}
    expected = ours.result(training, batch)
    scale = max(abs(value) for value in expected)
    peers = {mode: Torch(options.out, network, training, batch, threads, mode) for mode in options.modes}
    own, theirs = [], {mode: [] for mode in peers}
    for _ in range(options.rounds):
        own.append(ours.time(training, batch, threads, options.seconds))
        for mode, peer in peers.items():
            times = None if peer.error else peer.time(options.seconds)
            if times:
                theirs[mode].append(times)
    row |= summary(own)
    for mode, peer in peers.items():
        peer.close()
        if peer.error:
            row["peers"][mode] = {"error": peer.error}
            continue
        times = summary(theirs[mode])
        row["peers"][mode] = times | {
            "min_ratio": times["min_ms"] / row["min_ms"],
            "median_ratio": times["median_ms"] / row["median_ms"],
            "difference": max(abs(a - b) for a, b in zip(peer.result, expected, strict=True)) / scale,
        }
    return row


def show(row):
    what = "training step" if row["training"] else "inference"
    print(f"{row['network']}, {what}, batch {row['batch']}, {row['threads']} thread{'s' * (row['threads'] > 1)}")
    print(f"  {'':32}{'min ms':>10}{'median':>10}{'min ÷ cnnc':>14}{'median ÷ cnnc':>16}{'difference':>14}")
    print(f"  {'cnnc':32}{row['min_ms']:10.3f}{row['median_ms']:10.3f}")
    for mode, peer in row["peers"].items():
        if "error" in peer:
            print(f"  {'PyTorch ' + mode:32}   {peer['error']}")
        else:
            print(f"  {'PyTorch ' + mode:32}{peer['min_ms']:10.3f}{peer['median_ms']:10.3f}{peer['min_ratio']:14.2f}{peer['median_ratio']:16.2f}"
                  f"{peer['difference']:14.1e}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tools", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print the JSON instead of the table")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each contestant is timed in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--modes", type=lambda text: text.split(","), default=MODES, help=f"of {','.join(MODES)}; compiling takes a minute each")
    parser.add_argument("--cases", type=int, default=len(CASES), help="only the first so many of the cases; training ResNet-20 is the first")
    options = parser.parse_args()
    cases = CASES[:options.cases]
    networks = {network: Ours(options.tools, options.out, network) for network, *_ in cases}
    table = {"processor": processor(), "torch": torch.__version__, "load": os.getloadavg()[0], "rows": []}
    if not options.json:
        print(f"{table['processor']}, PyTorch {table['torch']}; {options.rounds} rounds in turn; load before: {table['load']:.2f}")
    for network, *case in cases:
        row = compare(networks[network], options, network, *case)
        table["rows"].append(row)
        if not options.json:
            show(row)
    (options.out / "peers.json").write_text(json.dumps(table, indent=1) + "\n")
    if options.json:
        print(json.dumps(table))
    far = [f"{row['network']} {mode}" for row in table["rows"] for mode, peer in row["peers"].items() if not peer.get("difference", 0) <= TOLERANCE]
    if far:
        sys.exit(f"peers: the results differ by more than {TOLERANCE:g}: {', '.join(far)}")


if __name__ == "__main__":
    if sys.argv[1] == "--torch":
        serve(json.loads(sys.argv[2]))
    else:
        main()
