"""coco_cases.py - writes coco_cases.txt: random and hostile cases, scored by pycocotools.

usage: coco_cases.py >coco_cases.txt        (needs bench/score-requirements.txt)

A case is "case NAME IMAGES CLASSES", its boxes, "found IMAGE CLASS SCORE XMIN YMIN XMAX
YMAX" and "truth IMAGE CLASS CROWD AREA XMIN YMIN XMAX YMAX", and what pycocotools makes of
them: "most", how many found boxes of an image and class it takes (0: all), "stats" with its
twelve, and "class" with the average of each class; -1: none.
"""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import random

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


ALL = 10**6  # maxDets that leaves nothing out


class Case:
    def __init__(self, name, images, classes, most=100):
        self.name, self.images, self.classes, self.most = name, images, classes, most
        self.found, self.truth = [], []

    def add_truth(self, image, kind, x, y, w, h, crowd=0, area=None):
        self.truth.append((image, kind, crowd, w * h if area is None else area, x, y, w, h))

    def add_found(self, image, kind, score, x, y, w, h):
        self.found.append((image, kind, score, x, y, w, h))


def score(case):
    truth = {"info": {}, "images": [{"id": i + 1} for i in range(case.images)],
             "categories": [{"id": c + 1, "name": str(c)} for c in range(case.classes)],
             "annotations": [
                 {"id": n + 1, "image_id": t[0] + 1, "category_id": t[1] + 1,
                  "iscrowd": t[2], "area": t[3], "bbox": list(t[4:])}
                 for n, t in enumerate(case.truth)]}
    found = [{"image_id": f[0] + 1, "category_id": f[1] + 1, "score": f[2],
              "bbox": list(f[3:])} for f in case.found]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        # loadRes cannot take an empty list; an empty COCO is what it would be.
        results = coco.loadRes(found) if found else empty(truth)
        run = COCOeval(coco, results, "bbox")
        run.params.maxDets = [1, 10, case.most or ALL]
        run.evaluate()
        run.accumulate()
        run.summarize()
    # summarize() looks for the mean of all IoUs at 100 boxes alone.
    precision = run.eval["precision"][:, :, :, 0, -1]
    if case.most == 0:
        run.stats[0] = precision[precision > -1].mean() if (precision > -1).any() else -1
    return run


def empty(truth):
    coco = COCO()
    coco.dataset = dict(truth, annotations=[])
    coco.createIndex()
    return coco


def print_case(case):
    run = score(case)
    print("case", case.name, case.images, case.classes)
    for image, kind, value, x, y, w, h in case.found:
        print("found", image, kind, *map(repr, (value, x, y, x + w, y + h)))
    for image, kind, crowd, area, x, y, w, h in case.truth:
        print("truth", image, kind, crowd, *map(repr, (area, x, y, x + w, y + h)))
    print("most", case.most)
    print("stats", *(repr(float(v)) for v in run.stats))
    precision = run.eval["precision"][:, :, :, 0, -1]
    for kind in range(case.classes):
        values = precision[:, :, kind]
        print("class", kind, repr(float(np.mean(values)) if (values > -1).all() else -1.0))


