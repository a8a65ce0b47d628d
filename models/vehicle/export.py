#!/usr/bin/env python3
"""export.py - a checkpoint as an ONNX file whose metadata say how to use it."""
# SPDX-License-Identifier: Apache-2.0
import argparse
import json
import warnings

import onnx
import torch

from frames import GSD, NAMES
from network import MEAN, Detector, Net

SOURCES = "KIT AIS Data Set (CC BY 3.0); Minsk frames, Yauhen Kharuzhy and Minsk OSM " \
    "community (CC BY-SA); rendered towns"


def metadata(score):
    return {
        "description": "Vehicles seen from above at 0.13 m a pixel: cars (with vans "
                       "and minibuses), trucks, buses. Learnt from: " + SOURCES,
        "author": "the Elcano project",
        "license": "CC BY-SA 4.0",
        "task": "detect",
        "names": str(dict(enumerate(NAMES))),
        "stride": "16",
        "imgsz": "[640, 640]",
        "class_names": json.dumps({str(i): n for i, n in enumerate(NAMES)}),
        "resolution": f"{GSD * 100:g}",
        "tile_size": "640",
        "standardization_mean": "[0.0, 0.0, 0.0]",
        "standardization_std": "[1.0, 1.0, 1.0]",
        "det_type": "YOLO_Ultralytics",
        "det_conf": f"{score:g}",
        "det_iou_thresh": "0.5",
    }


def averaged(checkpoint):
    """The mean of the weights and of BatchNorm's statistics over the last steps."""
    state = torch.load(checkpoint, weights_only=True, map_location="cpu")
    total = 1 - MEAN ** state["step"]
    net = Net()
    net.load_state_dict({k: v / total if v.dtype.is_floating_point else v
                         for k, v in state["mean"].items()})
    return net.eval()


def align(net, best, score):
    """Shifts each class so that the score where it did best becomes the one score."""
    logit = torch.logit(torch.tensor(best)) - torch.logit(torch.tensor(score))
    with torch.no_grad():
        net.heat.bias -= logit


def export(checkpoint, out, score, best):
    net = averaged(checkpoint)
    align(net, best, score)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Detector(net), torch.zeros(1, 3, 640, 640), out,
                          opset_version=13, input_names=["images"],
                          output_names=["output0"],
                          dynamic_axes={"images": {0: "n", 2: "height", 3: "width"},
                                        "output0": {0: "n", 2: "cells"}})
    model = onnx.load(out)
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 4 + len(NAMES)
    del model.metadata_props[:]
    for key, value in metadata(score).items():
        model.metadata_props.add(key=key, value=value)
    model.producer_name, model.producer_version = "elcano models/vehicle", ""
    onnx.checker.check_model(model)
    onnx.save(model, out)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("checkpoint")
    p.add_argument("out")
    p.add_argument("--score", type=float, default=0.4, help="lowest score that counts")
    p.add_argument("--best", type=float, nargs=len(NAMES), default=[0.4] * len(NAMES),
                   help="what evaluate.py --choose found for " + ", ".join(NAMES))
    a = p.parse_args()
    export(a.checkpoint, a.out, a.score, a.best)
