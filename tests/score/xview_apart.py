"""xview_apart.py - prints sets of boxes, and what xView's rules make of them.

It was written from the published rules, and from nothing in src/score: per image and class,
detections by falling score; each looks only at the true box of the largest IoU and is right
where that is at least a half and the box is not yet taken. The average precision is the area
under the falling curve of precision, all points; a true class without detections has 0. The
means are of the truth's classes less 75, 82 and 87, or of those in a list. All of it is in
exact fractions. tests/cli/evaluate_xview.sh compares.

"case NAME"; "found IMAGE CLASS SCORE XMIN YMIN XMAX YMAX"; "truth IMAGE CLASS XMIN YMIN XMAX
YMAX"; "class ID AP PRECISION RECALL"; "mean NAME VALUE"; nan: there is none.
"""
# SPDX-License-Identifier: Apache-2.0
import random
from fractions import Fraction

LEFT_OUT = {75, 82, 87}
# Classes by the size of such objects and how many there are: the lists of scoring/score.py in
# DIUx-xView/xView1_baseline.
LISTS = {
    "map_small": "17 18 19 20 21 23 24 26 27 28 32 41 60 62 63 64 65 66 91",
    "map_medium": "11 12 15 25 29 33 34 35 36 37 38 42 44 47 50 53 56 59 61 71 72 73 76 84 86 "
                  "93 94",
    "map_large": "13 40 45 49 51 52 54 55 57 74 77 79 83 89",
    "map_common": "13 17 18 19 20 21 23 24 25 26 27 28 34 35 41 47 60 63 64 71 72 73 76 77 79 "
                  "83 86 89 91",
    "map_rare": "11 12 15 29 32 33 36 37 38 40 42 44 45 49 50 51 52 53 54 55 56 57 59 61 62 65 "
                "66 74 84 93 94",
}


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return Fraction(0)
    shared = width * height
    return Fraction(shared, area(a) + area(b) - shared)


def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def right_ones(found, truth):
    """One image and class: is each of `found`, which are in order, right?"""
    taken, right = set(), []
    for _, box in found:
        overlaps = [iou(box, t) for t in truth]
        best = max(range(len(truth)), key=overlaps.__getitem__, default=None)
        hit = best is not None and overlaps[best] >= Fraction(1, 2) and best not in taken
        if hit:
            taken.add(best)
        right.append(hit)
    return right


def area_under(right, n_truth):
    points, hits = [], 0
    for n, hit in enumerate(right, 1):
        hits += hit
        points.append((Fraction(hits, n_truth), Fraction(hits, n)))
    total, before = Fraction(0), Fraction(0)
    for i, (recall, _) in enumerate(points):
        if recall > before:
            total += (recall - before) * max(p for _, p in points[i:])
            before = recall
    return total


def score_class(kind, found, truth):
    """Average precision, precision and recall of one true class."""
    marks = []
    for image in sorted({row[0] for row in found + truth}):
        mine = [(row[2], row[3]) for row in found if row[:2] == (image, kind)]
        mine.sort(key=lambda m: -m[0])
        boxes = [row[2] for row in truth if row[:2] == (image, kind)]
        marks += zip((m[0] for m in mine), right_ones(mine, boxes))
    marks.sort(key=lambda m: -m[0])
    right = [hit for _, hit in marks]
    n_truth = sum(row[1] == kind for row in truth)
    precision = Fraction(sum(right), len(right)) if right else None
    return area_under(right, n_truth), precision, Fraction(sum(right), n_truth)


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def means(classes):
    counted = [v for kind, v in classes.items() if kind not in LEFT_OUT]
    out = {"map": mean(v[0] for v in counted), "precision": mean(v[1] for v in counted),
           "recall": mean(v[2] for v in counted)}
    p, r = out["precision"], out["recall"]
    out["f1"] = None if p is None or r is None else 2 * p * r / (p + r) if p + r else Fraction(0)
    for name, ids in LISTS.items():
        out[name] = mean(classes[int(k)][0] for k in ids.split() if int(k) in classes)
    return out


def shown(value):
    return "nan" if value is None else repr(float(value))


def print_case(name, found, truth):
    print("case", name)
    for image, kind, value, box in found:
        print("found", image, kind, repr(value), *box)
    for image, kind, box in truth:
        print("truth", image, kind, *box)
    classes = {kind: score_class(kind, found, truth)
               for kind in sorted({row[1] for row in truth})}
    for kind, values in classes.items():
        print("class", kind, *map(shown, values))
    for key, value in means(classes).items():
        print("mean", key, shown(value))


# ---- sets ------------------------------------------------------------------------------


def square(x, y, side=10):
    return x, y, x + side, y + side


