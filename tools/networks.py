"""networks.py - write networks with seeded weights, and heads whose boxes are known.

usage: networks.py yolov8n OUT.onnx [--seed N] [--classes NAMES]
       networks.py small OUT.onnx [--seed N] [--classes NAMES]
       networks.py heads FOLDER

yolov8n has the shape of YOLOv8n (8.7 GFLOP at 640 px with its 80 classes, 8.1 with
three), small costs 0.14 GFLOP at 640 px. Their weights are random: they find nothing in
particular, a few boxes a chip with seed 1, but cost what a trained network costs. Input
"images" [N, 3, H, W], sides multiples of 32 (8 for small); output "output0"
[N, 4 + classes, A] as YOLOv8's.

heads writes one small network for each head that Elcano reads, for its tests. All give
the three boxes of KNOWN for every chip, whatever is in it, and rows without a score.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import math
import os
import random
import sys

from onnx_writer import FLOAT, INT64, UINT8, Graph

# Class, score, xmin, ymin, xmax, ymax in pixels of a 64 px chip.
KNOWN = ((0, 0.9, 10.0, 12.0, 30.0, 22.0),
         (1, 0.8, 40.0, 8.0, 52.0, 40.0),
         (2, 0.7, 5.0, 50.0, 25.0, 60.0))
SIDE = 64
CLASSES = ("car", "truck", "bus")
# Of the known boxes where they are turned, in radians.
ANGLES = (0.3, -0.7, 2.0)
# Two prototypes of masks, 16 x 16: columns from -7.5 to 7.5, and ones. The known boxes'
# masks are all of them, what is right of 48 px, and what is left of 16 px.
COEFFICIENTS = ((0.0, 1.0), (1.0, -4.0), (-1.0, -4.0))


def metadata(classes, **more):
    """Ultralytics' keys."""
    names = ", ".join(f"{i}: '{name}'" for i, name in enumerate(classes))
    keys = {"description": "Elcano test network, not trained",
            "task": "detect", "names": "{" + names + "}"}
    keys.update({key: str(value) for key, value in more.items()})
    return keys


