"""classifier_peer.py - a network that train classifier wrote, in Python's ONNX Runtime.

usage: classifier_peer.py ELCANO MODEL.onnx IMAGE

Checks the file with onnx.checker, shapes included, runs `elcano classify` on the chips of
an image of bytes at the network's own resolution, and Python on the same pixels, which
gdal_translate gives; says how far the probabilities differ at most. Needs numpy, onnx and
onnxruntime.
"""
# SPDX-License-Identifier: Apache-2.0
import ast
import csv
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime


def pixels(image, folder):
    """Height x width x 3, as bytes."""
    path = os.path.join(folder, "image.raw")
    subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-co", "INTERLEAVE=BIP", "-b", "1",
                    "-b", "2", "-b", "3", image, path], check=True)
    with open(os.path.join(folder, "image.hdr"), encoding="utf-8") as file:
        head = dict(line.split("=", 1) for line in file if "=" in line)
    sizes = {key.strip(): value.strip() for key, value in head.items()}
    return np.fromfile(path, np.uint8).reshape(int(sizes["lines"]), int(sizes["samples"]), 3)


def rows(elcano, model, image, folder):
    """Of `elcano classify`: {(x, y): {class id: score}}."""
    path = os.path.join(folder, "classes.csv")
    subprocess.run([elcano, "classify", image, "--model", model, "--top", "65536", "-q", "-o",
                    path], check=True)
    found = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = int(row["x_px"]), int(row["y_px"])
            found.setdefault(at, {})[int(row["class_id"])] = float(row["score"])
    return found


def main(elcano, model, image):
    network = onnx.load(model)
    onnx.checker.check_model(network, full_check=True)
    data = {entry.key: entry.value for entry in network.metadata_props}
    height, width = ast.literal_eval(data["imgsz"])
    scale = float(data["elcano.input_scale"])
    mean, std = (np.array(ast.literal_eval(data["standardization_" + name]), np.float32)
                 for name in ("mean", "std"))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    with tempfile.TemporaryDirectory() as folder:
        whole, found = pixels(image, folder), rows(elcano, model, image, folder)
    most, chips = 0.0, 0
    for (x, y), scores in found.items():
        chip = whole[y:y + height, x:x + width]
        if chip.shape != (height, width, 3):
            continue
        chip = (chip.astype(np.float32) * np.float32(scale) - mean) / std
        got = session.run(None, {session.get_inputs()[0].name: chip.transpose(2, 0, 1)[None]})[0]
        most = max(most, max(abs(got[0, k] - score) for k, score in scores.items()))
        chips += 1
    print(f"onnx.checker accepts {os.path.basename(model)}; {chips} chips of {len(found)}, "
          f"largest difference of a probability {most:.1e}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