def random_case(name, seed, images, classes, n, grid=None, crowds=0.0, steps=None,
                most=100):
    """Truth, and found boxes moved from it a little or lying anywhere. `grid` rounds
    coordinates to its multiples and `steps` the scores, so that there are ties."""
    rng = random.Random(seed)
    case = Case(name, images, classes, most)

    def place(value):
        return round(value / grid) * grid if grid else round(value, 4)

    def value():
        return round(rng.random() * steps) / steps if steps else round(rng.random(), 6)

    for _ in range(n):
        image, kind = rng.randrange(images), rng.randrange(classes)
        w, h = (place(rng.choice([6, 12, 30, 60, 130]) * rng.uniform(0.6, 1.6)) + 1
                for _ in "wh")
        x, y = place(rng.uniform(0, 300)), place(rng.uniform(0, 300))
        crowd = int(rng.random() < crowds)
        area = w * h if rng.random() < 0.7 else round(w * h * rng.uniform(0.3, 1), 2)
        case.add_truth(image, kind, x, y, w * (1 + 3 * crowd), h * (1 + 3 * crowd), crowd, area)
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            moved = [place(v) for v in (x + rng.gauss(0, w / 8), y + rng.gauss(0, h / 8))]
            size = [max(place(v * rng.uniform(0.8, 1.25)), 1) for v in (w, h)]
            other = rng.randrange(classes) if rng.random() < 0.1 else kind
            case.add_found(image, other, value(), *moved, *size)
    for _ in range(n // 3):
        case.add_found(rng.randrange(images), rng.randrange(classes), value(),
                       place(rng.uniform(0, 300)), place(rng.uniform(0, 300)),
                       place(rng.uniform(5, 80)) + 1, place(rng.uniform(5, 80)) + 1)
    return case


def hostile_cases():
    case = Case("nothing_at_all", 2, 2)
    yield case
    case = Case("nothing_found", 2, 2)
    case.add_truth(0, 0, 10, 10, 20, 20)
    case.add_truth(1, 1, 10, 10, 20, 20)
    yield case
    case = Case("nothing_there", 2, 2)
    case.add_found(0, 0, 0.5, 10, 10, 20, 20)
    yield case
    case = Case("one_class_never_found_another_never_there", 2, 3)
    case.add_truth(0, 0, 10, 10, 20, 20)
    case.add_truth(0, 1, 50, 50, 20, 20)
    case.add_found(0, 0, 0.5, 10, 10, 20, 20)
    case.add_found(0, 2, 0.9, 50, 50, 20, 20)
    yield case
    case = Case("only_crowds", 1, 1)
    case.add_truth(0, 0, 0, 0, 200, 200, crowd=1)
    case.add_found(0, 0, 0.5, 10, 10, 20, 20)
    case.add_found(0, 0, 0.6, 190, 190, 40, 40)
    yield case
    case = Case("crowd_takes_many_and_true_boxes_come_first", 2, 1)
    case.add_truth(0, 0, 0, 0, 200, 200, crowd=1)
    case.add_truth(0, 0, 10, 10, 20, 20)
    case.add_truth(1, 0, 10, 10, 20, 20)
    for i in range(4):
        case.add_found(0, 0, 0.9 - i / 10, 10, 10, 20, 20 + i)
        case.add_found(1, 0, 0.9 - i / 10, 10 + i, 10, 20, 20)
    yield case
    case = Case("all_scores_tied_over_images", 4, 1)
    for i in range(4):
        case.add_truth(i, 0, 10, 10, 20, 20)
        case.add_found(i, 0, 0.5, 10 + 20 * (i % 2), 10, 20, 20)
        case.add_found(i, 0, 0.5, 11, 10, 20, 20)
    yield case
    case = Case("iou_of_exactly_a_half_and_equal_overlaps", 2, 1)
    case.add_truth(0, 0, 0, 0, 16, 16)
    case.add_truth(0, 0, 0, 16, 16, 16)
    case.add_found(0, 0, 0.9, 0, 8, 16, 16)
    case.add_found(0, 0, 0.8, 0, 0, 16, 8)
    case.add_found(0, 0, 0.7, 0, 0, 16, 32)
    case.add_truth(1, 0, 0, 0, 16, 16)
    case.add_found(1, 0, 0.6, 0, 0, 16, 32)
    yield case
    case = Case("sizes_on_their_limits", 2, 1)
    for i, side in enumerate((32, 96)):
        case.add_truth(i, 0, 0, 0, side, side)
        case.add_found(i, 0, 0.9, 0, 0, side, side)
        case.add_found(i, 0, 0.8, 200, 200, side, side)
        case.add_truth(i, 0, 400, 0, side + 0.5, side)
    yield case
    for name, most in (("more_than_a_hundred_in_an_image", 100), ("and_all_of_them_count", 0)):
        case = Case(name, 2, 1, most)
        for i in range(130):
            case.add_truth(0, 0, 20 * i, 0, 10, 10)
            case.add_found(0, 0, (130 - i) / 131, 20 * i + i % 3, 0, 10, 10)
        case.add_truth(1, 0, 0, 0, 10, 10)
        case.add_found(1, 0, 0.01, 0, 0, 10, 10)
        yield case
    case = Case("empty_boxes_and_large_ones", 1, 1)
    case.add_truth(0, 0, 5, 5, 0, 10)
    case.add_truth(0, 0, 0, 0, 90000, 200000)
    case.add_truth(0, 0, 0, 0, 20, 20)
    case.add_found(0, 0, 0.9, 5, 5, 0, 10)
    case.add_found(0, 0, 0.8, 0, 0, 90000, 200000)
    case.add_found(0, 0, 0.7, 0, 0, 20, 19)
    yield case
    case = Case("scores_below_0_and_above_1", 1, 1)
    for i, value in enumerate((3.5, 0.0, -0.0, -2.0)):
        case.add_truth(0, 0, 40 * i, 0, 20, 20)
        case.add_found(0, 0, value, 40 * i + 4 * i, 0, 20, 20)
    yield case


def main():
    for case in hostile_cases():
        print_case(case)
    print_case(random_case("random", 1, 4, 3, 40))
    print_case(random_case("random_crowds", 2, 3, 2, 40, crowds=0.2))
    print_case(random_case("random_ties", 3, 4, 2, 50, steps=5))
    print_case(random_case("random_grid", 4, 3, 2, 50, grid=4))
    print_case(random_case("random_grid_and_ties", 5, 2, 2, 50, grid=8, steps=3))
    print_case(random_case("random_all_of_it", 6, 3, 3, 60, grid=4, crowds=0.15, steps=4))
    print_case(random_case("random_one_image", 7, 1, 1, 70))
    print_case(random_case("random_many_classes", 8, 3, 12, 60))
    print_case(random_case("random_dense", 9, 1, 1, 75, most=0))
    print_case(random_case("random_dense_and_ties", 10, 1, 1, 75, steps=4, most=0))
    print_case(random_case("random_dense_with_a_limit", 10, 1, 1, 75, steps=4))


if __name__ == "__main__":
    main()
