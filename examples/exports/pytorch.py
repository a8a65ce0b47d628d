"""pytorch.py - export a small PyTorch classifier as ONNX, and show what PyTorch gives.

usage: pytorch.py FOLDER

Writes FOLDER/pytorch.onnx, FOLDER/pytorch.png, an image of its size, and
FOLDER/pytorch.json, what PyTorch gives on that image. Values 0 to 255 go in as 0 to 1,
RGB, planes first: what Elcano takes for granted of a network that says nothing.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys

import numpy as np
import torch
from torch import nn

from picture import noise, write_png

SIDE = 64
CLASSES = ["field", "forest", "harbour", "quarry", "road", "roof", "water"]


def network():
    torch.manual_seed(20)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.SiLU(),
        nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        nn.Flatten(), nn.Linear(16, len(CLASSES)), nn.Softmax(dim=1)).eval()


def main(folder):
    os.makedirs(folder, exist_ok=True)
    model, pixels = network(), noise(SIDE, SIDE)
    chip = torch.from_numpy(pixels.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    path = os.path.join(folder, "pytorch.onnx")
    torch.onnx.export(
        model, chip, path, input_names=["image"], output_names=["shares"],
        dynamic_axes={"image": {0: "n"}, "shares": {0: "n"}}, opset_version=17)
    write_png(os.path.join(folder, "pytorch.png"), pixels)
    with open(os.path.join(folder, "pytorch.names"), "w", encoding="utf-8") as file:
        file.write("\n".join(CLASSES) + "\n")
    with torch.no_grad():
        shares = model(chip).numpy()
    with open(os.path.join(folder, "pytorch.json"), "w", encoding="utf-8") as file:
        json.dump({"shares": shares.ravel().tolist()}, file)
    print("PyTorch", torch.__version__, "gives", shares.ravel().tolist())


if __name__ == "__main__":
    main(sys.argv[1])
