#!/usr/bin/env python3
"""evaluate.py - measures exported networks on frames that they never saw.

Vehicles cut by a frame's edge carry no label there, so what touches the edge (within
3 px) counts neither for nor against. A found box is a vehicle's when their intersection
over union is 0.5 or more; pairs are taken by falling score. AP50 sums the precision at
every recall that is reached (all points), with the precision made monotone.
"""
# SPDX-License-Identifier: Apache-2.0
import argparse
import dataclasses
import json
import os
import time

import numpy as np
import onnxruntime
from PIL import Image

import frames as data
from calibration import draw, reliability

EDGE_PX = 3
FLOOR = 0.05  # lowest score that takes part in a curve
NMS_IOU = 0.5
TOWNS_CHOICE, TOWNS_TEST = range(2001, 2004), range(3001, 3007)
REAL_GSDS = {"kit-a": [0.13, 0.2, 0.3], "kit-b": [0.13, 0.2, 0.3],
             "minsk": [0.08, 0.13, 0.2, 0.3]}
TOWN_GSDS = [0.08, 0.13, 0.2, 0.3]


def overlaps(a, b):
    """Intersection over union of every box of a with every one of b."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), 2)
    areas = [np.prod(x[:, 2:] - x[:, :2], 1) for x in (a, b)]
    return common / np.maximum(areas[0][:, None] + areas[1] - common, 1e-9)


def suppress(boxes, scores, classes):
    """NMS inside each class, as the command does it."""
    keep, order = [], np.lexsort((boxes[:, 1], boxes[:, 0], -scores))
    iou = overlaps(boxes, boxes)
    dead = np.zeros(len(boxes), bool)
    for i in order:
        if dead[i]:
            continue
        keep.append(i)
        dead |= (iou[i] > NMS_IOU) & (classes == classes[i])
    return np.array(keep, int)


def load(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options)


def detect(session, image):
    """Boxes, scores and classes of a whole image at the network's resolution."""
    pixels = np.asarray(image)
    height, width = [-(-side // 16) * 16 for side in pixels.shape[:2]]
    chip = np.full((height, width, 3), 114, np.uint8)
    chip[:pixels.shape[0], :pixels.shape[1]] = pixels
    chip = (chip.transpose(2, 0, 1)[None] / 255).astype(np.float32)
    out = session.run(None, {"images": chip})[0][0].T
    scores, classes = out[:, 4:].max(1), out[:, 4:].argmax(1)
    there = scores >= FLOOR
    out, scores, classes = out[there], scores[there], classes[there]
    boxes = np.hstack([out[:, :2] - out[:, 2:4] / 2, out[:, :2] + out[:, 2:4] / 2])
    keep = suppress(boxes, scores, classes)
    return boxes[keep], scores[keep], classes[keep]


def seen_at(frame, gsd):
    """A frame as a sensor of that resolution would deliver it, brought to the
    network's; and the scale of the boxes, which rounding to whole pixels moves."""
    if abs(frame.native_gsd - gsd) < 1e-9:
        delivered = frame.native
    elif gsd > frame.native_gsd:
        delivered = data.scaled(frame.native, frame.native_gsd, gsd)
    else:
        raise ValueError(f"{frame.name} is coarser than {gsd} m")
    image = data.scaled(delivered, gsd, data.GSD)
    return image, np.array(image.size) / (np.array(frame.native.size) *
                                          frame.native_gsd / data.GSD)


def turned(frame):
    """A frame by a quarter of a turn, against the clock."""
    width = frame.native.width * frame.native_gsd / data.GSD
    x0, y0, x1, y1 = frame.boxes.T
    return dataclasses.replace(frame, native=frame.native.transpose(Image.ROTATE_90),
                               boxes=np.stack([y0, width - x1, y1, width - x0], 1))


def turned_thrice(frames):
    quarter = [turned(f) for f in frames]
    half = [turned(f) for f in quarter]
    return quarter + half + [turned(f) for f in half]


def at_edge(boxes, size):
    return ((boxes[:, :2] < EDGE_PX).any(1) |
            (boxes[:, 2:] > np.array(size) - EDGE_PX).any(1))


def judge(labels, label_classes, found, scores, classes, size, edge):
    """One frame: (class, score, right) of each found box that counts, and how many
    labels of each class do."""
    aside = at_edge(labels, size) if edge else np.zeros(len(labels), bool)
    loose = at_edge(found, size) if edge else np.zeros(len(found), bool)
    iou = overlaps(found, labels) if len(labels) else np.zeros((len(found), 0))
    used, verdicts = np.zeros(len(labels), bool), []
    for i in np.argsort(-scores, kind="stable"):
        fits = (iou[i] >= 0.5) & ~used & (label_classes == classes[i])
        best = int(np.argmax(np.where(fits, iou[i], -1))) if fits.any() else -1
        if best >= 0:
            used[best] = True
            if not aside[best]:
                verdicts.append((int(classes[i]), float(scores[i]), True))
        elif not loose[i]:
            verdicts.append((int(classes[i]), float(scores[i]), False))
    counts = [int(((label_classes == k) & ~aside).sum()) for k in range(3)]
    return verdicts, counts


def judge_all(session, frames, gsd):
    verdicts, counts = [], np.zeros(3, int)
    for frame in frames:
        image, scale = seen_at(frame, gsd)
        labels = frame.boxes * np.tile(scale, 2)
        v, c = judge(labels, frame.classes, *detect(session, image), image.size,
                     frame.edge_unlabelled)
        verdicts += v
        counts += c
    return verdicts, counts


def average_precision(verdicts, count):
    ordered = sorted(verdicts, key=lambda v: -v[1])
    right = np.cumsum([v[2] for v in ordered])
    if count == 0 or len(right) == 0:
        return 0.0 if count else None
    precision = right / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(np.concatenate([[0], right])) / count
    return float((precision * steps).sum())


def at_score(verdicts, count, score):
    kept = [v for v in verdicts if v[1] >= score]
    right = sum(v[2] for v in kept)
    precision, recall = right / max(len(kept), 1), right / max(count, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"found": len(kept), "right": right, "precision": precision,
            "recall": recall, "f1": f1}


def figures(verdicts, counts, score):
    out = {}
    for k in [*range(3), None]:
        mine = [v for v in verdicts if k is None or v[0] == k]
        count = int(sum(counts) if k is None else counts[k])
        if count == 0 and not any(v[1] >= score for v in mine):
            continue
        entry = {"labelled": count, **at_score(mine, count, score)}
        if k is not None:
            entry["ap50"] = average_precision(mine, count)
        curve = [(at_score(mine, count, s)["f1"], s)
                 for s in np.arange(0.1, 0.91, 0.01)]
        entry["best_f1"], entry["best_f1_score"] = max(curve)
        out["all" if k is None else data.NAMES[k]] = entry
    return out


def choose_scores(sets):
    """For each class the score at which all sets together are counted right: as many
    found as labelled. What is found in sets without the class counts too."""
    scores, best = np.round(np.arange(0.15, 0.66, 0.01), 2), []
    for k in range(3):
        mine = np.array([v[1] for verdicts, _ in sets for v in verdicts if v[0] == k])
        count = sum(counts[k] for _, counts in sets)
        off = [abs(int((mine >= s).sum()) - count) for s in scores]
        best.append(float(scores[int(np.argmin(off))]))
    return best


def speed(session):
    """Millions of pixels a second of one core: the best of thirty chips."""
    chip, best = np.zeros((1, 3, 640, 640), np.float32), float("inf")
    for _ in range(30):
        began = time.process_time()
        session.run(None, {"images": chip})
        best = min(best, time.process_time() - began)
    return 640 * 640 / best / 1e6


def towns(options, seeds, gsd):
    work = os.path.join(options.work, "towns")
    return [data.town(options.scene, work, seed, gsd, code=False) for seed in seeds]


def parse():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--data", required=True, help="folder with kit_ais and minsk")
    p.add_argument("--scene", default="build/scene", help="the renderer of towns")
    p.add_argument("--work", default="build/vehicle", help="the exported networks")
    p.add_argument("--out", default=data.HERE, help="where the figures go")
    p.add_argument("--choose", action="store_true",
                   help="print what export.py --best is to be given, and end")
    return p.parse_args()


def choose(options, nets):
    """On kit-a by the network that never saw it; on a block and towns kept for it; at
    every resolution."""
    kit_a = data.frames(options.data, ["kit-a"], "1")
    minsk = data.frames(options.data, ["minsk"], "2")
    sets = [judge_all(nets["without-kit-a"], kit_a, g) for g in REAL_GSDS["kit-a"]]
    sets += [judge_all(nets["final"], minsk, g) for g in REAL_GSDS["minsk"]]
    sets += [judge_all(nets["final"], towns(options, TOWNS_CHOICE, g), g)
             for g in TOWN_GSDS]
    print("--best", *choose_scores(sets))


def measure(options, nets, score):
    kit_b = data.frames(options.data, ["kit-b"], "1")
    tests = [("kit-b", "final", kit_b, REAL_GSDS["kit-b"]),
             ("kit-b, turned", "final", turned_thrice(kit_b), REAL_GSDS["kit-b"]),
             ("minsk, last block", "final", data.frames(options.data, ["minsk"], "3"),
              REAL_GSDS["minsk"]),
             ("kit-a left out", "without-kit-a",
              data.frames(options.data, ["kit-a"], "1"), REAL_GSDS["kit-a"]),
             ("minsk left out", "without-minsk",
              data.frames(options.data, ["minsk"], "123"), REAL_GSDS["minsk"])]
    tests += [("towns", "final", None, [gsd]) for gsd in TOWN_GSDS]
    report, pooled = {"score": score}, {"real": [], "rendered": []}
    for name, run, frames, gsds in tests:
        for gsd in gsds:
            seen = towns(options, TOWNS_TEST, gsd) if frames is None else frames
            verdicts, counts = judge_all(nets[run], seen, gsd)
            entry = figures(verdicts, counts, score)
            report.setdefault(name, {})[f"{gsd:g}"] = entry
            if run == "final" and gsd == 0.13 and "turned" not in name:
                pooled["rendered" if frames is None else "real"] += verdicts
    report["calibration"] = {name: reliability(v) for name, v in pooled.items()}
    return report


def main(options):
    nets = {run: load(os.path.join(options.work, run + ".onnx"))
            for run in ("final", "without-kit-a", "without-minsk")}
    if options.choose:
        return choose(options, nets)
    stated = nets["final"].get_modelmeta().custom_metadata_map
    report = measure(options, nets, float(stated["det_conf"]))
    draw(report["calibration"], os.path.join(options.out, "calibration.png"))
    with open(os.path.join(options.out, "figures.json"), "w") as file:
        json.dump(report, file, indent=1, sort_keys=True)
        file.write("\n")
    print_tables(report)
    print(f"\nspeed: {speed(nets['final']):.1f} MPix/s on one thread")


def row(gsd, name, e):
    """A line of the card's tables: no AP under twenty, no shares of nothing."""
    if not e["labelled"]:
        return f"| {gsd} | {name} | 0 | {e['found']} |" + " |" * 5
    ap = f"{e['ap50']:.3f}" if "ap50" in e and e["labelled"] >= 20 else ""
    shares = " | ".join(f"{e[k]:.3f}" for k in ("precision", "recall", "f1", "best_f1"))
    return (f"| {gsd} | {name} | {e['labelled']} | {e['found']} ({e['right']} right) | "
            f"{ap} | {shares} ({e['best_f1_score']:.2f}) |")


def print_tables(report):
    print("score", report["score"])
    for name, by_gsd in report.items():
        if name in ("score", "calibration"):
            continue
        print(f"\n**{name}**\n\n| GSD | class | labelled | found | AP50 | precision | "
              "recall | F1 | best F1 (at score) |\n" + "|---" * 9 + "|")
        for gsd, classes in by_gsd.items():
            for k, e in classes.items():
                print(row(gsd, k, e))


if __name__ == "__main__":
    main(parse())
