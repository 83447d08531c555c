"""peers.py <folder of cnnc and cnnrt> <folder to write to> [options]: PyTorch beside cnnc.

The networks of test/trajectories with the same weights and the same data on both sides. First the outputs are compared: the
logits of a batch, and the losses of the first training steps. Then every contestant is timed in turn, round after round
(A/B/A/B), each in a process of its own, one process at a time, and the smallest time of all rounds counts: forward,
cross entropy, backward and SGD with momentum for a training step; float32 throughout. Writes peers.json.
"""
import argparse
import json
import pathlib
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


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


# PyTorch's side: one contestant, one process, one JSON object.

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


def torch_side(network, training, batch, threads, mode, seconds):
    """Times a call and says what it computes: logits of inference, losses of the first training steps."""
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
    end = time.perf_counter() + seconds / 4
    while time.perf_counter() < end:
        run()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    times.sort()
    return {"result": result, "min_ms": times[0], "median_ms": times[len(times) // 2]}


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


def torch_process(*arguments):
    """What torch_side returns, or why it does not work."""
    done = subprocess.run([sys.executable, __file__, "--torch", json.dumps(arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        return {"error": next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "no output")[:160]}
    return json.loads(done.stdout.splitlines()[-1])


def compare(ours, options, network, training, batch, threads):
    """One row of the table: every contestant's smallest time of all rounds."""
    row = {"network": network, "training": training, "batch": batch, "threads": threads, "cnnc_ms": None, "peers": {}}
    expected = ours.result(training, batch)
    scale = max(abs(value) for value in expected)
    for _ in range(options.rounds):
        times = ours.time(training, batch, threads, options.seconds)
        row["cnnc_ms"] = min(times["min_ms"], row["cnnc_ms"] or times["min_ms"])
        for mode in options.modes:
            peer = row["peers"].setdefault(mode, {})
            if "error" in peer:
                continue
            found = torch_process(network, training, batch, threads, mode, options.seconds)
            if "error" in found:
                peer["error"] = found["error"]
                continue
            peer["ms"] = min(found["min_ms"], peer.get("ms", found["min_ms"]))
            peer["difference"] = max(abs(a - b) for a, b in zip(found["result"], expected, strict=True)) / scale
    for peer in row["peers"].values():
        if "ms" in peer:
            peer["ratio"] = peer["ms"] / row["cnnc_ms"]
    return row


def show(row):
    what = "training step" if row["training"] else "inference"
    print(f"{row['network']}, {what}, batch {row['batch']}, {row['threads']} threads")
    print(f"  {'cnnc':32}{row['cnnc_ms']:10.3f} ms")
    for mode, peer in row["peers"].items():
        if "error" in peer:
            print(f"  {'PyTorch ' + mode:32}   {peer['error']}")
        else:
            print(f"  {'PyTorch ' + mode:32}{peer['ms']:10.3f} ms {peer['ratio']:7.2f} ÷ cnnc   largest difference {peer['difference']:.1e}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tools", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print the JSON instead of the table")
    parser.add_argument("--seconds", type=float, default=2, help="how long each contestant is timed in a round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--modes", type=lambda text: text.split(","), default=MODES, help=f"of {','.join(MODES)}; compiling takes a minute each")
    options = parser.parse_args()
    networks = {network: Ours(options.tools, options.out, network) for network in NETWORKS}
    table = {"processor": processor(), "torch": torch.__version__, "rows": []}
    if not options.json:
        print(f"{table['processor']}, PyTorch {table['torch']}; smallest times of {options.rounds} rounds")
    for network, *case in CASES:
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
        print(json.dumps(torch_side(*json.loads(sys.argv[2]))))
    else:
        main()
