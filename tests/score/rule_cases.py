"""rule_cases.py - writes cases with what the rules of VOC or xView make of them.

usage: rule_cases.py voc >voc_cases.txt; rule_cases.py xview >xview_cases.txt

The rules are read from their published texts, and followed in their words, box by box,
without any of Elcano's code or shortcuts. The form of a case is that of coco_cases.py; a
true box with CROWD 2 is difficult. "stats" are for VOC the mean averages at an IoU of 0.5
and 0.75, for xView mean average, precision, recall and F1.
"""
# SPDX-License-Identifier: Apache-2.0
import random
import sys
from fractions import Fraction


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    shared = width * height
    area = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - shared
    return shared / area


def average(verdicts, positives):
    """All-point: at each recall that is reached, the largest precision at that recall or
    a higher one. `verdicts` by falling score: True or False."""
    points, right = [], 0
    for taken, verdict in enumerate(verdicts, 1):
        right += verdict
        points.append((Fraction(right, positives), Fraction(right, taken)))
    area, before = Fraction(0), Fraction(0)
    for recall in sorted({r for r, _ in points if r > 0}):
        area += (recall - before) * max(p for r, p in points if r >= recall)
        before = recall
    return float(area)


def by_falling_score(found):
    """Equal scores stay in the order of images, then of the file."""
    return sorted(found, key=lambda f: (-f["score"], f["image"], f["number"]))


def voc_class(found, truth, threshold):
    """VOCevaldet.m: difficult objects are neither found nor missed."""
    positives = sum(not t["difficult"] for t in truth)
    if not positives:
        return None
    taken, verdicts = set(), []
    for f in by_falling_score(found):
        best, which = 0, None
        for t in truth:
            if t["image"] == f["image"] and iou(f["box"], t["box"]) > best:
                best, which = iou(f["box"], t["box"]), t
        if which is None or best < threshold:
            verdicts.append(False)
        elif not which["difficult"]:
            verdicts.append(which["number"] not in taken)
            taken.add(which["number"])
    return average(verdicts, positives)


def xview_class(found, truth):
    """Per image, detections by falling score; each looks only at the truth with the
    largest IoU, at least 0.5, no second choice; a truth is used once."""
    answers = {}
    for image in sorted({f["image"] for f in found}):
        used = set()
        here = [t for t in truth if t["image"] == image]
        for f in by_falling_score([f for f in found if f["image"] == image]):
            overlaps = [iou(f["box"], t["box"]) for t in here]
            answers[f["number"]] = False
            if overlaps and max(overlaps) >= 0.5:
                which = overlaps.index(max(overlaps))
                answers[f["number"]] = which not in used
                used.add(which)
    verdicts = [answers[f["number"]] for f in by_falling_score(found)]
    right = sum(verdicts)
    precision = right / len(found) if found else None
    return average(verdicts, len(truth)) if found else 0.0, precision, right / len(truth)


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else -1.0


def of_class(case, kind):
    return ([f for f in case["found"] if f["class"] == kind],
            [t for t in case["truth"] if t["class"] == kind])


def score_voc(case):
    half, more = ([voc_class(*of_class(case, k), threshold) for k in range(case["classes"])]
                  for threshold in (0.5, 0.75))
    return [mean(half), mean(more)], half


def score_xview(case):
    kinds = [k for k in range(case["classes"]) if of_class(case, k)[1]]
    results = {k: xview_class(*of_class(case, k)) for k in kinds}
    ap, precision, recall = (mean([r[i] for r in results.values()]) for i in range(3))
    f1 = -1.0 if not kinds or precision == -1 else \
        0.0 if precision <= 0 or recall <= 0 else 2 / (1 / precision + 1 / recall)
    classes = [results[k][0] if k in results else None for k in range(case["classes"])]
    return [ap, precision, recall, f1], classes


def random_case(name, seed, images, classes, n, steps=None, grid=None, difficult=0.0):
    rng = random.Random(seed)
    case = {"name": name, "images": images, "classes": classes, "found": [], "truth": []}

    def put(value):
        return round(value / grid) * grid if grid else round(value, 4)

    def add(kind, image, which, box, **more):
        case[kind].append(dict(image=image, box=box, number=len(case[kind]), **more,
                               **{"class": which}))

    def confidence():
        return rng.randint(1, steps) / steps if steps else round(rng.uniform(1e-6, 1), 6)

    for _ in range(n):
        image, which = rng.randrange(images), rng.randrange(classes)
        x, y = put(rng.uniform(40, 400)), put(rng.uniform(40, 400))
        w, h = put(rng.uniform(10, 60)) + 1, put(rng.uniform(10, 60)) + 1
        add("truth", image, which, (x, y, x + w, y + h),
            difficult=rng.random() < difficult)
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            dx, dy, dw, dh = (put(rng.gauss(0, side / 7)) for side in (w, h, w, h))
            add("found", image, which if rng.random() < 0.9 else rng.randrange(classes),
                (x + dx, y + dy, x + dx + max(w + dw, 1), y + dy + max(h + dh, 1)),
                score=confidence())
    return case


