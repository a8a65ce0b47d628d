"""calibration.py - how often boxes of a score are right: numbers and a picture."""
# SPDX-License-Identifier: Apache-2.0
from PIL import Image, ImageDraw

BINS = 9
SIDE, MARGIN, SCALE = 360, 56, 2
COLOURS = {"real": (200, 80, 30), "rendered": (40, 90, 170)}


def reliability(verdicts):
    """(lowest score, mean score, share right, boxes) of each bin from 0.1 on."""
    out = []
    for i in range(BINS):
        low, high = 0.1 + 0.1 * i, 0.2 + 0.1 * i
        mine = [v for v in verdicts if low <= min(v[1], 0.999) < high]
        if mine:
            out.append([round(low, 1), sum(v[1] for v in mine) / len(mine),
                        sum(v[2] for v in mine) / len(mine), len(mine)])
    return out


def draw(curves, path):
    """Drawn at twice its size, so that halving smooths the lines."""
    size = (SIDE + 2 * MARGIN) * SCALE
    image = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(image)

    def at(x, y):
        return ((MARGIN + x * SIDE) * SCALE, (MARGIN + (1 - y) * SIDE) * SCALE)

    def write(place, text, shift=(0, 0)):
        x, y = at(*place)
        label = Image.new("L", (8 * len(text), 12), 0)
        ImageDraw.Draw(label).text((0, 0), text, fill=255)
        label = label.resize((label.width * SCALE, label.height * SCALE), Image.BICUBIC)
        corner = (round(x + shift[0] * SCALE), round(y + shift[1] * SCALE))
        image.paste((40, 40, 40), corner, label)

    for i in range(6):
        v = i / 5
        pen.line([at(v, 0), at(v, 1)], fill=(225, 225, 225), width=SCALE)
        pen.line([at(0, v), at(1, v)], fill=(225, 225, 225), width=SCALE)
        write((v, 0), f"{v:.1f}", (-9, 6))
        write((0, v), f"{v:.1f}", (-26, -6))
    pen.line([at(0, 0), at(1, 1)], fill=(150, 150, 150), width=SCALE)
    write((0.5, 0), "score", (-15, 26))
    write((0, 1), "share right", (-26, -26))
    for line, (name, points) in enumerate(curves.items()):
        colour = COLOURS[name]
        spots = [at(p[1], p[2]) for p in points]
        if len(spots) > 1:
            pen.line(spots, fill=colour, width=2 * SCALE)
        for (x, y), p in zip(spots, points):
            r = (3 + min(p[3], 400) ** 0.5 / 4) * SCALE
            pen.ellipse([x - r, y - r, x + r, y + r], fill=colour)
        x, y = at(0.62, 0.2 - 0.07 * line)
        pen.rectangle([x - 16 * SCALE, y, x - 6 * SCALE, y + 8 * SCALE], fill=colour)
        write((0.62, 0.2 - 0.07 * line), f"{name}: {sum(p[3] for p in points)} boxes",
              (0, -2))
    image.resize((size // SCALE, size // SCALE), Image.LANCZOS).save(path)
