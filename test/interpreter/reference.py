"""Writes Inputs/references.json: single functions of cnn ops, their inputs, and what PyTorch computes for them in double precision.

    python3 reference.py > Inputs/references.json        (needs torch)
"""
import json

import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
cases = []


def type_of(tensor):
    element = "i32" if tensor.dtype == torch.int64 else "f64"
    return "tensor<%s>" % "x".join([*map(str, tensor.shape), element])


def case(name, body, inputs, outputs):
    """`body` computes %r0, %r1, … from %a0, %a1, …; {0}, {1}, … are the inputs' types, {r0}, … the outputs'."""
    types = [type_of(tensor) for tensor in inputs]
    results = {"r%d" % i: type_of(tensor) for i, tensor in enumerate(outputs)}
    text = "func.func @run(%s) -> (%s) {\n%s\nreturn %s : %s\n}" % (
        ", ".join("%%a%d: %s" % pair for pair in enumerate(types)), ", ".join(results.values()),
        body.format(*types, **results).replace("[[", "{").replace("]]", "}"), ", ".join("%" + name for name in results), ", ".join(results.values()))
    array = lambda tensor: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}
    cases.append({"name": name, "module": text, "inputs": list(map(array, inputs)), "outputs": list(map(array, outputs))})


# Convolution, pooling
x, w = torch.randn(2, 4, 5, 4), torch.randn(6, 2, 3, 2)
case("conv", "%r0 = cnn.conv %a0, %a1 [[stride = array<i64: 2, 1>, pad = array<i64: 1, 2, 0, 1>, dilation = array<i64: 1, 2>, groups = 2 : i64]]"
     " : ({0}, {1}) -> {r0}", [x, w], [F.conv2d(F.pad(x, (2, 1, 1, 0)), w, stride=(2, 1), dilation=(1, 2), groups=2)])
window = "kernel = array<i64: 3, 2>, stride = array<i64: 2, 1>, pad = array<i64: 1, 1, 1, 1>"
case("maxpool", "%r0 = cnn.maxpool %a0 [[" + window + "]] : {0} -> {r0}", [x], [F.max_pool2d(x, (3, 2), (2, 1), 1)])
case("avgpool", "%r0 = cnn.avgpool %a0 [[" + window + "]] : {0} -> {r0}", [x], [F.avg_pool2d(x, (3, 2), (2, 1), 1)])
case("avgpool without padding", "%r0 = cnn.avgpool %a0 [[" + window + ", count_include_pad = false]] : {0} -> {r0}", [x],
     [F.avg_pool2d(x, (3, 2), (2, 1), 1, count_include_pad=False)])

# Batch norm, softmax
scale, shift, mean, variance = torch.rand(4), torch.randn(4), torch.randn(4), torch.rand(4) + 0.5
channels = "{1}, {2}, {3}, {4}"
case("batchnorm_infer", "%r0 = cnn.batchnorm_infer %a0, %a1, %a2, %a3, %a4 [[epsilon = 1.0e-3 : f64]] : ({0}, " + channels + ") -> {r0}",
     [x, scale, shift, mean, variance], [F.batch_norm(x, mean, variance, scale, shift, eps=1e-3)])
running_mean, running_variance = mean.clone(), variance.clone()
y = F.batch_norm(x, running_mean, running_variance, scale, shift, training=True, momentum=0.2, eps=1e-3)
case("batchnorm_train", "%r0, %m, %s, %r1, %r2 = cnn.batchnorm_train %a0, %a1, %a2, %a3, %a4 [[epsilon = 1.0e-3 : f64, momentum = 0.2 : f64]]"
     " : ({0}, " + channels + ") -> ({0}, {1}, {1}, {1}, {1})", [x, scale, shift, mean, variance], [y, running_mean, running_variance])
case("softmax", "%r0 = cnn.softmax %a0 : {0}", [x], [F.softmax(x, 1)])

