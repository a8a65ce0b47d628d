"""score_peer.py - seconds of pycocotools on the boxes that bench-score wrote.

usage: bench-score 100000 100000 100 10 boxes.txt; score_peer.py boxes.txt IMAGES CLASSES
"""
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import resource
import sys
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def read(path):
    boxes = {"found": [], "truth": []}
    for line in open(path):
        kind, image, which, score, *sides = line.split()
        x0, y0, x1, y1 = map(float, sides)
        boxes[kind].append({
            "id": len(boxes[kind]) + 1, "image_id": int(image), "category_id": int(which),
            "score": float(score), "bbox": [x0, y0, x1 - x0, y1 - y0],
            "area": (x1 - x0) * (y1 - y0), "iscrowd": 0})
    return boxes


def main():
    path, images, classes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    boxes = read(path)
    truth = COCO()
    truth.dataset = {"images": [{"id": i} for i in range(images)],
                     "categories": [{"id": k} for k in range(classes)],
                     "annotations": boxes["truth"], "info": {}}
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes(boxes["found"])
        run = COCOeval(truth, found, "bbox")
        run.params.maxDets = [1, 10, len(boxes["found"])]
        start = time.monotonic()
        run.evaluate()
        run.accumulate()
        seconds = time.monotonic() - start
    precision = run.eval["precision"][:, :, :, 0, -1]
    print(f"pycocotools {seconds:.2f} s, peak "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB, "
          f"AP {precision[precision > -1].mean():.4f}")


if __name__ == "__main__":
    main()
