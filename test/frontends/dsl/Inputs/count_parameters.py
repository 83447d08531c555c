"""Counts the weights of a module on standard input: tensors, then elements."""
import re
import sys

tensors = elements = 0
for shape in re.findall(r"cnn\.parameter @\S+ +weight : tensor<([\dx]+)xf32>", sys.stdin.read()):
    product = 1
    for size in shape.split("x"):
        product *= int(size)
    tensors += 1
    elements += product
print(f"{tensors} tensors, {elements} parameters")