def hostile_case(name, classes=2):
    return {"name": name, "images": 2, "classes": classes, "found": [], "truth": []}


def hostile_cases():
    def found(case, image, which, score, *box):
        case["found"].append({"image": image, "class": which, "score": score, "box": box,
                              "number": len(case["found"])})

    def truth(case, image, which, *box, difficult=False):
        case["truth"].append({"image": image, "class": which, "box": box,
                              "difficult": difficult, "number": len(case["truth"])})

    case = hostile_case("nothing_at_all")
    yield case
    case = hostile_case("nothing_found")
    truth(case, 0, 0, 0, 0, 10, 10)
    yield case
    case = hostile_case("nothing_there")
    found(case, 0, 0, 0.5, 0, 0, 10, 10)
    yield case
    case = hostile_case("no_second_choice", 1)
    truth(case, 0, 0, 0, 0, 10, 10)
    truth(case, 0, 0, 0, 4, 10, 14)
    found(case, 0, 0, 0.9, 0, 0, 10, 10)
    found(case, 0, 0, 0.8, 0, 1, 10, 11)
    yield case
    case = hostile_case("a_half_is_enough_and_the_first_of_equals_is_taken", 1)
    truth(case, 0, 0, 0, 0, 16, 16)
    truth(case, 0, 0, 0, 16, 16, 32)
    found(case, 0, 0, 0.9, 0, 0, 16, 32)
    found(case, 0, 0, 0.8, 0, 16, 16, 32)
    found(case, 0, 0, 0.7, 0, 0, 16, 16)
    found(case, 1, 0, 1.0, 0, 0, 16, 16)
    yield case
    case = hostile_case("one_class_never_found_another_never_there", 3)
    truth(case, 0, 0, 0, 0, 10, 10)
    truth(case, 1, 1, 0, 0, 10, 10)
    found(case, 0, 0, 0.5, 0, 0, 10, 10)
    found(case, 0, 2, 0.6, 0, 0, 10, 10)
    yield case
    case = hostile_case("difficult_boxes", 1)
    truth(case, 0, 0, 0, 0, 10, 10, difficult=True)
    truth(case, 0, 0, 20, 0, 30, 10)
    found(case, 0, 0, 0.9, 0, 0, 10, 10)
    found(case, 0, 0, 0.8, 0, 0, 10, 10)
    found(case, 0, 0, 0.7, 20, 0, 30, 10)
    found(case, 0, 0, 0.6, 20, 0, 30, 10)
    yield case


def main():
    score = {"voc": score_voc, "xview": score_xview}[sys.argv[1]]
    difficult = 0.2 if sys.argv[1] == "voc" else 0.0
    cases = [c for c in hostile_cases()
             if sys.argv[1] == "voc" or not any(t["difficult"] for t in c["truth"])]
    cases += [random_case("random", 1, 4, 3, 50, difficult=difficult),
              random_case("random_ties", 2, 4, 2, 50, steps=5, difficult=difficult),
              random_case("random_grid_and_ties", 3, 3, 2, 60, steps=4, grid=4),
              random_case("random_one_image", 4, 1, 1, 60, difficult=difficult),
              random_case("random_many_classes", 5, 5, 12, 80, difficult=difficult)]
    for case in cases:
        stats, classes = score(case)
        print("case", case["name"], case["images"], case["classes"])
        for f in case["found"]:
            print("found", f["image"], f["class"], *map(repr, (f["score"], *f["box"])))
        for t in case["truth"]:
            box, crowd = t["box"], 2 * t["difficult"]
            area = (box[2] - box[0]) * (box[3] - box[1])
            print("truth", t["image"], t["class"], crowd, *map(repr, (area, *box)))
        print("stats", *map(repr, stats))
        for k, value in enumerate(classes):
            print("class", k, -1.0 if value is None else repr(value))


if __name__ == "__main__":
    main()
