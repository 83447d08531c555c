"""Prints the recipe of a module on standard input, indented."""
import json
import re
import sys

text = re.search(r'cnn\.recipe = "((?:[^"\\]|\\.)*)"', sys.stdin.read()).group(1)
# MLIR writes a backslash twice, other bytes in hexadecimal.
text = re.sub(r"\\(\\|[0-9A-F]{2})", lambda match: "\\" if match.group(1) == "\\" else chr(int(match.group(1), 16)), text)
print(json.dumps(json.loads(text), indent=1))
