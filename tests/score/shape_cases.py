"""shape_cases.py - writes shape_cases.txt: outlines, scored by pycocotools with shapely's IoU.

usage: shape_cases.py >shape_cases.txt    (needs bench/score-requirements.txt and shapely)

A case is "case NAME", its outlines, "found IMAGE CLASS SCORE X Y X Y ..." and "truth IMAGE
CLASS X Y ...", and the twelve "stats" of pycocotools, whose IoU and areas are those of the
outlines made valid by shapely. tests/cli/evaluate_outlines.sh compares.
"""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import math
import random

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from shapely import make_valid
from shapely.geometry import Polygon

IMAGES, CLASSES = 3, 2


def turned(points, x, y, angle):
    c, s = math.cos(angle), math.sin(angle)
    return [(round(x + u * c - v * s, 3), round(y + u * s + v * c, 3)) for u, v in points]


def rectangle(rng):
    w, h = rng.choice([4, 10, 40, 90]) * rng.uniform(0.5, 1.5), rng.uniform(3, 12)
    return [(-w, -h), (w, -h), (w, h), (-w, h)]


def star(rng):
    n = rng.randint(5, 12)
    rays = [rng.uniform(5, 30) for _ in range(n)]
    return [(r * math.cos(i * 2 * math.pi / n), r * math.sin(i * 2 * math.pi / n))
            for i, r in enumerate(rays)]


def bow_tie(rng):
    a, b, c, d = rectangle(rng)
    return [a, c, b, d]


def random_set(seed, n, steps):
    rng = random.Random(seed)
    found, truth = [], []
    for _ in range(n):
        points, at = rng.choice([rectangle, rectangle, star, bow_tie])(rng), [
            rng.uniform(0, 200), rng.uniform(0, 200), rng.uniform(0, 6.3)]
        image, kind = rng.randrange(IMAGES), rng.randrange(CLASSES)
        truth.append((image, kind, turned(points, *at)))
        for _ in range(rng.choice([0, 1, 1, 2])):
            moved = [at[0] + rng.gauss(0, 2), at[1] + rng.gauss(0, 2), at[2] + rng.gauss(0, 0.1)]
            score = rng.randint(1, steps) / steps
            found.append((image, kind, score, turned(points, *moved)))
    for _ in range(n // 4):
        found.append((rng.randrange(IMAGES), rng.randrange(CLASSES), rng.randint(1, steps) / steps,
                      turned(rectangle(rng), rng.uniform(0, 200), rng.uniform(0, 200), 1)))
    return found, truth


def annotation(n, image, kind, shape, **more):
    x0, y0, x1, y1 = shape.bounds
    return dict(id=n + 1, image_id=image + 1, category_id=kind + 1, iscrowd=0, area=shape.area,
                bbox=[x0, y0, x1 - x0, y1 - y0], **more)


def coco_of(annotations):
    coco = COCO()
    coco.dataset = {"images": [{"id": i + 1} for i in range(IMAGES)], "annotations": annotations,
                    "categories": [{"id": k + 1, "name": str(k)} for k in range(CLASSES)]}
    coco.createIndex()
    return coco


def stats(found, truth):
    f, t = ([make_valid(Polygon(row[-1])) for row in rows] for rows in (found, truth))

    def iou(a, b):
        common = a.intersection(b).area
        return common / (a.area + b.area - common)

    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(
            coco_of([annotation(n, *row[:2], t[n]) for n, row in enumerate(truth)]),
            coco_of([annotation(n, *row[:2], f[n], score=row[2]) for n, row in enumerate(found)]),
            "bbox")

        def ious(image, kind):
            there, seen = run._gts[image, kind], run._dts[image, kind]
            order = np.argsort([-d["score"] for d in seen], kind="mergesort")
            table = [[iou(f[seen[i]["id"] - 1], t[g["id"] - 1]) for g in there] for i in order]
            return np.array(table) if there and seen else []

        run.computeIoU = ious
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run.stats


def main():
    for name, seed, steps in (("outlines", 1, 1000), ("outlines_and_ties", 2, 4),
                              ("others", 3, 1000)):
        found, truth = random_set(seed, 80, steps)
        print("case", name)
        for word, rows in (("found", found), ("truth", truth)):
            for row in rows:
                print(word, *row[:-1], *(v for p in row[-1] for v in p))
        print("stats", *(repr(float(v)) for v in stats(found, truth)))


if __name__ == "__main__":
    main()
