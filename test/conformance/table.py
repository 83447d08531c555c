"""The table of ONNX's operators: which node tests pass, by operator and version.

    table.py cnnc cnnrt <page.md> <scratch folder> <set>=<folder of tests>[,<folder>…]…             writes the page
    table.py --check cnnc cnnrt <page.md> <scratch folder> <set>=<folder of tests>[,<folder>…]…     compares with the page

The check fails where a test fails, and where fewer tests of an operator pass than the page says.
"""
import collections
import functools
import itertools
import pathlib
import re
import sys

import node_tests
import onnx_reader

TIERS = """
Conv Gemm MatMul Add Sum Sub Mul Div Relu LeakyRelu PRelu Sigmoid Tanh Elu Selu Softplus Mish HardSigmoid HardSwish Swish Gelu Erf Clip MaxPool AveragePool
GlobalAveragePool GlobalMaxPool LRN BatchNormalization Dropout Softmax LogSoftmax Flatten Reshape Concat Identity Constant ConstantOfShape Cast Transpose
Squeeze Unsqueeze Pad ReduceMean ReduceSum Exp Log Sqrt Pow Neg Abs
ConvTranspose Resize Upsample Slice Split LayerNormalization InstanceNormalization GroupNormalization Expand Tile Gather Where Min Max ReduceMax
DepthToSpace SpaceToDepth Shape Size Range Equal
""".split()
# Their results are random numbers of a generator that ONNX leaves open.
RANDOM = {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}
DRAWS = ("test_training_dropout", "test_training_dropout_default", "test_training_dropout_default_mask", "test_training_dropout_mask")

HEADER = """# ONNX's operators and their node tests

`./dev conformance` writes this page from a run of ONNX's backend node tests: those of Debian's `libonnx-testdata`,
those that PyTorch once exported for it ("PyTorch", of several nodes each), and those that the newest package `onnx` makes ("newest").
`./dev test --all` runs them again: none fails, and of each operator as many pass as the page says.

A version is that of the operator set that the tests' models use. A cell tells how many tests of the set pass, "of" how many that are in scope if these are not all. Out of scope are tests
with elements that are no numbers of 8 to 64 bits (texts, complex numbers, numbers of 8 bits with a point, of 4 or 2 bits), with sequences, maps and optionals, of other domains than ONNX's own, and those
that expect random numbers. The inputs are run, weights too; shapes, axes and what else a library has to
know are constants (`--const`), and all of them where the size of a result depends on the data, as with Unique. "Refused" is what `cnnc` says before it generates anything; node tests have inputs of a fixed size and few elements, so that many ask for what networks do not.
"""


def operator_of(test):
    """(operator, version, domain): a test of an expanded function is one of the function."""
    name, _, expanded = test.name.partition("_expanded")
    original = test.with_name(name)
    model = onnx_reader.read_model(((original if (original / "model.onnx").exists() else test) / "model.onnx").read_bytes())
    plain = name.replace("_", "")
    named = sorted((operator for operator in model.operators if operator.lower() in plain), key=len)
    others = [domain for domain in model.versions if domain not in ("", "ai.onnx")]
    domain = others[0] if others and not expanded else ""
    version = model.versions.get(domain, model.versions.get("ai.onnx", 0))
    return (named or model.operators)[-1], version, domain


def scope(test, operator, domain):
    """Why the test is out of scope, beside its types; or None."""
    if domain:
        return f"the domain {domain}"
    if operator in RANDOM or test.name in DRAWS:
        return "random numbers"
    return None


def reason(outcome, operator):
    """What cnnc says, without the names of the test; the operator where it is another one."""
    text = re.sub(r"^node '[^']*' \((\w+), version \d+\) ", lambda found: "" if found[1] == operator else f"{found[1]} ", outcome.detail)
    return re.sub(r"^(input|output) '[^']*'", lambda found: f"an {found[1]}", text).replace("|", "\\|")


class Cell:
    """The tests of an operator and version in one set."""

    def __init__(self):
        self.passed, self.failed, self.refused, self.out = 0, [], collections.Counter(), collections.Counter()

    def add(self, test, outcome, operator, why):
        if why or outcome.state == "left out":
            self.out[why or outcome.detail] += 1
        elif outcome.state == "passed":
            self.passed += 1
        elif outcome.state == "failed":
            self.failed.append(f"{test.name}: {outcome.detail}")
        else:
            self.refused[reason(outcome, operator)] += 1

    @property
    def total(self):
        return self.passed + len(self.failed) + sum(self.refused.values())

    def __str__(self):
        if not self.total:
            return "out of scope" if self.out else ""
        return str(self.passed) if self.passed == self.total else f"{self.passed} of {self.total}"


