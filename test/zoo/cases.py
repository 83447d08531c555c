"""Networks of the zoo, one after the other, by name."""
import json
import pathlib
import tempfile

HERE = pathlib.Path(__file__).parent


def failures(compare, zoo, names):
    """The names for which compare(file, name, folder) says that something is wrong; without names, all networks are compared."""
    table = json.loads((HERE / "networks.json").read_text())
    failed = []
    for name in names or table:
        with tempfile.TemporaryDirectory() as folder:
            if compare(pathlib.Path(zoo) / f"{table[name]['file']}.dsl", name, pathlib.Path(folder)):
                failed.append(name)
    return failed
