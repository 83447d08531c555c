"""Writes ONNX files as Keras' users do, and what Keras computes.

    keras_export.py <folder> <network[:opset=<n>][:<backend>]>…

All cases of one call have the backend of the first, tensorflow (which exports by tf2onnx) or torch. Images are channel-last. Prints each case
when <folder>/<case>.onnx and .npz (in, out0) are there.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["KERAS_BACKEND"] = "torch" if sys.argv[2].endswith(":torch") else "tensorflow"

import keras
import numpy

import cases

SIZES = {"InceptionV3": 128, "Xception": 128, "InceptionResNetV2": 128, "NASNetMobile": 224}


def unet():
    """A small U-Net with transposed convolutions and a crop, channel-last."""
    layers = keras.layers
    x = start = keras.Input((64, 64, 3))
    seen = []
    for width in 16, 32, 64:
        for _ in range(2):
            x = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv2D(width, 3, padding="same", use_bias=False)(x)))
        seen.append(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(128, 3, padding="same", activation="relu")(x)
    for width, other in zip((64, 32, 16), reversed(seen)):
        x = layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
        x = layers.Concatenate()([x, other])
        x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    x = layers.UpSampling2D(2, interpolation="bilinear")(x)
    return keras.Model(start, layers.Conv2D(2, 1, activation="softmax")(x))


def lenet():
    """The network of Keras' MNIST tutorials, Flatten and all."""
    layers = keras.layers
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu"),
                             layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")])


OWN = {"unet": unet, "lenet": lenet}


def build(name):
    if name in OWN:
        return OWN[name]()
    size = SIZES.get(name, 96)
    return getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classifier_activation=None)


def disturb(network, batch, random):
    """Gives batch norms random factors and the statistics of `batch`, moved at random; what starts at 0 gets values."""
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for weight in network.weights:
        if len(weight.shape) > 1 and not numpy.any(keras.ops.convert_to_numpy(weight)):
            weight.assign(random.normal(0, 0.02, weight.shape))
    for norm in norms:
        norm.momentum = 0.0
        for weight, low, high in (norm.gamma, 0.5, 1.5), (norm.beta, -0.3, 0.3):
            if weight is not None:
                weight.assign(random.uniform(low, high, weight.shape))
    if norms:
        network(batch, training=True)
    for norm in norms:
        norm.momentum = 0.99
        variance = keras.ops.convert_to_numpy(norm.moving_variance)
        mean = keras.ops.convert_to_numpy(norm.moving_mean)
        norm.moving_mean.assign(mean + 0.1 * numpy.sqrt(variance) * random.standard_normal(variance.shape))
        norm.moving_variance.assign(variance * random.uniform(0.8, 1.2, variance.shape))


def write(case, folder):
    name, *words = case.split(":")
    keras.utils.set_random_seed(7)
    random = numpy.random.default_rng(7)
    network = build(name)
    sizes = network.input_shape[1:]
    disturb(network, random.standard_normal((4, *sizes), "float32"), random)
    x = numpy.stack([random.standard_normal(sizes), random.random(sizes) * numpy.linspace(-2, 2, sizes[1])[:, None]]).astype("float32")
    out = keras.ops.convert_to_numpy(network(x, training=False))
    numpy.savez(folder / f"{case}.npz", **{"in": x, "out0": out})
    opset = next((int(word[6:]) for word in words if word.startswith("opset=")), None)
    network.export(folder / f"{case}.onnx", format="onnx", verbose=False, **({"opset_version": opset} if opset else {}))


if __name__ == "__main__":
    cases.main(write)