def random_set(seed, images, kinds, n, steps=None, grid=1, missed=0.2):
    """Truth, and boxes moved from it; `steps` and `grid` make equal scores and overlaps."""
    rng = random.Random(seed)

    def value():
        return rng.randint(1, steps) / steps if steps else 1 - rng.random()

    def box():
        x, y, w, h = (grid * rng.randint(lo, hi) for lo, hi in
                      ((0, 160 // grid), (0, 160 // grid), (2, 12), (2, 12)))
        return x, y, x + w, y + h

    def moved(b):
        dx, dy, dw, dh = (grid * rng.randint(-3, 3) for _ in range(4))
        x, y = max(0, b[0] + dx), max(0, b[1] + dy)
        return x, y, max(x + 1, b[2] + dx + dw), max(y + 1, b[3] + dy + dh)

    found, truth = [], []
    for _ in range(n):
        image, kind, b = rng.randrange(images), rng.choice(kinds), box()
        truth.append((image, kind, b))
        for _ in range(0 if rng.random() < missed else rng.choice((1, 1, 2, 3))):
            other = rng.choice(kinds) if rng.random() < 0.1 else kind
            found.append((image, other, value(), moved(b)))
    for _ in range(n // 3):
        found.append((rng.randrange(images + 1), rng.choice(kinds + [999]), value(), box()))
    rng.shuffle(found)
    rng.shuffle(truth)
    return found, truth


def hostile_sets():
    one = [(0, 11, square(0, 0))]
    yield "nothing_found", [], one + [(1, 12, square(5, 5))]
    yield "only_a_class_that_is_left_out", [(0, 75, 0.5, square(0, 0))], [(0, 75, square(0, 0))]
    yield ("classes_left_out_change_no_mean",
           [(0, 11, 0.5, square(0, 0)), (0, 75, 0.6, square(0, 0)), (0, 87, 0.7, square(50, 50))],
           one + [(0, k, square(0, 0)) for k in (75, 82, 87)])
    yield ("a_class_never_found_and_one_never_there",
           [(0, 11, 0.5, square(0, 0)), (0, 94, 0.9, square(0, 0))],
           one + [(0, 18, square(40, 40))])
    yield ("a_number_that_xview_does_not_have",
           [(0, 11, 0.5, square(0, 0)), (0, 999, 0.4, square(0, 0)), (0, 998, 0.4, square(0, 0))],
           one + [(0, 999, square(0, 0)), (0, 0, square(9, 9))])
    yield ("no_second_choice",
           [(0, 11, 0.9, square(0, 0)), (0, 11, 0.8, square(0, 1))],
           one + [(0, 11, square(0, 4))])
    yield ("a_half_is_enough_and_a_little_less_is_not",
           [(0, 11, 0.9, (0, 0, 16, 32)), (1, 11, 0.8, (0, 0, 16, 33))],
           [(0, 11, square(0, 0, 16)), (1, 11, square(0, 0, 16))])
    yield ("equal_overlaps_take_the_first",
           [(0, 11, 0.9, (0, 0, 16, 32)), (0, 11, 0.8, (0, 0, 16, 32)),
            (0, 11, 0.7, (0, 16, 16, 32))],
           [(0, 11, square(0, 0, 16)), (0, 11, square(0, 16, 16))])
    yield ("all_scores_equal_over_images",
           [(i, 11, 1.0, square(9 * j * (i % 2 == j), 0)) for j in (1, 0) for i in range(4)],
           [(i, 11, square(0, 0)) for i in range(4)])
    yield ("images_with_only_detections_or_only_truth",
           [(3, 11, 0.9, square(0, 0)), (0, 11, 0.5, square(0, 0))],
           one + [(5, 11, square(0, 0))])
    yield ("one_box_found_forty_times",
           [(0, 11, (i + 1) / 64, square(0, 0)) for i in range(40)], one)
    yield ("scores_at_both_ends",
           [(0, 11, 1.0, square(0, 0)), (0, 11, 5e-324, square(30, 30))],
           one + [(0, 11, square(30, 30))])


def main():
    for case in hostile_sets():
        print_case(*case)
    kinds = [11, 12, 17, 18, 23]
    print_case("random", *random_set(1, 4, kinds, 40))
    print_case("random_ties", *random_set(2, 4, kinds[:2], 40, steps=4))
    print_case("random_grid", *random_set(3, 2, kinds[:3], 40, grid=4))
    print_case("random_grid_and_ties", *random_set(4, 3, kinds[:2], 50, steps=3, grid=8))
    print_case("random_left_out", *random_set(5, 3, [11, 75, 82, 87, 94], 50))
    print_case("random_one_image", *random_set(6, 1, [73], 60, steps=9))
    print_case("random_many_classes", *random_set(7, 3, list(range(11, 95, 3)), 70))
    print_case("random_mostly_missed", *random_set(8, 6, kinds, 40, missed=0.9))


if __name__ == "__main__":
    main()
