"""The frame of an exporter: cases one after the other, each on its own."""
import pathlib
import sys


def export_all(write, folder, *cases):
    """Calls write(case, folder) for each case, and prints those that were written. An exporter that fails says nothing about cnnc: why is
    printed, and the next case has its turn."""
    for case in cases:
        try:
            write(case, pathlib.Path(folder))
            print(case, flush=True)
        except Exception as error:
            print(case, "not exported:", (str(error).splitlines() or [type(error).__name__])[0][:200], flush=True)


def main(write):
    """<folder> <case>… of the command line."""
    export_all(write, *sys.argv[1:])