# Activations
for name, function in (("relu", F.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("leaky_relu", F.leaky_relu)):
    case(name, "%r0 = cnn." + name + " %a0 : {0}", [x], [function(x)])

z = x[:1, :, :2, :2]
slope, y = torch.tensor([0.25, -0.5, 0.0, 1.5]), z.flip(1)
case("prelu", "%r0 = cnn.prelu %a0, %a1 : ({0}, {1}) -> {r0}", [z, slope], [F.prelu(z, slope)])
for name, function, attributes in (
        ("elu", lambda z: F.elu(z, 0.5), "alpha = 0.5 : f64"), ("selu", F.selu, ""), ("celu", lambda z: F.celu(z, 0.5), "alpha = 0.5 : f64"),
        ("softplus", lambda z: F.softplus(z, threshold=100), ""), ("softsign", F.softsign, ""), ("mish", F.mish, ""),
        ("hard_sigmoid", F.hardsigmoid, ""), ("hard_swish", F.hardswish, ""), ("swish", F.silu, ""), ("gelu", F.gelu, ""),
        ("gelu", lambda z: F.gelu(z, approximate="tanh"), 'approximate = "tanh"'),
        ("thresholded_relu", lambda z: F.threshold(z, 0.5, 0.0), "alpha = 0.5 : f64"),
        ("clip", lambda z: torch.clamp(z, -0.5, 0.75), "min = -0.5 : f64, max = 0.75 : f64")):
    case(name, "%r0 = cnn." + name + " %a0 [[" + attributes + "]] : {0}", [z], [function(z)])

# Functions, each where it is defined
halves = torch.arange(-4, 5) * 0.5
for name, inputs in (("exp", z), ("log", z.abs()), ("sqrt", z.abs()), ("rsqrt", z.abs()), ("reciprocal", z), ("erf", z), ("abs", z),
                     ("sign", halves), ("floor", halves), ("ceil", halves), ("round", halves), ("sin", z), ("cos", z), ("tan", z),
                     ("asin", z.tanh()), ("acos", z.tanh()), ("atan", z), ("sinh", z), ("cosh", z), ("asinh", z), ("acosh", z.abs() + 1),
                     ("atanh", z.tanh())):
    case(name, "%r0 = cnn." + name + " %a0 : {0}", [inputs], [getattr(torch, name)(inputs)])

# Arithmetic
for name, function in (("div", torch.div), ("mod", torch.fmod), ("min", torch.minimum), ("max", torch.maximum)):
    case(name, "%r0 = cnn." + name + " %a0, %a1 : {0}", [z, y], [function(z, y)])
whole = torch.arange(-4.0, 4.0)
case("pow", "%r0 = cnn.pow %a0, %a1 : {0}", [whole * 1.5 + 0.25, whole], [torch.pow(whole * 1.5 + 0.25, whole)])
case("power", "%r0 = cnn.power %a0 [[exponent = 2.5 : f64]] : {0}", [z.abs()], [z.abs() ** 2.5])
case("equal", "%r0 = cnn.equal %a0, %a1 : {0}", [whole, whole.abs()], [torch.eq(whole, whole.abs()).double()])
case("less", "%r0 = cnn.less %a0, %a1 : {0}", [z, y], [torch.lt(z, y).double()])
case("logical_not", "%r0 = cnn.logical_not %a0 : {0}", [whole], [torch.logical_not(whole).double()])
case("where", "%r0 = cnn.where %a0, %a1, %a2 : {0}", [(z > 0).double(), z, y], [torch.where(z > 0, z, y)])

# Losses
labels = torch.tensor([2, -100, 0, 1])
logits, weights = torch.randn(4, 3), torch.tensor([0.5, 2.0, 1.25])
case("softmax_cross_entropy", "%r0 = cnn.softmax_cross_entropy %a0, %a1 [[label_smoothing = 0.1 : f64, class_weights = array<f64: 0.5, 2.0, 1.25>,"
     " ignore_label = -100 : i64]] : ({0}, {1}) -> {r0}", [logits, labels], [F.cross_entropy(logits, labels, weights, label_smoothing=0.1)])
pixels, classes = torch.randn(2, 3, 2, 2), torch.randint(0, 3, (2, 2, 2))
case("softmax_cross_entropy of pixels", "%r0 = cnn.softmax_cross_entropy %a0, %a1 : ({0}, {1}) -> {r0}", [pixels, classes],
     [F.cross_entropy(pixels, classes)])
p, t = torch.rand(4, 3), torch.rand(4, 3)
p[0, 0], t[0, 0] = 0.0, 1.0  # the logarithm is at least -100
case("binary_cross_entropy", "%r0 = cnn.binary_cross_entropy %a0, %a1 : ({0}, {1}) -> {r0}", [p, t], [F.binary_cross_entropy(p, t)])
case("binary_cross_entropy from logits", "%r0 = cnn.binary_cross_entropy %a0, %a1 [[from_logits = true]] : ({0}, {1}) -> {r0}", [logits, t],
     [F.binary_cross_entropy_with_logits(logits, t)])
case("mean_squared_error", "%r0 = cnn.mean_squared_error %a0, %a1 : ({0}, {1}) -> {r0}", [logits, t], [F.mse_loss(logits, t)])

# Optimizers: four steps with given gradients
STEPS = 4


def optimizer(name, op, slots, hypers, make, attributes=""):
    start, gradients = torch.randn(5), [torch.randn(5) for _ in range(STEPS)]
    parameter = torch.nn.Parameter(start.clone())
    torch_optimizer = make([parameter])
    states = []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        torch_optimizer.step()
        states.append(parameter.detach().clone())
    scalar, vector = "tensor<f64>", type_of(start)
    lines = ["%%h%d = cnn.constant dense<%.17e> : %s" % (i, value, scalar) for i, value in enumerate(hypers)]
    lines += ["%%s0_%d = cnn.constant dense<0.0> : %s" % (i, vector) for i in range(slots)]
    for step in range(STEPS):
        names = ["%%h%d" % i for i in range(len(hypers))]
        if op in ("adam", "adamw"):
            lines.append("%%step%d = cnn.constant dense<%.1f> : %s" % (step, step + 1, scalar))
            names.append("%%step%d" % step)
        operands = ["%r" + str(step - 1) if step else "%a0", "%%a%d" % (step + 1)] + ["%%s%d_%d" % (step, i) for i in range(slots)] + names
        results = ["%%r%d" % step] + ["%%s%d_%d" % (step + 1, i) for i in range(slots)]
        lines.append("%s = cnn.%s %s %s: (%s) -> (%s)" % (", ".join(results), op, ", ".join(operands), attributes, ", ".join(
            [vector] * (2 + slots) + [scalar] * len(names)), ", ".join([vector] * (1 + slots))))
    case(name, "\n".join(lines), [start, *gradients], states)


optim = torch.optim
optimizer("sgd", "sgd", 1, [0.1, 0, 0.01], lambda p: optim.SGD(p, 0.1, weight_decay=0.01))
optimizer("momentum", "sgd", 1, [0.1, 0.9, 0.01], lambda p: optim.SGD(p, 0.1, 0.9, weight_decay=0.01))
optimizer("nesterov", "sgd", 1, [0.1, 0.9, 0.01], lambda p: optim.SGD(p, 0.1, 0.9, weight_decay=0.01, nesterov=True), "[[nesterov]] ")
optimizer("adagrad", "adagrad", 1, [0.1, 1e-10, 0.01], lambda p: optim.Adagrad(p, 0.1, weight_decay=0.01))
optimizer("rmsprop", "rmsprop", 2, [0.1, 0.9, 1e-8, 0.01, 0.5], lambda p: optim.RMSprop(p, 0.1, 0.9, weight_decay=0.01, momentum=0.5))
optimizer("adam", "adam", 2, [0.1, 0.8, 0.95, 1e-8, 0.01], lambda p: optim.Adam(p, 0.1, (0.8, 0.95), weight_decay=0.01))
optimizer("adamw", "adamw", 2, [0.1, 0.8, 0.95, 1e-8, 0.05], lambda p: optim.AdamW(p, 0.1, (0.8, 0.95), weight_decay=0.05))

# Clipping
gradient = torch.nn.Parameter(torch.zeros(6))
gradient.grad = torch.randn(6)
before = gradient.grad.clone()
torch.nn.utils.clip_grad_norm_([gradient], 0.75)
case("clip by norm", "%bound = cnn.constant dense<0.75> : tensor<f64>\n%s = cnn.sum_of_squares %a0 : ({0}) -> tensor<f64>\n"
     "%f = cnn.clip_factor %s, %bound : (tensor<f64>, tensor<f64>) -> tensor<f64>\n%r0 = cnn.scale %a0, %f : ({0}, tensor<f64>) -> {r0}",
     [before], [gradient.grad])
case("clip by value", "%bound = cnn.constant dense<0.25> : tensor<f64>\n%r0 = cnn.clamp %a0, %bound : ({0}, tensor<f64>) -> {r0}", [before],
     [before.clamp(-0.25, 0.25)])

# Transposed convolution
w = torch.randn(4, 3, 3, 2)
case("conv_transpose", "%r0 = cnn.conv_transpose %a0, %a1 [[stride = array<i64: 2, 3>, pad = array<i64: 1, 0, 1, 0>, dilation = array<i64: 1, 2>,"
     " output_padding = array<i64: 1, 2>, groups = 2 : i64]] : ({0}, {1}) -> {r0}", [x, w],
     [F.conv_transpose2d(x, w, stride=(2, 3), padding=(1, 0), output_padding=(1, 2), dilation=(1, 2), groups=2)])


def table(size, mode, **options):
    """The attributes of one axis of a resample: PyTorch's interpolate of unit vectors, all taps written out."""
    units = torch.eye(size).reshape(size, 1, 1, size)
    weights = F.interpolate(units, size=(1, options.pop("to")), mode=mode, **options).reshape(size, -1).T
    return "array<i64: %s>" % ", ".join(map(str, list(range(size)) * len(weights))), "array<f64: %s>" % ", ".join("%.17e" % v for v in weights.flatten()), size


for mode, options in (("nearest", {}), ("bilinear", {"align_corners": True}), ("bicubic", {})):
    (rows, row_weights, row_taps), (columns, column_weights, column_taps) = table(5, mode, to=7, **options), table(4, mode, to=3, **options)
    case("resample " + mode, "%r0 = cnn.resample %a0 [[rows = " + rows + ", row_weights = " + row_weights + ", row_taps = %d : i64, columns = " % row_taps +
         columns + ", column_weights = " + column_weights + ", column_taps = %d : i64]] : {0} -> {r0}" % column_taps, [x],
         [F.interpolate(x, size=(7, 3), mode=mode, **options)])

# Norms of one example
scale, shift = torch.rand(4), torch.randn(4)
for name, groups, function in (("groupnorm", 2, lambda: F.group_norm(x, 2, scale, shift, 1e-3)),
                               ("instancenorm", 4, lambda: F.instance_norm(x, weight=scale, bias=shift, eps=1e-3))):
    case(name, "%r0, %m, %s = cnn.groupnorm %a0, %a1, %a2 [[groups = " + str(groups) + " : i64, epsilon = 1.0e-3 : f64]] : ({0}, {1}, {2}) -> ({0},"
         " tensor<2x4xf64>, tensor<2x4xf64>)", [x, scale, shift], [function()])
case("lrn", "%r0 = cnn.lrn %a0 [[size = 3 : i64, alpha = 0.5 : f64, beta = 0.75 : f64, bias = 2.0 : f64]] : {0}", [x],
     [F.local_response_norm(x, 3, 0.5, 0.75, 2.0)])

# Pools that end beyond their padding, or step over elements
window = "kernel = array<i64: 3, 2>, stride = array<i64: 2, 3>, pad = array<i64: 1, 1, 1, 1>, ceil_mode = true"
case("maxpool with ceil_mode", "%r0 = cnn.maxpool %a0 [[" + window + ", dilation = array<i64: 1, 2>]] : {0} -> {r0}", [x],
     [F.max_pool2d(x, (3, 2), (2, 3), 1, dilation=(1, 2), ceil_mode=True)])
for include in (True, False):
    case("avgpool with ceil_mode", "%r0 = cnn.avgpool %a0 [[" + window + ", count_include_pad = " + str(include).lower() + "]] : {0} -> {r0}", [x],
         [F.avg_pool2d(x, (3, 2), (2, 3), 1, ceil_mode=True, count_include_pad=include)])

# Rearrangements
case("depth_to_space", "%r0 = cnn.depth_to_space %a0 [[block_size = 2 : i64, channels_first = true]] : {0} -> {r0}", [x], [F.pixel_shuffle(x, 2)])
even = torch.randn(2, 3, 4, 6)
case("space_to_depth", "%r0 = cnn.space_to_depth %a0 [[block_size = 2 : i64, channels_first = true]] : {0} -> {r0}", [even], [F.pixel_unshuffle(even, 2)])
shuffled = torch.randn(2, 6, 2, 2)
case("channel_shuffle", "%r0 = cnn.channel_shuffle %a0 [[groups = 2 : i64]] : {0}", [shuffled], [torch.channel_shuffle(shuffled, 2)])

print(json.dumps(cases, separators=(",", ":")).replace('{"name"', '\n{"name"'))
