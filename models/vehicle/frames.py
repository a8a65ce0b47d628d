"""frames.py - the labelled frames and rendered towns, all in pixels of 0.13 m."""
# SPDX-License-Identifier: Apache-2.0
import csv
import hashlib
import json
import os
import subprocess
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

Image.MAX_IMAGE_PIXELS = None
HERE = os.path.dirname(os.path.abspath(__file__))
GSD = 0.13  # metres a pixel: what the network sees, and the unit of all coordinates
FINE = 0.0867  # a second, finer copy to magnify from
NAMES = ["car", "truck", "bus"]
CAR, TRUCK, BUS = range(3)
CLASS_OF = {0: CAR, 1: TRUCK, 2: BUS, 3: CAR}  # of the labels' own; 3 is a minibus
# Corner radius, and width over length of what is left without the corners.
ROUND_M = [0.35, 0.12, 0.12]
RATIO = [0.30, 0.256, 0.197]
# Stretch of one pixel of a source, from the lengths of its cars.
SOURCE_GSD = {"kit-a": 0.13, "kit-b": 0.13, "minsk": 0.0559}
TOWN_GSD = 0.065


@dataclass
class Frame:
    name: str
    scene: str
    coarse: Image.Image  # GSD metres a pixel
    fine: Image.Image  # FINE metres a pixel, or the source's own where that is coarser
    fine_gsd: float
    boxes: np.ndarray  # n x 4: xmin ymin xmax ymax
    classes: np.ndarray
    edge_unlabelled: bool  # vehicles that the frame's edge cuts carry no label
    native: Image.Image = None  # as delivered, for evaluation
    native_gsd: float = GSD
    rings: np.ndarray = field(default=None)  # n x 12 x 2: outlines
    masks: Image.Image = None  # of a town: 255 where a vehicle's pixels are (fine)

    @property
    def size(self):
        return self.coarse.size


def rows():
    with open(os.path.join(HERE, "data.tsv"), newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def read_checked(path, sha256):
    with open(path, "rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit(f"{path}: its SHA-256 is not that of data.tsv: fetch it again")
    return data


def rings_of(boxes, classes, angles):
    """Outlines with rounded corners, 12 points each, which fill their boxes."""
    out = np.zeros((len(boxes), 12, 2))
    for i, (box, k, angle) in enumerate(zip(boxes, classes, angles)):
        radius = min(ROUND_M[k] / GSD, min(box[2] - box[0], box[3] - box[1]) / 4)
        w, h = box[2] - box[0] - 2 * radius, box[3] - box[1] - 2 * radius
        c, s, ratio = abs(np.cos(angle)), abs(np.sin(angle)), RATIO[k]
        length = (w + h) / ((c + s) * (1 + ratio))
        centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]])
        points = []
        for corner in range(4):
            u = length / 2 * (1 if corner in (0, 3) else -1)
            v = length * ratio / 2 * (1 if corner in (0, 1) else -1)
            for step in range(3):
                turn = angle + np.pi / 2 * corner + np.pi / 4 * step
                points.append(centre + u * along + v * across +
                              radius * np.array([np.cos(turn), np.sin(turn)]))
        out[i] = points
    return out


def angle_of(gray, box, k):
    """A vehicle's direction from its upright box: the box's shape gives it but for the
    sign, and the edges inside, most of which run along the vehicle, give the sign."""
    radius = min(ROUND_M[k] / GSD, min(box[2] - box[0], box[3] - box[1]) / 4)
    w, h = box[2] - box[0] - 2 * radius, box[3] - box[1] - 2 * radius
    angle = np.arctan2(max(h - RATIO[k] * w, 0), max(w - RATIO[k] * h, 0))
    x0, y0, x1, y1 = [int(round(v)) for v in box]
    patch = gray[max(y0, 0):y1, max(x0, 0):x1].astype(float)
    if min(patch.shape) < 3:
        return angle
    gy, gx = np.gradient(patch)
    across_plus = ((-gx * np.sin(angle) + gy * np.cos(angle)) ** 2).sum()
    across_minus = ((gx * np.sin(angle) + gy * np.cos(angle)) ** 2).sum()
    return angle if across_plus >= across_minus else -angle


def scaled(image, gsd, wanted):
    size = [max(1, round(side * gsd / wanted)) for side in image.size]
    if size == list(image.size):
        return image
    # Down by areas, up by cubics: what GDAL's average and cubic do as well.
    return image.resize(size, Image.BOX if wanted > gsd else Image.BICUBIC)


