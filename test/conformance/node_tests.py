"""Runs ONNX's backend node tests: folders with model.onnx and test_data_set_0/{input,output}_<i>.pb.

    node_tests.py cnnc cnnrt <folder of tests> <scratch folder> [pattern… | !pattern…]

The first input runs, and so do inputs of its type and shape; all others become constants (--const). Prints for each test "passed", "failed" with
the largest difference, or "refused" with cnnc's first error.
"""
import collections
import fnmatch
import pathlib
import struct
import subprocess
import sys

FORMATS = {1: ("f", "<f4"), 2: ("B", "|u1"), 3: ("b", "|i1"), 6: ("i", "<i4"), 7: ("q", "<i8"), 9: ("B", "|b1"), 10: ("e", "<f2"), 11: ("d", "<f8")}
Array = collections.namedtuple("Array", "kind shape values")


def fields(data):
    """The fields of a message: (number, value), where bytes are those of a length-delimited field."""
    at = 0

    def varint():
        nonlocal at
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
            continue
        length = {1: 8, 5: 4}.get(tag & 7) or varint()
        yield tag >> 3, data[at:at + length]
        at += length


def varints(data):
    return [value for _, value in fields(b"".join(b"\x08" + data[i:i + 1] if i == 0 or data[i - 1] < 0x80 else data[i:i + 1] for i in range(len(data))))]


def signed(number):
    return number - (1 << 64) if number >> 63 else number


def read_tensor(data):
    kind, shape, raw, values = 1, [], None, []
    for number, value in fields(data):
        if number == 1:
            shape += [value] if isinstance(value, int) else varints(value)
        elif number == 2:
            kind = value
        elif number == 9:
            raw = value
        elif number in (4, 10):
            code, width = ("f", 4) if number == 4 else ("d", 8)
            values += struct.unpack(f"<{len(value) // width}{code}", value)
        elif number in (5, 7):
            values += [signed(one) for one in ([value] if isinstance(value, int) else varints(value))]
    if kind not in FORMATS:
        return None
    code = FORMATS[kind][0]
    if raw is not None:
        values = struct.unpack(f"<{len(raw) // struct.calcsize(code)}{code}", raw)
    elif kind == 10:
        values = [struct.unpack("<e", struct.pack("<H", value))[0] for value in values]
    return Array(kind, tuple(shape), list(values))


def write_npy(path, array, as_float):
    code, descr = FORMATS[1 if as_float else array.kind]
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({''.join(f'{size}, ' for size in array.shape)}), }}\n".encode()
    content = struct.pack(f"<{len(array.values)}{code}", *array.values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content)


def read_npy(data):
    length = struct.unpack("<H", data[8:10])[0]
    shape = eval(data[10:10 + length].decode())["shape"]
    content = data[10 + length:]
    return Array(1, shape, struct.unpack(f"<{len(content) // 4}f", content))


def names(model):
    graph = next(value for number, value in fields(model) if number == 7)
    initializers = {v for number, value in fields(graph) if number == 5 for n, v in fields(value) if n == 8}
    of = lambda wanted: [next(v for n, v in fields(value) if n == 1) for number, value in fields(graph) if number == wanted]
    return [name.decode() for name in of(11) if name not in initializers], [name.decode() for name in of(12)]


def run(cnnc, cnnrt, test, scratch):
    inputs, outputs = names((test / "model.onnx").read_bytes())
    data = sorted((test / "test_data_set_0").glob("input_*.pb"), key=lambda path: int(path.stem[6:]))
    arrays = [read_tensor(path.read_bytes()) for path in data]
    expected = [read_tensor((test / "test_data_set_0" / f"output_{i}.pb").read_bytes()) for i in range(len(outputs))]
    if not arrays or any(array is None for array in arrays + expected):
        return "refused: a type that is not supported, or no input"
    library, arguments, given = scratch / "net.so", [], []
    for i, (name, array) in enumerate(zip(inputs, arrays)):
        path = scratch / f"{i}.npy"
        runs = i == 0 or (array.kind, array.shape) == (arrays[0].kind, arrays[0].shape)
        write_npy(path, array, as_float=runs)
        if runs:
            given.append(f"{name}={path}")
        else:
            arguments.append(f"--const={name}={path}")
    compiled = subprocess.run([cnnc, test / "model.onnx", *arguments, "-o", library], capture_output=True, text=True, timeout=120)
    if compiled.returncode:
        return "refused: " + compiled.stderr.split("\n")[0].split(": error: ")[-1]
    if len(given) == 1:
        given[0] = given[0].split("=", 1)[1]
    result = []
    # One output is written as .npy, several are printed by name.
    command = [cnnrt, "run", library, *(word for one in given for word in ("--in", one)), "--out", scratch / ("y.npy" if len(outputs) == 1 else "y.npz")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if ran.returncode:
        return "failed: " + (ran.stderr.strip().split("\n") or [str(ran.returncode)])[-1]
    if len(outputs) == 1:
        result = [read_npy((scratch / "y.npy").read_bytes())]
    else:
        import zipfile
        with zipfile.ZipFile(scratch / "y.npz") as archive:
            result = [read_npy(archive.read(f"{name}.npy")) for name in outputs]
    worst = 0
    for got, want in zip(result, expected):
        if got.shape != want.shape:
            return f"failed: a result of shape {got.shape}, not {want.shape}"
        for a, b in zip(got.values, want.values):
            if a != b and not (a != a and b != b):
                worst = max(worst, abs(a - b) / (1e-2 + abs(b)))
    return f"passed ({worst:.1g})" if worst <= 1e-3 else f"failed: {worst:.2g} from the expected"


def main(cnnc, cnnrt, folder, scratch, *patterns):
    scratch = pathlib.Path(scratch)
    scratch.mkdir(parents=True, exist_ok=True)
    failed = 0
    wanted = [pattern for pattern in patterns if pattern[0] != "!"] or ["*"]
    unwanted = [pattern[1:] for pattern in patterns if pattern[0] == "!"]
    matches = lambda name, list: any(fnmatch.fnmatch(name, f"test_{pattern}") for pattern in list)
    passed = 0
    for test in sorted(pathlib.Path(folder).iterdir()):
        if not (test / "model.onnx").exists() or not matches(test.name, wanted) or matches(test.name, unwanted):
            continue
        try:
            outcome = run(cnnc, cnnrt, test, scratch)
        except (StopIteration, IndexError, FileNotFoundError, subprocess.TimeoutExpired) as error:
            outcome = f"refused: the test has another form ({type(error).__name__})"
        print(f"{test.name}: {outcome}", flush=True)
        failed += outcome.startswith("failed")
        passed += outcome.startswith("passed")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
