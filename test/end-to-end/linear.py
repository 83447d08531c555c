"""Loads a compiled linear model y = w x + b by its header's names and checks inference and training against numbers worked out here.

linear.py LIBRARY PREFIX
"""
import ctypes
import math
import random
import sys

c_floats = ctypes.POINTER(ctypes.c_float)


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("batch", ctypes.c_uint), ("training", ctypes.c_int), ("pool", ctypes.c_void_p),
                ("device", ctypes.c_char_p), ("stream", ctypes.c_void_p), ("memory", ctypes.c_void_p), ("memory_bytes", ctypes.c_size_t)]


class Optimizer(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("step", ctypes.c_uint64), ("lr", ctypes.c_float), ("momentum", ctypes.c_float),
                ("weight_decay", ctypes.c_float)]


def floats(values):
    return (ctypes.c_float * len(values))(*values)


def main():
    library, prefix = ctypes.CDLL(sys.argv[1]), sys.argv[2]

    def function(name, result, *arguments):
        f = getattr(library, f"{prefix}_{name}")
        f.restype, f.argtypes = result, arguments
        return f

    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    status = ctypes.c_int(-1)
    weights = function("weights_create", pointer, ctypes.c_uint64, pointer)(1, ctypes.byref(status))
    assert weights and status.value == 0, status.value
    options = Options(ctypes.sizeof(Options), 8, 1)
    assert function("context_bytes", size, pointer)(ctypes.byref(options)) > 0
    context = function("context_create", pointer, pointer, pointer, pointer)(weights, ctypes.byref(options), ctypes.byref(status))
    assert context and status.value == 0, status.value
    error = function("error", ctypes.c_char_p, pointer)

    def check(result):
        assert result == 0, error(context)

    inputs, outputs, n = 3, 20, 5
    rng = random.Random(3)
    # Halves are exact in f32, and so are their small products and sums.
    w = [rng.randrange(-4, 5) / 2 for _ in range(inputs * outputs)]
    b = [rng.randrange(-4, 5) / 2 for _ in range(outputs)]
    x = [rng.randrange(-4, 5) / 2 for _ in range(n * inputs)]
    t = [rng.randrange(-4, 5) / 2 for _ in range(n * outputs)]
    set_weight = function("weights_set", ctypes.c_int, pointer, ctypes.c_char_p, c_floats, size)
    get_weight = function("weights_get", ctypes.c_int, pointer, ctypes.c_char_p, c_floats, size)
    assert set_weight(weights, b"fc.weight", floats(w), len(w)) == 0
    assert set_weight(weights, b"fc.bias", floats(b), len(b)) == 0
    back = floats([0] * len(w))
    assert get_weight(weights, b"fc.weight", back, len(w)) == 0 and list(back) == w, "pack and unpack are not inverse"

    y = [b[k] + sum(w[k * inputs + c] * x[i * inputs + c] for c in range(inputs)) for i in range(n) for k in range(outputs)]
    out = floats([0] * len(y))
    check(function("forward", ctypes.c_int, pointer, ctypes.c_uint, c_floats, c_floats)(context, n, floats(x), out))
    assert list(out) == y, (list(out)[:4], y[:4])

    # Mean squared error and its gradients.
    count = n * outputs
    loss = ctypes.c_float(-1)
    kept = floats(x), floats(t)
    check(function("loss", ctypes.c_int, pointer, ctypes.c_uint, c_floats, c_floats, pointer, pointer)(context, n, *kept, None, ctypes.byref(loss)))
    expected = sum((p - q) ** 2 for p, q in zip(y, t)) / count
    assert math.isclose(loss.value, expected, rel_tol=1e-5), (loss.value, expected)
    dx = floats([0] * len(x))
    check(function("backward", ctypes.c_int, pointer, c_floats)(context, dx))
    dy = [2 * (p - q) / count for p, q in zip(y, t)]
    for i in range(n):
        for c in range(inputs):
            want = sum(dy[i * outputs + k] * w[k * inputs + c] for k in range(outputs))
            assert math.isclose(dx[i * inputs + c], want, rel_tol=1e-4, abs_tol=1e-5), (i, c, dx[i * inputs + c], want)
    dw = [sum(dy[i * outputs + k] * x[i * inputs + c] for i in range(n)) for k in range(outputs) for c in range(inputs)]
    got = floats([0] * len(w))
    check(function("gradient", ctypes.c_int, pointer, ctypes.c_char_p, c_floats, size)(context, b"fc.weight", got, len(w)))
    assert all(math.isclose(p, q, rel_tol=1e-4, abs_tol=1e-5) for p, q in zip(got, dw)), (list(got)[:4], dw[:4])

    step = Optimizer(ctypes.sizeof(Optimizer), 1, 0.5, 0.0, 0.0)
    check(function("update", ctypes.c_int, pointer, pointer)(context, ctypes.byref(step)))
    assert get_weight(weights, b"fc.weight", back, len(w)) == 0
    assert all(math.isclose(p, q - 0.5 * g, rel_tol=1e-4, abs_tol=1e-5) for p, q, g in zip(back, w, dw))

    # A gradient that is not finite changes nothing.
    before = list(back)
    kept = floats([1e30] * len(x)), floats([0] * len(t))
    result = function("loss", ctypes.c_int, pointer, ctypes.c_uint, c_floats, c_floats, pointer, pointer)(context, n, *kept, None, ctypes.byref(loss))
    assert result == 4, result
    assert get_weight(weights, b"fc.weight", back, len(w)) == 0 and list(back) == before
    function("context_destroy", None, pointer)(context)
    function("weights_destroy", None, pointer)(weights)
    print("linear: ok")


if __name__ == "__main__":
    main()