class Net:
    """Convolutions with seeded weights, which count what they cost at 640 px."""

    def __init__(self, name, seed, classes):
        self.g = Graph(name)
        self.random = random.Random(seed)
        self.classes = classes
        self.flops = self.weights = 0
        self.side, self.channels = {}, {}
        self.image = self.g.input("images", FLOAT, ["batch", 3, "height", "width"])
        self.note(self.image, 640, 3)

    def note(self, value, side, channels):
        self.side[value], self.channels[value] = side, channels
        return value

    def filters(self, count, fan, gain):
        """Uniform weights of variance 2 / fan, so that signals keep their size."""
        reach, draw = gain * math.sqrt(3.0 * 2.0 / fan), self.random.random
        return [reach * (2.0 * draw() - 1.0) for _ in range(count * fan)]

    def conv(self, x, out, kernel=1, stride=1, act="silu", bias=0.0, gain=1.0):
        g, inner = self.g, self.channels[x]
        fan = inner * kernel * kernel
        values = self.filters(out, fan, gain)
        if x == self.image:  # filters of sum 0 answer to edges, not to brightness
            for i in range(0, len(values), fan):
                mean = sum(values[i:i + fan]) / fan
                values[i:i + fan] = [value - mean for value in values[i:i + fan]]
        weights = g.tensor(FLOAT, [out, inner, kernel, kernel], values)
        pad = kernel // 2
        y = g.add("Conv", x, weights, g.tensor(FLOAT, [out], [bias] * out),
                  kernel_shape=[kernel, kernel], strides=[stride, stride],
                  pads=[pad, pad, pad, pad])
        side = self.side[x] // stride
        self.flops += 2 * out * fan * side * side
        self.weights += out * (fan + 1)
        if act == "silu":
            y = g.add("Mul", y, g.add("Sigmoid", y))
        elif act == "relu":
            y = g.add("Relu", y)
        return self.note(y, side, out)

    def concat(self, *parts):
        y = self.g.add("Concat", *parts, axis=1)
        return self.note(y, self.side[parts[0]],
                         sum(self.channels[part] for part in parts))

    def c2f(self, x, out, repeats, shortcut):
        """YOLOv8's block: half goes through bottlenecks, all stages are joined."""
        half, g = out // 2, self.g
        y = self.conv(x, out)
        parts = list(g.add("Split", y, g.ints(half, half), axis=1, outputs=2))
        for part in parts:
            self.note(part, self.side[y], half)
        for _ in range(repeats):
            z = self.conv(self.conv(parts[-1], half, 3), half, 3)
            if shortcut:
                z = self.note(g.add("Add", parts[-1], z), self.side[y], half)
            parts.append(z)
        return self.conv(self.concat(*parts), out)

    def sppf(self, x, out):
        parts = [self.conv(x, self.channels[x] // 2)]
        for _ in range(3):
            pooled = self.g.add("MaxPool", parts[-1], kernel_shape=[5, 5],
                                strides=[1, 1], pads=[2, 2, 2, 2])
            parts.append(self.note(pooled, self.side[x], self.channels[x] // 2))
        return self.conv(self.concat(*parts), out)

    def upsample(self, x):
        scales = self.g.tensor(FLOAT, [4], [1.0, 1.0, 2.0, 2.0])
        y = self.g.add("Resize", x, "", scales, mode="nearest", nearest_mode="floor",
                       coordinate_transformation_mode="asymmetric")
        return self.note(y, 2 * self.side[x], self.channels[x])

    def cells(self, x, size):
        """[N, C, h, w] as [N, size, h w]."""
        return self.g.add("Reshape", x, self.g.ints(0, size, -1))

    def grid(self, x):
        """[1, 2, h w]: the middles of a map's cells, in cells."""
        g = self.g
        shape = g.add("Shape", x)
        lines = []
        for axis, form in ((3, (1, 1, -1)), (2, (1, -1, 1))):
            count = g.add("Gather", shape, g.int(axis))
            line = g.add("Cast", g.add("Range", g.int(0), count, g.int(1)), to=FLOAT)
            lines.append(g.add("Reshape", g.add("Add", line, g.float(0.5)),
                               g.ints(*form)))
        area = g.add("Slice", shape, g.ints(2), g.ints(4))
        area = g.add("Concat", g.ints(1), area, axis=0)
        flat = [g.add("Reshape", g.add("Expand", line, area), g.ints(1, 1, -1))
                for line in lines]
        return g.add("Concat", *flat, axis=1)

    def decode(self, distances, stride, x):
        """Distances to four sides, in cells, as cx cy w h in pixels."""
        g = self.g
        near = g.add("Slice", distances, g.ints(0), g.ints(2), g.ints(1))
        far = g.add("Slice", distances, g.ints(2), g.ints(4), g.ints(1))
        half = g.add("Mul", g.add("Sub", far, near), g.float(0.5))
        middle = g.add("Add", self.grid(x), half)
        box = g.add("Concat", middle, g.add("Add", near, far), axis=1)
        return g.add("Mul", box, g.float(float(stride)))

    def expected_distance(self, bins):
        """YOLOv8's distribution focal loss: 16 bins a side, their mean."""
        g = self.g
        bins = g.add("Reshape", bins, g.ints(0, 4, 16, -1))
        share = g.add("Softmax", bins, axis=2)
        values = g.tensor(FLOAT, [1, 1, 16, 1], [float(i) for i in range(16)])
        return g.add("ReduceSum", g.add("Mul", share, values), g.ints(2), keepdims=0)

    def finish(self, parts, path, stride):
        g, rows = self.g, 4 + len(self.classes)
        if len(parts) > 1:
            g.add("Concat", *parts, axis=2, out="output0")
        else:
            g.add("Identity", parts[0], out="output0")
        g.output("output0", FLOAT, ["batch", rows, "anchors"])
        g.save(path, metadata(self.classes, stride=stride, imgsz=[640, 640], batch=1))
        print(f"{path}: {self.flops / 1e9:.2f} GFLOP at 640 px, {self.weights} weights")


def yolov8n_head(net, x, stride):
    """Box and class branches of one scale, decoded."""
    nc, g = len(net.classes), net.g
    wide = max(64, min(nc, 100))
    boxes = net.conv(net.conv(net.conv(x, 64, 3), 64, 3), 64, 1, act=None, gain=0.2)
    kinds = net.conv(net.conv(x, wide, 3), wide, 3)
    kinds = net.conv(kinds, nc, 1, act=None, bias=-4.5, gain=0.046)
    distances = net.expected_distance(net.cells(boxes, 64))
    scores = g.add("Sigmoid", net.cells(kinds, nc))
    return g.add("Concat", net.decode(distances, stride, boxes), scores, axis=1)


def yolov8n(path, seed, classes):
    """Widths 16 to 256, depths 1 2 2 1, a path down and a path up, three scales."""
    net = Net("yolov8n", seed, classes)
    x = net.conv(net.conv(net.image, 16, 3, 2, gain=30.0), 32, 3, 2)
    x = net.c2f(x, 32, 1, True)
    p3 = net.c2f(net.conv(x, 64, 3, 2), 64, 2, True)
    p4 = net.c2f(net.conv(p3, 128, 3, 2), 128, 2, True)
    p5 = net.sppf(net.c2f(net.conv(p4, 256, 3, 2), 256, 1, True), 256)
    n4 = net.c2f(net.concat(net.upsample(p5), p4), 128, 1, False)
    n3 = net.c2f(net.concat(net.upsample(n4), p3), 64, 1, False)
    m4 = net.c2f(net.concat(net.conv(n3, 64, 3, 2), n4), 128, 1, False)
    m5 = net.c2f(net.concat(net.conv(m4, 128, 3, 2), p5), 256, 1, False)
    scales = ((n3, 8), (m4, 16), (m5, 32))
    parts = [yolov8n_head(net, x, stride) for x, stride in scales]
    net.finish(parts, path, 32)


def small(path, seed, classes):
    """Four convolutions to stride 8 and one head."""
    net, nc = Net("small", seed, classes), len(classes)
    x = net.conv(net.image, 8, 3, 2, "relu", gain=10.0)
    x = net.conv(x, 16, 3, 2, "relu")
    x = net.conv(x, 20, 3, 2, "relu")
    boxes = net.g.add("Relu", net.conv(x, 4, act=None, bias=1.5, gain=0.5))
    boxes = net.note(boxes, net.side[x], 4)
    kinds = net.conv(x, nc, act=None, bias=-4.5, gain=1.2)
    scores = net.g.add("Sigmoid", net.cells(kinds, nc))
    distances = net.cells(boxes, 4)
    part = net.g.add("Concat", net.decode(distances, 8, boxes), scores, axis=1)
    net.finish([part], path, 8)


# ---- heads with known answers --------------------------------------------------------


def middle(known):
    kind, score, xmin, ymin, xmax, ymax = known
    return ((xmin + xmax) / 2, (ymin + ymax) / 2, xmax - xmin, ymax - ymin)


def one_hot(kind, value):
    return [value if i == kind else 0.0 for i in range(len(CLASSES))]


class Head:
    """A graph that gives the same rows for every chip of a batch."""

    def __init__(self, kind=FLOAT, dims=("batch", 3, SIDE, SIDE)):
        self.g = Graph("known_boxes")
        self.image = self.g.input("images", kind, list(dims))
        shape = self.g.add("Shape", self.image)
        self.batch = self.g.add("Slice", shape, self.g.ints(0), self.g.ints(1))

    def repeat(self, rows, dims, out=None, kind=FLOAT):
        """Rows, flat, for each chip: [N, dims]."""
        g = self.g
        table = g.tensor(kind, [1] + list(dims), rows)
        shape = g.add("Concat", self.batch, g.ints(*dims), axis=0)
        return g.add("Expand", table, shape, out=out)

    def give(self, name, rows, *dims, kind=FLOAT):
        """An output of so many rows, flat, for each chip."""
        self.repeat(rows, dims, out=name, kind=kind)
        self.g.output(name, kind, ["batch", *dims])

    def give_once(self, name, rows, *dims, kind=FLOAT):
        """An output without a batch, whose first size may differ from run to run."""
        self.g.add("Identity", self.g.tensor(kind, list(dims), rows), out=name)
        self.g.output(name, kind, ["found", *dims[1:]])

    def save(self, folder, name, dims=None, **keys):
        if dims:
            self.g.output("output0", FLOAT, list(dims))
        classes = keys.pop("classes", CLASSES)
        data = metadata(classes, **keys) if classes else {}
        self.g.save(os.path.join(folder, name + ".onnx"), data)


def flat(rows):
    return [value for row in rows for value in row]


def transposed(rows):
    return [row[i] for i in range(len(rows[0])) for row in rows]


def rows_v5(anchors, places=(3, 40, 77)):
    """cx cy w h objectness scores; score = objectness x class."""
    rows = [[0.0] * (5 + len(CLASSES)) for _ in range(anchors)]
    for place, known in zip(places, KNOWN):
        # Objectness 0.95 in the file: the product must be taken to get the score.
        rows[place] = [*middle(known), 0.95, *one_hot(known[0], known[1] / 0.95)]
    return rows


def rows_v8(anchors, places=(3, 40, 77)):
    rows = [[0.0] * (4 + len(CLASSES)) for _ in range(anchors)]
    for place, known in zip(places, KNOWN):
        rows[place] = [*middle(known), *one_hot(known[0], known[1])]
    return rows


def rows_yolox():
    """The raw rows: offsets to cells in cells, logarithms of sides in cells."""
    cells = [(x, y, stride) for stride in (8, 16, 32)
             for y in range(SIDE // stride) for x in range(SIDE // stride)]
    rows = [[0.0] * (5 + len(CLASSES)) for _ in cells]
    for known, stride in zip(KNOWN, (8, 16, 32)):
        cx, cy, width, height = middle(known)
        place = cells.index((int(cx // stride), int(cy // stride), stride))
        rows[place] = [cx / stride - cx // stride, cy / stride - cy // stride,
                       math.log(width / stride), math.log(height / stride), 0.95,
                       *one_hot(known[0], known[1] / 0.95)]
    return rows, cells


def head_v5(folder):
    head, anchors = Head(), 3 * (64 + 16 + 4)  # three anchors a cell
    head.repeat(flat(rows_v5(anchors)), [anchors, 8], out="output0")
    head.save(folder, "yolov5", ["batch", anchors, 8], stride=32)


def head_v8(folder, name="yolov8", rows=None, **keys):
    head = Head()
    rows = rows or rows_v8(84)
    head.repeat(transposed(rows), [len(rows[0]), 84], out="output0")
    head.save(folder, name, ["batch", len(rows[0]), 84], **keys)


def head_v8_transposed(folder):
    head = Head()
    head.repeat(flat(rows_v8(84)), [84, 7], out="output0")
    head.save(folder, "yolov8_transposed", ["batch", 84, 7], stride=32)


def head_v8_batch_2(folder):
    """A batch of two and no other."""
    head = Head(dims=(2, 3, SIDE, SIDE))
    head.repeat(transposed(rows_v8(84)), [7, 84], out="output0")
    head.save(folder, "yolov8_batch_2", [2, 7, 84], stride=32)


def head_end_to_end(folder, name="end_to_end", full=False):
    """Corners, score, class; with `full` each of the 300 rows is a box."""
    head, rows = Head(), [[0.0] * 6 for _ in range(300)]
    for place, known in enumerate(KNOWN):
        rows[place] = [*known[2:], known[1], float(known[0])]
    for i in range(len(KNOWN), 300 if full else 0):
        x, y = 3.0 * (i % 20), 4.0 * (i // 20)
        rows[i] = [x, y, x + 3.0, y + 4.0, 0.5, 0.0]
    head.repeat(flat(rows), [300, 6], out="output0")
    head.save(folder, name, ["batch", 300, 6], stride=32)


def head_obb(folder, name="yolov8_obb", **keys):
    """The known boxes turned about their middles; the angle comes last."""
    rows = [row + [0.0] for row in rows_v8(84)]
    for place, angle in zip((3, 40, 77), ANGLES):
        rows[place][-1] = angle
    head_v8(folder, name, rows, **keys)


def head_end_to_end_obb(folder, name="end_to_end_obb", **keys):
    head, rows = Head(), [[0.0] * 7 for _ in range(300)]
    for place, known in enumerate(KNOWN):
        rows[place] = [*middle(known), known[1], float(known[0]), ANGLES[place]]
    head.repeat(flat(rows), [300, 7], out="output0")
    head.save(folder, name, ["batch", 300, 7], **keys)


def prototypes(head):
    columns = [column - 7.5 for _ in range(16) for column in range(16)]
    head.give("output1", columns + [1.0] * 256, 2, 16, 16)


def head_seg(folder, name="yolov8_seg", bad=None, **keys):
    head, rows = Head(), [row + [0.0, 0.0] for row in rows_v8(84)]
    for place, pair in zip((3, 40, 77), COEFFICIENTS):
        rows[place][-2:] = pair
    if bad is not None:
        rows[40][-1] = bad
    head.repeat(transposed(rows), [9, 84], out="output0")
    prototypes(head)
    head.save(folder, name, ["batch", 9, 84], **keys)


def head_end_to_end_seg(folder):
    head, rows = Head(), [[0.0] * 8 for _ in range(300)]
    for place, known in enumerate(KNOWN):
        rows[place] = [*known[2:], known[1], float(known[0]), *COEFFICIENTS[place]]
    head.repeat(flat(rows), [300, 8], out="output0")
    prototypes(head)
    head.save(folder, "end_to_end_seg", ["batch", 300, 8], task="segment")


def head_yolox_raw(folder):
    """As YOLOX exports by default: the transposition comes last."""
    head, (rows, cells) = Head(), rows_yolox()
    raw = head.repeat(transposed(rows), [8, len(cells)])
    head.g.add("Transpose", raw, perm=[0, 2, 1], out="output0")
    head.save(folder, "yolox_raw", ["batch", len(cells), 8], classes=None)


def head_yolox_decoded(folder):
    """As with decode_in_inference: (xy + cell) x stride, exp(wh) x stride, the rest."""
    head, (rows, cells) = Head(), rows_yolox()
    g, count = head.g, len(cells)
    raw = g.add("Transpose", head.repeat(transposed(rows), [8, count]), perm=[0, 2, 1])
    corners = [float(v) for x, y, _ in cells for v in (x, y)]
    grid = g.tensor(FLOAT, [1, count, 2], corners)
    strides = g.tensor(FLOAT, [1, count, 1], [float(s) for _, _, s in cells])
    xy, wh, rest = (g.add("Slice", raw, g.ints(a), g.ints(b), g.ints(2))
                    for a, b in ((0, 2), (2, 4), (4, 8)))
    xy = g.add("Mul", g.add("Add", xy, grid), strides)
    wh = g.add("Mul", g.add("Exp", wh), strides)
    g.add("Concat", xy, wh, rest, axis=2, out="output0")
    head.save(folder, "yolox_decoded", ["batch", count, 8], classes=None)


def head_uint8_nhwc(folder):
    """A chip of bytes, channels last; the boxes as YOLOv8's."""
    head = Head(UINT8, ("batch", SIDE, SIDE, 3))
    head.repeat(transposed(rows_v8(84)), [7, 84], out="output0")
    head.save(folder, "uint8_nhwc", ["batch", 7, 84], stride=32)


def shares(known):
    """xmin ymin xmax ymax of the chip."""
    return [value / SIDE for value in known[2:]]


def head_ssd(folder):
    """Bytes in, and beside the list what TensorFlow made it of."""
    head, k = Head(UINT8, ("batch", SIDE, SIDE, 3)), 10
    boxes, scores = [[0.0] * 4 for _ in range(k)], [0.0] * k
    classes = [1.0] * k
    for i, known in enumerate(KNOWN):
        xmin, ymin, xmax, ymax = shares(known)
        boxes[i], scores[i], classes[i] = [ymin, xmin, ymax, xmax], known[1], known[0]
    scores[len(KNOWN)] = 0.99  # beyond num_detections: does not count
    head.give("detection_anchor_indices", [0.0] * k, k)
    head.give("detection_boxes", flat(boxes), k, 4)
    head.give("detection_classes", classes, k)
    head.give("detection_multiclass_scores", [0.0] * k * 3, k, 3)
    head.give("detection_scores", scores, k)
    head.g.add("Squeeze", head.repeat([float(len(KNOWN))], [1]), head.g.ints(1),
               out="num_detections")
    head.g.output("num_detections", FLOAT, ["batch"])
    head.give("raw_detection_boxes", [0.0] * 80, 20, 4)
    head.give("raw_detection_scores", [0.0] * 60, 20, 3)
    head.save(folder, "ssd")


def head_torchvision(folder, name="torchvision", found=len(KNOWN), dims=(3, SIDE, SIDE),
                     **keys):
    """One image without a batch; what is found beyond the known scores 0.06."""
    head, more = Head(dims=dims), found - len(KNOWN)
    boxes = [list(known[2:]) for known in KNOWN] + [[1.0, 1.0, 3.0, 3.0]] * more
    head.give_once("boxes", flat(boxes), found, 4)
    head.give_once("labels", [known[0] + 1 for known in KNOWN] + [1] * more, found,
                   kind=INT64)
    head.give_once("scores", [known[1] for known in KNOWN] + [0.06] * more, found)
    head.save(folder, name, **keys)


def logit(share):
    return math.log(share / (1 - share))


def centred(known):
    return [value / SIDE for value in middle(known)]


def head_detr(folder):
    """Softmax with "no object" last; every query but three is no object."""
    head, q = Head(), 100
    logits = [[0.0, 0.0, 0.0, 9.0] for _ in range(q)]
    boxes = [[0.5, 0.5, 0.1, 0.1] for _ in range(q)]
    for place, known in zip((3, 40, 77), KNOWN):
        # Three logits of 0 weigh 3, so that exp(l) / (exp(l) + 3) is the score.
        logits[place] = [0.0] * 4
        logits[place][known[0]] = math.log(3 * known[1] / (1 - known[1]))
        boxes[place] = centred(known)
    head.give("logits", flat(logits), q, 4)
    head.give("pred_boxes", flat(boxes), q, 4)
    head.give("last_hidden_state", [0.0] * q * 8, q, 8)
    head.save(folder, "detr")


def head_rt_detr(folder):
    """Sigmoids, apart and as Ultralytics joins them."""
    head, q = Head(), 300
    logits = [[-9.0] * len(CLASSES) for _ in range(q)]
    boxes = [[0.5, 0.5, 0.1, 0.1] for _ in range(q)]
    joined = [[0.5, 0.5, 0.1, 0.1, 0.0, 0.0, 0.0] for _ in range(q)]
    for place, known in zip((3, 40, 77), KNOWN):
        logits[place][known[0]] = logit(known[1])
        boxes[place] = centred(known)
        joined[place] = [*centred(known), *one_hot(known[0], known[1])]
    for name in ("rt_detr", "queries_unnamed"):
        head = Head()
        head.give("pred_boxes", flat(boxes), q, 4)
        head.give("logits", flat(logits), q, len(CLASSES))
        head.save(folder, name, classes=CLASSES if name == "rt_detr" else None)
    head = Head()
    head.give("output0", flat(joined), q, 7)
    head.save(folder, "rt_detr_joined")


def head_end_to_end_rows(folder):
    """YOLOv7's: chip, corners, class, score."""
    head = Head(dims=(1, 3, SIDE, SIDE))
    rows = [[0.0, *known[2:], float(known[0]), known[1]] for known in KNOWN]
    head.give_once("output0", flat(rows), len(rows), 7)
    head.save(folder, "end_to_end_rows")


def mean_rows(head, pixels, axes):
    """YOLOv8 rows where KNOWN's scores are the means of the three channels."""
    g = head.g
    means = g.add("ReduceMean", pixels, axes=axes, keepdims=0)  # [N, 3]
    pick = [[0.0] * 84 for _ in CLASSES]
    for place, known in zip((3, 40, 77), KNOWN):
        pick[known[0]][place] = 1.0
    scores = g.add("Mul", g.add("Unsqueeze", means, g.ints(2)),
                   g.tensor(FLOAT, [1, 3, 84], flat(pick)))
    boxes = head.repeat(transposed(rows_v8(84))[:4 * 84], [4, 84])
    g.add("Concat", boxes, scores, axis=1, out="output0")


def head_means(folder):
    """Scores tell what went in: the channels' means, after preparation."""
    head = Head()
    mean_rows(head, head.image, [2, 3])
    head.save(folder, "means", ["batch", 7, 84], stride=32)
    head = Head(UINT8, ("batch", SIDE, SIDE, 3))
    pixels = head.g.add("Cast", head.image, to=FLOAT)
    mean_rows(head, head.g.add("Mul", pixels, head.g.float(1 / 255)), [1, 2])
    head.save(folder, "means_uint8_nhwc", ["batch", 7, 84], stride=32)


def head_odd(folder):
    """What a pipeline must refuse, or bear."""
    rows = rows_v8(84)
    rows[40] = rows[40][:4] + [math.nan] * 3
    head_v8(folder, "nan_scores", rows, stride=32)
    rows = rows_v8(84)
    rows[3][0] = math.inf
    head_v8(folder, "infinite_box", rows, stride=32)
    rows = rows_v8(84)
    rows[40][2] = 0.0
    rows[50] = [20.0, 20.0, 8.0, 0.0, *one_hot(0, 0.9)]
    head_v8(folder, "zero_size", rows, stride=32)
    head = Head(dims=("batch", 5, SIDE, SIDE))
    head.repeat(transposed(rows_v8(84)), [7, 84], out="output0")
    head.save(folder, "five_channels", ["batch", 7, 84], stride=32)
    head = Head()
    head.repeat([0.5] * 10, [10], out="output0")
    head.save(folder, "unknown_head", ["batch", 10], classes=None)


def head_scenes(folder):
    """Classifiers that say which of three colours an image has most of. Features: the
    means of red, green and blue as shares, and of the three. The logits are 8 times the
    first three; "scenes_logits" stops there, "scenes_each" ends in sigmoids, and
    "backbone" has no head."""
    for name, end in (("scenes", "Softmax"), ("scenes_logits", None),
                      ("scenes_each", "Sigmoid"), ("backbone", "pool")):
        g = Graph(name)
        image = g.input("images", FLOAT, ["batch", 3, "height", "width"])
        rows = [1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0, 1 / 3, 1 / 3, 1 / 3]
        maps = g.add("Conv", image, g.tensor(FLOAT, [4, 3, 1, 1], rows),
                     g.tensor(FLOAT, [4], [0.0] * 4), kernel_shape=[1, 1])
        maps = g.add("Relu", maps, out="relu")
        pool = g.add("Flatten", g.add("GlobalAveragePool", maps, out="mean"), out="pool")
        if end != "pool":
            weights = g.tensor(FLOAT, [4, 3], [8.0, 0, 0, 0, 8.0, 0, 0, 0, 8.0] + [0.0] * 3)
            logits = g.add("Gemm", pool, weights, g.tensor(FLOAT, [3], [0.0] * 3),
                           out="logits")
            if end is not None:
                g.add(end, logits, out="probabilities")
        g.output("pool" if end == "pool" else "probabilities" if end else "logits", FLOAT,
                 ["batch", 4 if end == "pool" else 3])
        names = {} if end == "pool" else metadata(("red", "green", "blue"), task="classify")
        g.save(os.path.join(folder, name + ".onnx"), {**names, "imgsz": "[32, 32]"})


def heads(folder):
    os.makedirs(folder, exist_ok=True)
    head_v5(folder)
    head_v8(folder, stride=32)
    head_v8_transposed(folder)
    head_v8_batch_2(folder)
    head_end_to_end(folder)
    head_end_to_end(folder, "end_to_end_full", full=True)
    head_obb(folder, task="obb", stride=32)
    head_obb(folder, "obb_unsaid", classes=None)
    head_end_to_end_obb(folder, task="obb")
    head_seg(folder, task="segment", stride=32)
    head_seg(folder, "seg_unsaid", classes=None)
    head_seg(folder, "seg_nan", bad=math.nan, task="segment")
    head_end_to_end_seg(folder)
    head_yolox_raw(folder)
    head_yolox_decoded(folder)
    head_uint8_nhwc(folder)
    head_ssd(folder)
    head_torchvision(folder)
    head_torchvision(folder, "torchvision_background", dims=("batch", 3, SIDE, SIDE),
                     classes=("__background__", *CLASSES))
    head_torchvision(folder, "torchvision_full", found=100)
    head_detr(folder)
    head_rt_detr(folder)
    head_end_to_end_rows(folder)
    head_means(folder)
    head_odd(folder)
    head_scenes(folder)


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Write networks with seeded weights, or heads with known boxes.")
    parser.add_argument("what", choices=("yolov8n", "small", "heads"))
    parser.add_argument("out", help="the ONNX file, or for heads the folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--classes", metavar="NAMES", help="car,truck,bus by default; "
                        "for yolov8n 80 of them, as COCO has")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    try:
        if options.what == "heads":
            heads(options.out)
        else:
            make, classes = small, CLASSES
            if options.what == "yolov8n":
                make, classes = yolov8n, [f"class_{i}" for i in range(80)]
            if options.classes:
                classes = options.classes.split(",")
            make(options.out, options.seed, classes)
    except OSError as error:
        print(f"networks.py: {options.out}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
