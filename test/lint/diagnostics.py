"""Every message of the front end has a test: the literal parts of each error stand in a file below test/frontends."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
# A call that reports: error(place, "text" + value + "text"), fail("text"), needsRank(…, "what is needed").
call = re.compile(r'(?:\berror|\bfail|\bunexpected|\bwrongUsage)\(((?:[^;"]|"(?:[^"\\]|\\.)*")*?);', re.S)
literal = re.compile(r'"((?:[^"\\]|\\.)*)"')
# What is said only if the compiler itself is broken.
unreachable = ("internal error",)

tests = "\n".join(path.read_text(errors="replace") for folder in ("frontends", "compiler") for path in (root / "test" / folder).rglob("*") if path.is_file())
bad = 0
for folder in ("frontends", "compiler/tools"):
    for path in sorted((root / folder).rglob("*.cpp")):
        text = path.read_text()
        for match in call.finditer(text):
            # The message ends where a note or a help begins.
            message = re.split(r"\)\s*\.\s*(?:note|help|context)\(", match.group(1))[0]
            parts = [part.replace('\\"', '"').strip(" '\",;") for part in literal.findall(message)]
            parts = [part for part in parts if len(part) > 4]
            if not parts or any(part.startswith(unreachable) for part in parts):
                continue
            longest = max(parts, key=len)
            if longest not in tests:
                line = text.count("\n", 0, match.start()) + 1
                print(f"{path.relative_to(root)}:{line}: no test has the message '{longest}'")
                bad += 1
print("diagnostics: clean" if not bad else f"{bad} messages without a test")
sys.exit(bad > 0)
