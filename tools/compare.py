"""compare.py - count what was found of what was planted, by class.

usage: compare.py PLANTED.geojson FOUND.geojson

Both have the properties class, xmin_px, ymin_px, xmax_px and ymax_px. A found box is an
object's when their classes agree and their intersection over union is 0.5 or more;
pairs are taken by falling value, one to one. Exit status: 0 when nine in ten of the
planted are found and nine in ten of the found are planted.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
from collections import defaultdict

SIDES = ("xmin_px", "ymin_px", "xmax_px", "ymax_px")


def boxes(path):
    """The boxes of a file by class, each list from left to right."""
    with open(path, encoding="utf-8") as file:
        rows = [feature["properties"] for feature in json.load(file)["features"]]
    by_class = defaultdict(list)
    for row in rows:
        if row.get("error") is None:
            by_class[row["class"]].append(tuple(row[side] for side in SIDES))
    return {name: sorted(list_) for name, list_ in by_class.items()}


def overlap(a, b):
    """Intersection over union."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / (areas - width * height)


def pairs(planted, found):
    """All pairs that could be one object: (overlap, planted index, found index)."""
    widest = max((box[2] - box[0] for box in planted), default=0)
    first = 0
    for j, box in enumerate(found):
        while first < len(planted) and planted[first][0] < box[0] - widest:
            first += 1
        for i in range(first, len(planted)):
            if planted[i][0] >= box[2]:
                break
            value = overlap(planted[i], box)
            if value >= 0.5:
                yield value, i, j


def matched(planted, found):
    """How many are one object, one to one."""
    used_planted, used_found = set(), set()
    for _, i, j in sorted(pairs(planted, found), key=lambda p: (-p[0], p[1], p[2])):
        if i not in used_planted and j not in used_found:
            used_planted.add(i)
            used_found.add(j)
    return len(used_planted)


def line(name, planted, found, right):
    """A row of the table: precision is right of found, recall right of planted."""
    shares = [f"{right / n:>11.3f}" if n else f"{'-':>11}" for n in (found, planted)]
    return f"{name:<10}{planted:>9}{found:>9}{right:>9}" + "".join(shares)


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    planted, found = boxes(arguments[0]), boxes(arguments[1])
    print(f"{'class':<10}{'planted':>9}{'found':>9}{'right':>9}"
          f"{'precision':>11}{'recall':>11}")
    sums = [0, 0, 0]
    for name in sorted(planted.keys() | found.keys()):
        p, f = planted.get(name, []), found.get(name, [])
        row = [len(p), len(f), matched(p, f)]
        sums = [a + b for a, b in zip(sums, row)]
        print(line(name, *row))
    print(line("all", *sums))
    return 0 if sums[2] >= 0.9 * max(sums[0], sums[1]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
