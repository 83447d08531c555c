"""inner_loops.py FILE.s REGISTER: the innermost loops of kernels keep what they work on in registers.

An innermost loop ends in a jump back to a label with no other label between. In each, of every kernel, nothing is read or
written relative to the stack or frame pointer; loops around a call are not innermost. In convolutions, dense layers and their
gradients every multiply-add of vectors is in REGISTER (zmm or ymm), and the longest loop of each that has any has at least 12.
"""
import re
import sys


def loops(lines):
    """Yields (function, its frame registers, instructions) of the innermost loops."""
    function, frame, start, body = "", r"\(%rsp", None, []
    for line in lines:
        line = line.split("#")[0].rstrip()
        if label := re.match(r'"?([^\s":]+)"?:$', line):
            if not label[1].startswith(".L"):
                function, frame = label[1], r"\(%rsp"
            start, body = label[1], []
            continue
        if not re.match(r"\s+[a-z]", line):
            continue
        body.append(line.strip())
        # Only after this is %rbp a frame pointer; else it is a register like any other.
        if re.match(r"\s+movq\s+%rsp, %rbp$", line):
            frame = r"\(%r[sb]p"
        jump = re.match(r"\s+j\w+\s+(\S+)$", line)
        if jump and jump[1] == start:
            yield function, frame, body


def main(path, register):
    longest, functions = {}, set()
    with open(path, encoding="utf-8") as lines:
        for function, frame, body in loops(lines):
            if any(instruction.startswith("call") for instruction in body):
                continue
            functions.add(function)
            for instruction in body:
                if re.search(frame, instruction):
                    sys.exit(f"{function}: an innermost loop uses the stack: {instruction}")
            sums = [i for i in body if re.match(r"vfn?m(add|sub)\w+p[sd]\b", i)]
            if not sums or not re.match(r"conv|dense", function):
                continue
            longest[function] = max(longest.get(function, 0), len(sums))
            for instruction in sums:
                if f"%{register}" not in instruction:
                    sys.exit(f"{function}: a multiply-add is not in {register}: {instruction}")
    for wanted in ("conv", "dense"):
        for kind in (r"(?!_(input|kernel)_grad)", "_input_grad", "_kernel_grad"):
            if not any(re.match(wanted + kind, function) for function in longest):
                sys.exit(f"{path}: no innermost loop of {wanted + kind} has a multiply-add")
    for function, count in longest.items():
        if count < 12:
            sys.exit(f"{function}: its longest innermost loop has {count} multiply-adds, not 12 or more")
    print(f"{len(longest)} of {len(functions)} functions multiply and add")


main(*sys.argv[1:])
