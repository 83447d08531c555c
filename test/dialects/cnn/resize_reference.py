"""Writes Inputs/resize.txt: what the `onnx` package's reference implementation of Resize does to one axis, and numpy's pad.

    python3 resize_reference.py > Inputs/resize.txt        (needs onnx)

A line is a case and the matrix of its weights, results by inputs: the reference applied to each unit vector. Cases of
tf_crop_and_resize have 9 in the rows of results that read outside.
"""
import itertools
import random

import numpy as np
from onnx.reference.ops import op_resize

random.seed(1)
MODES = {"nearest": lambda rounding, antialias, a: lambda ratio, scale: op_resize._nearest_coeffs(ratio, rounding).astype(float),
         "linear": lambda rounding, antialias, a: op_resize._linear_coeffs_antialias if antialias else op_resize._linear_coeffs,
         "cubic": lambda rounding, antialias, a: lambda ratio, scale: (op_resize._cubic_coeffs_antialias if antialias else op_resize._cubic_coeffs)(ratio, scale, a)}
COORDINATES = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize"]
ROUNDINGS = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]


def matrix(inputs, outputs, scale, mode, coordinates, rounding, a, exclude_outside, antialias, roi):
    coefficients = MODES[mode](rounding, antialias, a)
    columns = [[float(op_resize._interpolate_1d_with_x(np.array(unit), scale, outputs, x, coefficients, np.array(roi), 9.0, coordinates, exclude_outside))
                for x in range(outputs)] for unit in np.eye(inputs)]
    return np.array(columns).T


for coordinates, mode in itertools.product(COORDINATES, MODES):
    for _ in range(12):
        inputs, outputs = random.randint(1, 9), random.randint(1, 9)
        scale = outputs / inputs
        if random.random() < 0.3:  # a scale that does not divide evenly
            scale = random.choice([0.6, 0.7, 1.3, 2.5, 3.0])
            outputs = int(inputs * scale)
        if outputs == 0:
            continue
        rounding, exclude_outside, antialias = random.choice(ROUNDINGS), random.random() < 0.3, random.random() < 0.3 and mode != "nearest"
        roi = [random.choice([0.0, 0.25, -0.25, 0.4]), random.choice([1.0, 0.6, 1.2])]
        a = random.choice([-0.75, -0.5])
        weights = matrix(inputs, outputs, scale, mode, coordinates, rounding, a, exclude_outside and mode == "cubic", antialias, roi)
        print("resize", inputs, outputs, repr(scale), list(MODES).index(mode), COORDINATES.index(coordinates), ROUNDINGS.index(rounding), a,
              int(exclude_outside and mode == "cubic"), int(antialias), *roi, *map(repr, weights.flatten().tolist()))
for number, mode in enumerate(["reflect", "edge", "wrap"]):
    for _ in range(8):
        inputs, low, high = random.randint(1, 7), random.randint(-2, 9), random.randint(-2, 9)
        kept = np.arange(inputs)[max(0, -low): inputs - max(0, -high)]
        if len(kept) == 0:
            continue
        places = np.pad(kept, (max(0, low), max(0, high)), mode)
        print("pad", number, inputs, low, high, *places)
