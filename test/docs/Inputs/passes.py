"""passes.py <page> <Passes.td> <cnnc-opt>: the page lists the passes in the order of their definitions, then the pipelines of cnnc-opt."""
import pathlib
import re
import subprocess
import sys

page, definitions, tool = sys.argv[1:]
listed = re.findall(r"`--(cnnc-[a-z-]+)`", pathlib.Path(page).read_text(encoding="utf-8"))
defined = re.findall(r'\bPass<"(cnnc-[a-z-]+)"', pathlib.Path(definitions).read_text(encoding="utf-8"))
known = set(re.findall(r"^ +--(cnnc-[a-z-]+) ", subprocess.run([tool, "--help"], check=True, capture_output=True, text=True).stdout, re.M))
if absent := set(defined) - known:
    sys.exit(f"{tool} does not have: {' '.join(sorted(absent))}")
defined += sorted(known - set(defined))
if listed != defined:
    sys.exit(f"{page} lists the passes\n  {' '.join(listed)}\nand they are\n  {' '.join(defined)}")
print(f"{len(listed)} passes")
