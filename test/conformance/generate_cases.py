"""Writes the node tests that the package onnx makes, as folders with model.onnx and test_data_set_<i>/{input,output}_<j>.pb.

    generate_cases.py <folder>
"""
import pathlib
import sys
import warnings

from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases


def message(value, declared):
    """A value as the message of the type that the graph declares."""
    if isinstance(value, TensorProto):
        return value
    kind = declared.type.WhichOneof("value")
    convert = {"map_type": numpy_helper.from_dict, "sequence_type": numpy_helper.from_list, "optional_type": numpy_helper.from_optional}
    return convert.get(kind, numpy_helper.from_array)(value, declared.name)


def write(case, folder):
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(case.model.SerializeToString())
    for i, sets in enumerate(case.data_sets):
        inside = folder / f"test_data_set_{i}"
        inside.mkdir()
        for what, values, declared in zip(("input", "output"), sets, (case.model.graph.input, case.model.graph.output)):
            for j, value in enumerate(values):
                (inside / f"{what}_{j}.pb").write_bytes(message(value, declared[j]).SerializeToString())


def main(folder):
    warnings.simplefilter("ignore")  # the references divide by zero on purpose
    cases = collect_testcases(None)
    for case in cases:
        write(case, pathlib.Path(folder) / case.name)
    print(f"{len(cases)} tests")


if __name__ == "__main__":
    main(*sys.argv[1:])
