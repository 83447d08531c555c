"""snippets.py <page> <folder>: writes the page's ```dsl blocks to <folder>/1.dsl, 2.dsl, …"""
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
blocks = re.findall(r"^```dsl\n(.*?)^```", pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), re.M | re.S)
for number, block in enumerate(blocks, 1):
    (folder / f"{number}.dsl").write_text(block, encoding="utf-8")
