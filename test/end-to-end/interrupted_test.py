"""Stops cnnc by each signal while it writes a library and an ONNX file.

    interrupted_test.py cnnc scratch

The old file is as it was. After a signal that a program can answer no other file is left. One that is ignored changes nothing.
"""
import pathlib
import shutil
import signal
import subprocess
import sys
import time

OLD = b"the old file"
IGNORED = [signal.SIGHUP]
# Fifty megabytes: long enough to write.
MODEL = "model net(x: f32[N, 1000]) -> f32[N, 10] { return x |> dense(12000) @a |> relu |> dense(10) @b }"


def stopped(command, output, number):
    """True if the signal came while the output was written."""
    output.write_bytes(OLD)
    before = set(output.parent.iterdir())
    process = subprocess.Popen(command)
    while process.poll() is None:
        if new := set(output.parent.iterdir()) - before:
            process.send_signal(number)
            break
        time.sleep(0.001)
    if process.wait() == 0:
        return output.read_bytes() != OLD and number in IGNORED and bool(new)
    if process.returncode != -number or number in IGNORED:
        sys.exit(f"{command}: ended with {process.returncode}, not by signal {number}")
    if output.read_bytes() != OLD:
        sys.exit(f"{output} has changed by a compile that {signal.Signals(number).name} ended")
    if number != signal.SIGKILL and (left := set(output.parent.iterdir()) - before):
        sys.exit(f"{signal.Signals(number).name} leaves {sorted(path.name for path in left)}")
    for path in new:
        path.unlink(missing_ok=True)
    return True


def main(cnnc, folder):
    root = pathlib.Path(folder)
    shutil.rmtree(root, ignore_errors=True)
    (root / "out").mkdir(parents=True)
    (root / "net.dsl").write_text(MODEL)
    for number in [signal.SIGINT, signal.SIGTERM, *IGNORED]:  # which the compiler inherits
        signal.signal(number, signal.SIG_IGN if number in IGNORED else signal.SIG_DFL)
    subprocess.run([cnnc, root / "net.dsl", "-o", root / "net.onnx"], check=True)
    for source, output in [("net.dsl", "net.onnx"), ("net.onnx", "net.so")]:
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, *IGNORED]:
            command = [cnnc, str(root / source), "-o", str(root / "out" / output)]
            if not any(stopped(command, root / "out" / output, number) for _ in range(5)):
                sys.exit(f"{command}: no signal came while {output} was written")
    shutil.rmtree(root)


if __name__ == "__main__":
    main(*sys.argv[1:])
