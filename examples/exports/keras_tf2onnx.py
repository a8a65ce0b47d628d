"""keras_tf2onnx.py - export a small Keras segmentation as ONNX, and show what Keras gives.

usage: keras_tf2onnx.py FOLDER

Writes FOLDER/keras.onnx, FOLDER/keras.png, an image of its size, and FOLDER/keras.json,
what Keras gives on that image: a class for each pixel. Channels come last, as
TensorFlow has them.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys

import numpy as np
import tensorflow as tf
import tf2onnx

from picture import noise, write_png

SIDE, CLASSES = 32, 4


def network():
    tf.keras.utils.set_random_seed(20)
    layers = tf.keras.layers
    return tf.keras.Sequential([
        layers.Input((SIDE, SIDE, 3), name="image"),
        layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(8, 2, strides=2, activation="relu"),
        layers.Conv2D(CLASSES, 1, activation="softmax", name="shares")])


def main(folder):
    os.makedirs(folder, exist_ok=True)
    model, pixels = network(), noise(SIDE, SIDE)
    chip = pixels[None].astype(np.float32) / 255
    tf2onnx.convert.from_keras(
        model, opset=17, output_path=os.path.join(folder, "keras.onnx"),
        input_signature=[tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="image")])
    write_png(os.path.join(folder, "keras.png"), pixels)
    shares = model(chip).numpy()
    with open(os.path.join(folder, "keras.json"), "w", encoding="utf-8") as file:
        json.dump({"shares": shares.ravel().tolist()}, file)
    print("TensorFlow", tf.__version__, "gives", shares.shape, "with pixels of class",
          np.bincount(shares[0].argmax(-1).ravel(), minlength=CLASSES).tolist())


if __name__ == "__main__":
    main(sys.argv[1])
