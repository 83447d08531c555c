"""The zoo's networks have their published numbers of parameters, and its readme lists them all.

    table.py cnnc examples/zoo [--write]

Compares what `cnnc --explain` counts with networks.json; --write writes the table of README.md anew.
"""
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
BEGIN, END = "<!-- table -->\n", "<!-- end -->\n"


def explain(cnnc, file, model):
    """Parameters and operations of one example."""
    text = subprocess.run([cnnc, file, f"--model={model}", "--explain"], check=True, capture_output=True, text=True).stdout
    parameters, operations, _ = re.search(r"^total (.*)", text, re.MULTILINE)[1].split()
    return int(parameters.replace(",", "")), int(operations.replace(",", ""))


def inputs(file, model):
    """The sizes of the first input, from the model's first lines."""
    sizes = re.search(r"^model %s\(.*?f32\[N, ([\d, ]+)\]" % model, file.read_text(), re.MULTILINE | re.DOTALL)[1]
    return sizes.replace(", ", "×")


def main(cnnc, zoo, write=""):
    zoo = pathlib.Path(zoo)
    networks = json.loads((HERE / "networks.json").read_text())
    models = {name for file in zoo.glob("*.dsl") for name in re.findall(r"^model (\w+)", file.read_text(), re.MULTILINE)}
    failed = sorted(models ^ networks.keys())
    for name in failed:
        print(f"{name}: not both in {zoo} and in networks.json")
    lines = ["| network | paper | input | parameters | number from | MFLOP |\n", "|---|---|---|---:|---|---:|\n"]
    for name, network in networks.items():
        file = zoo / f"{network['file']}.dsl"
        parameters, operations = explain(cnnc, file, name)
        if parameters != network["parameters"]:
            print(f"{name}: {parameters} parameters, published are {network['parameters']}")
            failed.append(name)
        lines.append(f"| [{name}]({file.name}) | {network['paper']} | {inputs(file, name)} | {parameters:,} | {network['counted_by']} | "
                     f"{round(operations / 1e6, 1):,} |\n")
    readme = zoo / "README.md"
    text = readme.read_text()
    before, _, rest = text.partition(BEGIN)
    wanted = before + BEGIN + "\n" + "".join(lines) + "\n" + END + rest.partition(END)[2]
    if write:
        readme.write_text(wanted)
    elif text != wanted:
        print(f"{readme}: the table is not that of networks.json: run table.py {cnnc} {zoo} --write")
        failed.append("README.md")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