def labels_of(text, width, height, gsd):
    boxes, classes = [], []
    for line in text.split("\n"):
        parts = line.split()
        if len(parts) < 5 or int(parts[0]) not in CLASS_OF:
            continue
        cx, cy, w, h = [float(v) for v in parts[1:5]]
        boxes.append([(cx - w / 2) * width, (cy - h / 2) * height,
                      (cx + w / 2) * width, (cy + h / 2) * height])
        classes.append(CLASS_OF[int(parts[0])])
    boxes = np.array(boxes).reshape(-1, 4) * gsd / GSD
    return boxes, np.array(classes, int)


def frame_of(row, folder):
    image_path = os.path.join(folder, row["path"])
    read_checked(image_path, row["sha256"])
    label_path = os.path.join(folder, row["labels"])
    text = read_checked(label_path, row["labels_sha256"]).decode()
    native = Image.open(image_path).convert("RGB")
    gsd = SOURCE_GSD[row["scene"]]
    boxes, classes = labels_of(text, *native.size, gsd)
    coarse, fine_gsd = scaled(native, gsd, GSD), max(FINE, gsd)
    frame = Frame(os.path.basename(row["path"]), row["scene"], coarse,
                  scaled(native, gsd, fine_gsd), fine_gsd, boxes, classes, True,
                  native, gsd)
    gray = np.asarray(coarse.convert("L"))
    angles = [angle_of(gray, box, k) for box, k in zip(boxes, classes)]
    frame.rings = rings_of(boxes, classes, angles)
    return frame


def frames(folder, scenes, blocks):
    """The frames of the scenes and blocks of time that are asked for."""
    chosen = [r for r in rows() if r["scene"] in scenes and r["block"] in blocks]
    return [frame_of(row, folder) for row in chosen]


def render(renderer, out, seed, gsd, side_m, density, code):
    truth = out[:-4] + ".geojson"
    if not os.path.exists(out):
        side = round(side_m / gsd)
        objects = round(density * side_m * side_m)
        subprocess.run([renderer, "--out", out, "--truth", truth, "--seed", str(seed),
                        "--size", f"{side}x{side}", "--gsd", str(gsd), "--objects",
                        str(objects)] + (["--code"] if code else []),
                       check=True, stderr=subprocess.DEVNULL)
    with open(truth) as file:
        return json.load(file)["features"]


def town(renderer, work, seed, gsd=TOWN_GSD, side_m=260, density=0.0055, code=True):
    """A rendered town; density is vehicles a square metre."""
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, f"town-{seed}-{gsd:g}.tif")
    features = [f["properties"] for f in
                render(renderer, path, seed, gsd, side_m, density, code)]
    boxes = np.array([[f[k] for k in ("xmin_px", "ymin_px", "xmax_px", "ymax_px")]
                      for f in features], float).reshape(-1, 4) * gsd / GSD
    classes = np.array([f["class_id"] for f in features], int)
    angles = np.radians([f["angle_deg"] for f in features])
    pixels = read_tiff(path)
    native = Image.fromarray(pixels[:, :, :3])
    fine_gsd = max(FINE, gsd)
    frame = Frame(os.path.basename(path), "town", scaled(native, gsd, GSD),
                  scaled(native, gsd, fine_gsd), fine_gsd, boxes, classes, False,
                  native, gsd)
    frame.rings = rings_of(boxes, classes, angles)
    if code:
        masks = Image.fromarray(np.where(pixels[:, :, 7] > 0, 255, 0).astype(np.uint8))
        frame.masks = scaled(masks, gsd, fine_gsd)
    return frame


def read_tiff(path):
    """Bands last. The renderer writes plain tiles of 512 px, bands interleaved, which
    is little enough to read here; Pillow knows no eight bands."""
    from struct import unpack_from
    with open(path, "rb") as file:
        data = file.read()
    (at,) = unpack_from("<I", data, 4)
    tags = {}
    (count,) = unpack_from("<H", data, at)
    for i in range(count):
        tag, kind, n = unpack_from("<HHI", data, at + 2 + 12 * i)
        size, letter = {1: (1, "B"), 3: (2, "H"), 4: (4, "I")}.get(kind, (0, ""))
        if size:
            where = at + 10 + 12 * i
            if size * n > 4:
                (where,) = unpack_from("<I", data, where)
            tags[tag] = unpack_from(f"<{n}{letter}", data, where)
    width, height, bands = tags[256][0], tags[257][0], tags[277][0]
    tile_w, tile_h = tags[322][0], tags[323][0]
    out = np.zeros((height, width, bands), np.uint8)
    across = (width + tile_w - 1) // tile_w
    for i, start in enumerate(tags[324]):
        tile = np.frombuffer(data, np.uint8, tile_w * tile_h * bands, start)
        tile = tile.reshape(tile_h, tile_w, bands)
        y, x = i // across * tile_h, i % across * tile_w
        part = out[y:y + tile_h, x:x + tile_w]
        part[:] = tile[:part.shape[0], :part.shape[1]]
    return out
