#!/usr/bin/env python3
"""Adds up the JUnit files of a folder: names what failed, ends in "N passed, N failed", exits 1 if any failed.

A file that cannot be parsed, or a folder without lit.xml, counts as one failure: a runner that died is no success.
"""
import pathlib
import sys
import xml.etree.ElementTree as xml


def outcomes(file):
    """Yields (name, outcome) of every test in a JUnit file; outcome is passed, failed or skipped."""
    for case in xml.parse(file).getroot().iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        skipped = "skipped" in kinds or case.get("status") in {"disabled", "notrun"}
        yield f"{case.get('classname')} {case.get('name')}", "failed" if kinds & {"failure", "error"} else "skipped" if skipped else "passed"


def count(folder):
    """Returns the names of the tests by outcome."""
    found = {"passed": [], "failed": [], "skipped": []}
    files = sorted(folder.glob("*.xml"))
    if not (folder / "lit.xml").exists():
        found["failed"].append("lit wrote no results")
    for file in files:
        try:
            for name, outcome in outcomes(file):
                found[outcome].append(name)
        except xml.ParseError as error:
            found["failed"].append(f"{file.name}: {error}")
    return found


if __name__ == "__main__":
    tests = count(pathlib.Path(sys.argv[1]))
    for name in tests["failed"]:
        print(f"failed: {name}")
    if tests["skipped"]:
        print(f"{len(tests['skipped'])} need what this run lacks (./dev test --all runs the long ones)")
    print(f"{len(tests['passed'])} passed, {len(tests['failed'])} failed")
    sys.exit(bool(tests["failed"]))
