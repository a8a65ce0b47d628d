"""samples.py - training chips: a window at any angle, scale, light and sharpness."""
# SPDX-License-Identifier: Apache-2.0
import io

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from frames import BUS, CAR, GSD, TRUCK

CHIP = 256
STRIDE = 4
CELLS = CHIP // STRIDE
EDGE_PX = 26  # no verdict so near to an edge whose cut vehicles carry no label
LEAST_SEEN = 0.35  # of a vehicle; less of it is no verdict
SIGMA = 0.09  # of a box's side: TTFNet's alpha 0.54 / 6
DRAW = {"car": 1.0, "truck": 5.0, "bus": 4.0}  # chances to be a chip's middle


def affine_to_frame(centre, scale, angle, stretch, flip, size):
    """2 x 3, from a chip's pixels to a frame's (both of GSD)."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    lean = np.eye(2)
    lean[0, 0] = -1 if flip else 1
    lean[1, 1] = 1 / stretch
    linear = turn @ lean / scale
    offset = np.asarray(centre) - linear @ (np.asarray(size) / 2)
    return np.hstack([linear, offset[:, None]])


def warp(image, image_gsd, matrix, size, resample):
    numbers = (matrix * GSD / image_gsd).ravel()
    return image.transform(size, Image.AFFINE, tuple(numbers), resample)


def cut(frame, matrix, size):
    """The pixels, the places without a verdict, and the outlines in a window."""
    magnified = abs(np.linalg.det(matrix[:, :2])) < 1 / 1.15 ** 2
    image, gsd = (frame.fine, frame.fine_gsd) if magnified else (frame.coarse, GSD)
    pixels = np.array(warp(image, gsd, matrix, size, Image.BILINEAR))
    inverse = np.linalg.inv(matrix[:, :2])
    rings = (frame.rings - matrix[:, 2]) @ inverse.T
    known = Image.new("L", size, 0)
    edge = EDGE_PX if frame.edge_unlabelled else 0
    w, h = frame.size
    corners = np.array([[edge, edge], [w - edge, edge], [w - edge, h - edge],
                        [edge, h - edge]], float)
    corners = (corners - matrix[:, 2]) @ inverse.T
    ImageDraw.Draw(known).polygon([tuple(p) for p in corners], fill=255)
    mask = np.asarray(known) < 128
    return pixels, mask, rings, frame.classes


def visible(rings, size):
    """Boxes of outlines, whole and as the window shows them, and the share of each."""
    low, high = rings.min(1), rings.max(1)
    whole = np.hstack([low, high])
    seen = np.clip(whole, 0, [size[0], size[1], size[0], size[1]])
    area = lambda b: np.prod(np.maximum(b[:, 2:] - b[:, :2], 0), 1)
    return seen, area(seen) / np.maximum(area(whole), 1e-6)


def pick_centre(frame, rng):
    if len(frame.boxes) and rng.random() < 0.75:
        weights = np.array(list(DRAW.values()))[frame.classes]
        i = rng.choice(len(frame.boxes), p=weights / weights.sum())
        middle = (frame.boxes[i, :2] + frame.boxes[i, 2:]) / 2
        middle = middle + rng.uniform(-100, 100, 2)
    else:
        middle = rng.uniform(0, 1, 2) * frame.size
    return np.clip(middle, 72, np.array(frame.size) - 72)


def any_matrix(frame, rng, size):
    angle = rng.uniform(-np.pi, np.pi) if rng.random() < 0.6 else \
        np.pi / 2 * rng.integers(4)
    scale = np.exp(rng.uniform(np.log(0.82), np.log(1.22)))  # the resolution is known
    stretch = rng.uniform(0.82, 1) if rng.random() < 0.25 else 1.0
    return affine_to_frame(pick_centre(frame, rng), scale, angle, stretch,
                           rng.random() < 0.5, size)


class Sprites:
    """Vehicles to be put into other frames: outlines filled with their pixels."""

    def __init__(self, frames):
        self.items = []
        for frame in frames:
            for ring, k in zip(frame.rings, frame.classes):
                if k == CAR and (frame.masks is not None or len(self.items) > 4000):
                    continue
                self.items.append((frame, ring, k))
        kinds = [(k, f.masks is not None) for f, _, k in self.items]
        weight = {(TRUCK, True): 0.45, (BUS, True): 0.2, (BUS, False): 0.25,
                  (CAR, False): 0.10}
        counts = {kind: kinds.count(kind) for kind in set(kinds)}
        p = np.array([weight.get(kind, 0) / counts[kind] for kind in kinds])
        self.chances = p / p.sum()

    def put(self, pixels, taken, rng):
        """Draws one on a chip where nothing else stands; its outline, or None."""
        frame, ring, k = self.items[rng.choice(len(self.items), p=self.chances)]
        size = (pixels.shape[1], pixels.shape[0])
        middle = ring.mean(0)
        scale = rng.uniform(0.9, 1.12)
        at = rng.uniform(20, np.array(size) - 20)
        matrix = affine_to_frame(middle, scale, rng.uniform(-np.pi, np.pi), 1,
                                 rng.random() < 0.5, (2 * at[0], 2 * at[1]))
        inverse = np.linalg.inv(matrix[:, :2])
        drawn = (ring - matrix[:, 2]) @ inverse.T
        low, high = drawn.min(0) - 3, drawn.max(0) + 3
        for other in taken:
            if (low < other[2:]).all() and (high > other[:2]).all():
                return None
        x0, y0 = np.maximum(low - 8, 0).astype(int)
        x1, y1 = np.minimum(high + 9, size).astype(int)
        part, size = pixels[y0:y1, x0:x1], (int(x1 - x0), int(y1 - y0))
        outline = Image.new("L", size, 0)
        ImageDraw.Draw(outline).polygon([tuple(p - (x0, y0)) for p in drawn], fill=255)
        soft = outline.filter(ImageFilter.GaussianBlur(0.6))
        alpha = np.asarray(soft, np.float32) / 255
        matrix[:, 2] += matrix[:, :2] @ (x0, y0)
        look = warp(frame.fine, frame.fine_gsd, matrix, size, Image.BILINEAR)
        shadow = np.roll(alpha, tuple(rng.integers(-8, 9, 2)), (0, 1))
        dark = 1 - np.clip(shadow - alpha, 0, 1) * np.float32(rng.uniform(0, 0.6))
        alpha = alpha[..., None]
        part[:] = part * dark[..., None] * (1 - alpha) + np.asarray(look) * alpha
        return drawn, k


def shade(image, rng):
    """Shadows of trees, in blots, and of walls, along a line: darker and bluer."""
    if rng.random() >= 0.3:
        return image
    side = int(rng.integers(4, 15)) if rng.random() < 0.7 else 2
    field = Image.fromarray(rng.integers(0, 256, (side, side), np.uint8))
    level = rng.uniform(90, 175)
    field = field.resize(image.size, Image.BICUBIC)
    field = field.point([255 * (v > level) for v in range(256)])
    field = field.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 2)))
    dark = rng.uniform(0.3, 0.75) * np.array([1, 1, rng.uniform(1, 1.25)])
    dim = image.point([int(v * d) for d in dark for v in range(256)])
    return Image.composite(dim, image, field)


GRAIN = np.random.default_rng(1).standard_normal(1 << 20).astype(np.float32)


def light(image, rng):
    """Gamma, contrast, brightness and colour as one table a channel; saturation."""
    x = np.arange(256)[None] / 255 * np.ones((3, 1))
    if rng.random() < 0.8:
        x = x ** np.exp(rng.uniform(-0.35, 0.35))
        x = (x - 0.5) * rng.uniform(0.7, 1.35) + 0.5 + rng.uniform(-0.12, 0.12)
    if rng.random() < 0.7:
        x = x * rng.uniform(0.88, 1.12, (3, 1))
    image = image.point([int(v) for v in np.clip(x * 255 + 0.5, 0, 255).ravel()])
    if rng.random() < 0.06:
        image = image.convert("L").convert("RGB")
    elif rng.random() < 0.7:
        image = ImageEnhance.Color(image).enhance(rng.uniform(0.4, 1.5))
    if rng.random() < 0.12:
        bands = image.split()
        image = Image.merge("RGB", [bands[i] for i in rng.permutation(3)])
    return image


def sharpness(image, rng):
    """Coarser sensors, blur, grain and JPEG, in the order in which they happen."""
    size = image.size
    if rng.random() < 0.45:
        factor = np.exp(rng.uniform(0, np.log(2.6)))  # up to 0.34 m
        small = [max(8, round(side / factor)) for side in size]
        image = image.resize(small, Image.BOX)
        back = Image.BICUBIC if rng.random() < 0.5 else Image.BILINEAR
        image = image.resize(size, back)
    elif rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    if rng.random() < 0.35:
        x = np.asarray(image)
        at = rng.integers(len(GRAIN) - x.size)
        grain = GRAIN[at:at + x.size].reshape(x.shape) * np.float32(rng.uniform(1, 9))
        image = Image.fromarray(np.clip(x + grain, 0, 255).astype(np.uint8))
    if rng.random() < 0.2:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=int(rng.integers(40, 92)))
        image = Image.open(file)
    return np.array(image)


def targets(boxes, classes, blind):
    """Heat (classes x cells), distances to the sides, their weights, the verdict."""
    heat = np.zeros((3, CELLS, CELLS), np.float32)
    sides = np.zeros((4, CELLS, CELLS), np.float32)
    weight = np.zeros((CELLS, CELLS), np.float32)
    places = (np.arange(CELLS) + 0.5) * STRIDE
    blind = blind.reshape(CELLS, STRIDE, CELLS, STRIDE).max((1, 3))
    verdict = 1 - blind.astype(np.float32)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], 1)
    for i in np.argsort(-area):
        x0, y0, x1, y1 = boxes[i]
        sx, sy = max(SIGMA * (x1 - x0), 1.6), max(SIGMA * (y1 - y0), 1.6)
        gx = np.exp(-0.5 * ((places - (x0 + x1) / 2) / sx) ** 2)
        gy = np.exp(-0.5 * ((places - (y0 + y1) / 2) / sy) ** 2)
        # The best cell is 1; its neighbour too where the middle lies between them.
        bell = np.outer(gy / gy.max(), gx / gx.max()).astype(np.float32)
        bell[bell < 0.01] = 0
        heat[classes[i]] = np.maximum(heat[classes[i]], bell)
        here = bell > 0.05
        edges = [places[None, :] - x0, places[:, None] - y0, x1 - places[None, :],
                 y1 - places[:, None]]
        for k in range(4):
            sides[k][here] = np.broadcast_to(edges[k], here.shape)[here]
        weight[here] = (bell * np.log(max(area[i], 3)) / bell.sum())[here]
        verdict[max(int(y0 / STRIDE), 0):int(y1 / STRIDE) + 1,
                max(int(x0 / STRIDE), 0):int(x1 / STRIDE) + 1] = 1
    return heat, sides, weight, verdict


class Chips(torch.utils.data.Dataset):
    """Chip i is a function of the seed and i alone, so a run can be taken up again."""

    def __init__(self, groups, shares, sprites, seed, count, first=0):
        self.groups, self.sprites = groups, sprites
        self.shares = np.array(shares) / sum(shares)
        self.seed, self.count, self.first = seed, count, first

    def __len__(self):
        return self.count - self.first

    def window(self, rng, size):
        group = self.groups[rng.choice(len(self.groups), p=self.shares)]
        frame = group[rng.integers(len(group))]
        pixels, blind, rings, classes = cut(frame, any_matrix(frame, rng, size), size)
        seen, share = visible(rings, size)
        near = share > 0
        seen, share, classes = seen[near], share[near], classes[near]
        for _ in range(rng.integers(0, 3) if rng.random() < 0.4 else 0):
            put = self.sprites.put(pixels, seen, rng)
            if put is not None:
                box, part = visible(put[0][None], size)
                seen, share = np.vstack([seen, box]), np.append(share, part)
                classes = np.append(classes, put[1])
        return pixels, blind, seen, share, classes

    def mosaic(self, rng):
        """Four windows round a point; or one, mostly."""
        if rng.random() >= 0.2:
            return self.window(rng, (CHIP, CHIP))
        x, y = 8 * rng.integers(10, 23, 2)
        pixels = np.zeros((CHIP, CHIP, 3), np.uint8)
        blind = np.zeros((CHIP, CHIP), bool)
        parts = []
        for x0, y0, x1, y1 in ((0, 0, x, y), (x, 0, CHIP, y), (0, y, x, CHIP),
                               (x, y, CHIP, CHIP)):
            part = self.window(rng, (int(x1 - x0), int(y1 - y0)))
            pixels[y0:y1, x0:x1], blind[y0:y1, x0:x1] = part[0], part[1]
            parts.append((part[2] + [x0, y0, x0, y0], part[3], part[4]))
        return pixels, blind, *(np.concatenate(p) for p in zip(*parts))

    def __getitem__(self, i):
        rng = np.random.default_rng([self.seed, self.first + i])
        pixels, blind, boxes, share, classes = self.mosaic(rng)
        pixels = light(shade(Image.fromarray(pixels), rng), rng)
        pixels = sharpness(pixels, rng)
        blind = blind.copy()
        for box in boxes[share < LEAST_SEEN]:
            x0, y0, x1, y1 = box.astype(int)
            blind[y0:y1 + 1, x0:x1 + 1] = True
        enough = share >= LEAST_SEEN
        heat, sides, weight, verdict = targets(boxes[enough], classes[enough], blind)
        image = torch.from_numpy(pixels).permute(2, 0, 1)
        return (image, *(torch.from_numpy(t) for t in (heat, sides, weight, verdict)))