def run(cnnc, cnnrt, scratch, sets):
    """{(operator, version): {set: Cell}}"""
    table = collections.defaultdict(functools.partial(collections.defaultdict, Cell))
    for name, folders in sets.items():
        tests = itertools.chain.from_iterable(node_tests.run_all(cnnc, cnnrt, folder, pathlib.Path(scratch) / name) for folder in folders)
        for test, outcome in tests:
            operator, version, domain = operator_of(test)
            table[operator, version][name].add(test, outcome, operator, scope(test, operator, domain))
    return table


def missing(cells):
    """What the last column says."""
    out, refused = (sum((getattr(cell, what) for cell in cells.values()), collections.Counter()) for what in ("out", "refused"))
    listed = lambda counter: "; ".join(f"{why} ({count})" if count > 1 else why for why, count in counter.most_common(3)) + ("; …" if len(counter) > 3 else "")
    failed = [text for cell in cells.values() for text in cell.failed]
    parts = [f"failed: {'; '.join(failed)}"] * bool(failed) + [f"refused: {listed(refused)}"] * bool(refused) + [f"out of scope: {listed(out)}"] * bool(out)
    return ". ".join(parts)


def rows(table, sets, wanted):
    yield "| operator | version | " + " | ".join(sets) + " | not passed |"
    yield "|---|---|" + "---|" * (len(sets) + 1)
    for (operator, version), cells in sorted(table.items(), key=lambda row: (row[0][0].lower(), row[0][1])):
        if wanted(operator):
            yield f"| {operator} | {version} | " + " | ".join(str(cells[name]) if name in cells else "" for name in sets) + f" | {missing(cells)} |"


def summary(table, sets):
    yield "| set | passed | refused | failed | out of scope |"
    yield "|---|---|---|---|---|"
    for name in sets:
        cells = [row[name] for row in table.values() if name in row]
        yield (f"| {name} | {sum(cell.passed for cell in cells)} | {sum(sum(cell.refused.values()) for cell in cells)} | "
               f"{sum(len(cell.failed) for cell in cells)} | {sum(sum(cell.out.values()) for cell in cells)} |")


def page(table, sets):
    return "\n".join([HEADER, *summary(table, sets), "", "## Operators of classification and segmentation", "",
                      *rows(table, sets, lambda operator: operator in TIERS), "", "## All others", "",
                      *rows(table, sets, lambda operator: operator not in TIERS), ""])


def claims(text):
    """{(operator, version, set): tests that the page says pass}"""
    found, names = {}, []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if cells[:2] == ["operator", "version"]:
            names = cells[2:-1]
        elif len(cells) >= 3 and cells[1].isdigit() and names:
            found.update({(cells[0], int(cells[1]), name): int(cell.split()[0]) for name, cell in zip(names, cells[2:]) if cell[:1].isdigit()})
    return found


def check(table, sets, text):
    """The lines that say what is wrong."""
    for (operator, version), cells in table.items():
        for cell in cells.values():
            yield from cell.failed
    said = {key: count for key, count in claims(text).items() if key[2] in sets}
    if not said:
        yield "the page has no column of these sets"
    for (operator, version, name), count in said.items():
        passed = table[operator, version][name].passed
        if passed < count:
            yield f"{operator}, version {version}: the page says that {count} tests of {name} pass, and {passed} do"


def main(arguments):
    checks = arguments[0] == "--check"
    cnnc, cnnrt, path, scratch, *sets = arguments[checks:]
    sets = {name: folders.split(",") for name, folders in (one.split("=", 1) for one in sets)}
    table = run(cnnc, cnnrt, scratch, sets)
    if not checks:
        pathlib.Path(path).write_text(page(table, sets))
        print(*summary(table, sets), sep="\n")
        return any(cell.failed for cells in table.values() for cell in cells.values())
    wrong = list(check(table, sets, pathlib.Path(path).read_text()))
    print(*wrong, f"{len(wrong)} disagree with the page", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
