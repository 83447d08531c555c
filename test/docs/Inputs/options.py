"""options.py <page> <tool> [command]: every option that the tool's --help lists stands in the page, or it says which do not."""
import pathlib
import re
import subprocess
import sys

page = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
said = subprocess.run([*sys.argv[2:], "--help"], check=True, capture_output=True, text=True).stdout
# The options that a line of the list begins with: "  -h,--help", "  --emit=<stage>", "  -o <file>".
options = {option for line in said.splitlines() if re.match(r" +-", line) for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line.split("  ", 2)[1])}
options -= {"-h", "--help", "--help-list", "--version"}
absent = sorted(option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", page))
if not options:
    sys.exit("no options found in --help")
if absent:
    sys.exit(f"{sys.argv[1]} does not have: {' '.join(absent)}")
print(f"{len(options)} options")
