#!/usr/bin/env python3
"""detector.py - what train detector closes of the distance between a backbone's own
heads and the network that saw such frames, on Minsk frames that it did not learn from.

usage: bench/detector.py BUILD FRAMES BACKBONE [--split every-third|first-five] [OPTIONS]

FRAMES holds minsk/ (models/vehicle/README.md says whence); BACKBONE is
    models/vehicle/train.py --run kit --data FRAMES --steps 2000 --bf16
    models/vehicle/export.py build/vehicle/kit.pt kit.onnx
which saw the KIT frames only. OPTIONS go to train detector. The network that saw the
first block of time is the one that is installed, `vehicles`.
"""
# SPDX-License-Identifier: Apache-2.0
import csv
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {0: "car", 1: "truck", 2: "bus", 3: "car"}  # of the labels' own; 3: a minibus
CLASSES = ["car", "bus", "truck"]
GSD = "0.0559"


def frames():
    """Paths of the frames and their block of time, in the order of the flight."""
    with open(os.path.join(HERE, "../models/vehicle/data.tsv"), newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t")
    return [(r["path"], r["labels"], r["block"]) for r in rows if r["scene"] == "minsk"]


def split_of(name):
    """Which frames are learnt from, and which are measured."""
    rows = frames()
    if name == "every-third":
        learnt = rows[::3]
        return learnt, [r for r in rows if r not in learnt]
    learnt = [r for r in rows if r[2] == "1"][:5]
    return learnt, [r for r in rows if r[2] != "1"]


def lay_out(folder, data, rows):
    """The frames, and their labels with a minibus as a car."""
    for sub in ("images", "labels"):
        os.makedirs(os.path.join(folder, sub))
    for path, labels, _ in rows:
        os.symlink(os.path.abspath(os.path.join(data, path)),
                   os.path.join(folder, "images", os.path.basename(path)))
        with open(os.path.join(data, labels)) as file:
            parts = [line.split() for line in file if len(line.split()) >= 5]
        with open(os.path.join(folder, "labels", os.path.basename(labels)), "w") as out:
            for p in parts:
                if int(p[0]) in NAMES:
                    kind = CLASSES.index(NAMES[int(p[0])])
                    out.write(" ".join([str(kind)] + p[1:5]) + "\n")
    with open(os.path.join(folder, "labels", "classes.txt"), "w") as out:
        out.write("\n".join(CLASSES) + "\n")


def measure(elcano, work, model, name):
    found, scores = os.path.join(work, name + ".csv"), os.path.join(work, name + "_s.csv")
    images = os.path.join(work, "test", "images")
    subprocess.run([elcano, "detect", images, "--model", model, "--image-gsd", GSD,
                    "--score", "0.02", "-o", found], check=True, capture_output=True)
    subprocess.run([elcano, "evaluate", found, os.path.join(work, "test", "labels"),
                    "--images", images, "--scorer", "voc", "--edge", "7", "-o", scores],
                   check=True, capture_output=True)
    with open(scores, newline="") as file:
        return {r["class"]: r for r in csv.DictReader(file)}


def main(build, data, backbone, options):
    name = "every-third"
    if options[:1] == ["--split"]:
        name, options = options[1], options[2:]
    elcano = os.path.join(build, "elcano")
    learnt, rest = split_of(name)
    with tempfile.TemporaryDirectory() as work:
        lay_out(os.path.join(work, "learn"), data, learnt)
        lay_out(os.path.join(work, "test"), data, rest)
        trained, before = os.path.join(work, "trained.onnx"), time.time()
        times = os.times()
        subprocess.run([elcano, "train", "detector", "--labels",
                        os.path.join(work, "learn", "labels"), "--images",
                        os.path.join(work, "learn", "images"), "--backbone", backbone,
                        "--image-gsd", GSD, "--edge", "26", "-o", trained, *options],
                       check=True, stdout=subprocess.DEVNULL)
        cpu = os.times().children_user - times.children_user
        print(f"{name}: learnt from {len(learnt)} frames, measured on {len(rest)}; "
              f"{cpu:.0f} CPU seconds, {time.time() - before:.0f} s")
        results = [measure(elcano, work, *m) for m in
                   ((backbone, "own"), (trained, "trained"), ("vehicles", "full"))]
    for kind in ("car", "bus"):
        own, now, full = [float(r[kind]["ap50"]) for r in results]
        print(f"{kind}: {results[0][kind]['n_truth']} labelled, AP50 {own:.3f} by the "
              f"backbone's own heads, {now:.3f} by those trained, {full:.3f} by the "
              f"vehicle network; {(now - own) / (full - own):.2f} of the distance")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
