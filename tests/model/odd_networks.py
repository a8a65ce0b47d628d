"""odd_networks.py - write the networks of the model tests that tools/networks.py has not.

usage: odd_networks.py FOLDER
"""
# SPDX-License-Identifier: Apache-2.0

import math
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "tools"))
from networks import (CLASSES, SIDE, Head, flat, metadata, rows_v5,  # noqa: E402
                      rows_v8, transposed)
from onnx_writer import BOOL, FLOAT, INT64, Graph, _bytes, _number  # noqa: E402

STRING, FLOAT16 = 8, 10
FOLDER = sys.argv[1]


def save(graph, name, data):
    graph.save(os.path.join(FOLDER, name + ".onnx"), data)


def constant(name, dims, rows=None, data=None, end=None, kind=FLOAT, image=None):
    """Gives `rows` (zeros) for any chip; `end` makes the output of them."""
    head = Head(kind, image or ("batch", 3, SIDE, SIDE))
    rows = rows or [0.0] * math.prod(dims)
    value = head.repeat(rows, dims, out=None if end else "output0")
    if end:
        end(head.g, value)
    head.g.output("output0", FLOAT, ["batch", *dims])
    save(head.g, name, metadata(CLASSES) if data is None else data)


def described(name, **data):
    """YOLOv8 rows, with the metadata that are given."""
    constant(name, [7, 84], transposed(rows_v8(84)), data)


def doubled(g, value):
    """Times two: an end that is neither raw nor decoded YOLOX."""
    g.add("Mul", value, g.float(2.0), out="output0")


def shapes():
    constant("ambiguous", [84, 84], data={})
    constant("transposed_unnamed", [84, 7], flat(rows_v8(84)), {})
    constant("one_anchor", [84, 8])
    constant("wrong_names", [12, 84])
    constant("other_grid", [61, 8], flat(rows_v5(61, (3, 40, 60))))
    constant("pose", [8, 84], data={"task": "pose"})
    head = Head()
    head.repeat([0.0] * 7 * 84, [7, 84], out="output0")
    head.repeat([0.0] * 4 * 8 * 8, [4, 8, 8], out="protos")
    head.g.output("output0", FLOAT, ["batch", 7, 84])
    head.g.output("protos", FLOAT, ["batch", 4, 8, 8])
    save(head.g, "segmentation", metadata(CLASSES, task="segment"))
    head = Head()
    head.repeat(flat(rows_v5(252)), [252, 8], out="output0")
    head.g.output("output0", FLOAT, ["batch", 252, 8])
    head.repeat([0.0] * 3 * 64 * 8, [3, 8, 8, 8], out="map")
    head.g.output("map", FLOAT, ["batch", 3, 8, 8, 8])
    save(head.g, "yolov5_with_maps", metadata(CLASSES))


def lists():
    """Lists of boxes that do not hold together."""
    for name, rows, labels in (("list_uneven", 4, 3), ("list_class_0", 3, 0)):
        head = Head(dims=(3, SIDE, SIDE))
        head.give_once("boxes", [1.0, 2.0, 9.0, 9.0] * rows, rows, 4)
        head.give_once("labels", [labels] * 3, 3, kind=INT64)
        head.give_once("scores", [0.9] * 3, 3)
        head.save(FOLDER, name)
    head = Head()
    head.give("detection_boxes", [0.1, 0.1, 0.5, 0.5] * 2, 2, 4)
    head.give("detection_classes", [1.0] * 2, 2)
    head.give("detection_scores", [0.9] * 2, 2)
    head.give("num_detections", [3.0], 1)
    head.save(FOLDER, "list_count")
    head = Head()
    head.give("logits", [], 5, 0)
    head.give("pred_boxes", [0.5] * 4 * 5, 5, 4)
    head.save(FOLDER, "queries_empty")
    head = Head()
    head.give("logits", [float("nan")] * 4 * 5, 5, 4)
    head.give("pred_boxes", [0.5] * 4 * 5, 5, 4)
    head.save(FOLDER, "queries_nan")


def open_sizes():
    """Seven features a cell of 8 px from an input of any size."""
    for name, last in (("open_planes", True), ("open_rows", False)):
        g = Graph(name)
        image = g.input("images", FLOAT, ["batch", 3, "height", "width"])
        g.output("output0", FLOAT, ["batch", "one", "other"])
        cells = g.add("AveragePool", image, kernel_shape=[8, 8], strides=[8, 8])
        one = g.add("Slice", cells, g.ints(0), g.ints(1), g.ints(1))
        seven = g.add("Concat", cells, cells, one, axis=1)
        rows = g.add("Reshape", seven, g.ints(0, 7, -1), out="output0" if last else None)
        if not last:
            g.add("Transpose", rows, perm=[0, 2, 1], out="output0")
        save(g, name, metadata(CLASSES))


def inputs():
    g = Graph("two_inputs")
    a = g.input("a", FLOAT, [1, 3, SIDE, SIDE])
    b = g.input("b", FLOAT, [1, 3, SIDE, SIDE])
    g.add("Add", a, b, out="output0")
    g.output("output0", FLOAT, [1, 3, SIDE, SIDE])
    save(g, "two_inputs", {})
    constant("whole_input", [7, 84], kind=INT64)
    constant("flat_input", [7, 84], image=("batch", 3 * SIDE * SIDE))
    constant("unknown_channels", [7, 84], image=("batch", "c", "h", "w"))
    head = Head(FLOAT16)
    g = head.g
    means = g.add("ReduceMean", g.add("Cast", head.image, to=FLOAT), axes=[2, 3])
    scores = g.add("Mul", g.add("Squeeze", means, g.ints(3)),
                   g.tensor(FLOAT, [1, 3, 84], [1.0] * 3 * 84))
    boxes = head.repeat([8.0] * 4 * 84, [4, 84])
    g.add("Cast", g.add("Concat", boxes, scores, axis=1), to=FLOAT16, out="output0")
    g.output("output0", FLOAT16, ["batch", 7, 84])
    save(g, "half", metadata(CLASSES))
    head = Head()
    rows = head.repeat(transposed(rows_v8(84)), [7, 84])
    head.g.add("Cast", rows, to=INT64, out="output0")
    head.g.output("output0", INT64, ["batch", 7, 84])
    save(head.g, "whole_output", metadata(CLASSES))
    head = Head()
    head.g.add("Identity", head.g.tensor(FLOAT, [1, 7, 84], transposed(rows_v8(84))),
               out="output0")
    head.g.output("output0", FLOAT, ["batch", 7, 84])
    save(head.g, "one_chip_only", metadata(CLASSES))


def values():
    rows = rows_v8(84)
    rows[40][5] = 7.5
    constant("logits", [7, 84], transposed(rows))
    for name, place, value in (("nan_objectness", 4, math.nan),
                               ("nan_class", 5, math.nan)):
        rows = rows_v5(252)
        rows[40][place] = value
        constant(name, [252, 8], flat(rows))
    for name, kind in (("class_beyond", 3.0), ("class_between", 0.5)):
        rows = [[0.0] * 6 for _ in range(300)]
        rows[7] = [1.0, 2.0, 9.0, 8.0, 0.9, kind]
        constant(name, [300, 6], flat(rows))
    rows = [[1.0, 2.0, 9.0, 8.0, 0.9, 999.0]] + [[0.0] * 6 for _ in range(299)]
    constant("list_unnamed", [300, 6], flat(rows), {})


def data():
    described("names_odd", names="{0: 'driver\\'s \"car\"', 2: \"Gr\\u00f6\u00dfe\"}")
    described("names_list", names="['a', \"b\", 'c']")
    described("names_unreadable", names="{0: car}")
    described("stride_unreadable", names="['a', 'b', 'c']", stride="wide")
    described("deepness", class_names='{"0": "car", "1": "bus", "2": "tram"}',
              resolution="25", tile_size="64", det_type="YOLO_Ultralytics",
              det_conf="0.3", det_iou_thresh="0.6",
              standardization_mean="[0.5, 0.25, 0.125]",
              standardization_std="[0.5, 0.25, 2]")
    described("own", **{"elcano.channel_order": "bgr", "elcano.pad": "7",
                        "elcano.input_scale": "0.5"})


def slow():
    """Half a minute, if nobody stops it."""
    g = Graph("slow")
    image = g.input("images", FLOAT, ["batch", 3, SIDE, SIDE])
    size = 1024
    mean = g.add("ReduceMean", image, axes=[0, 1, 2, 3], keepdims=0)
    product = g.add("Expand", mean, g.ints(size, size))
    for _ in range(400):
        product = g.add("MatMul", product, product)
        product = g.add("Clip", product, g.float(-1.0), g.float(1.0))
    least = g.add("ReduceMean", product, axes=[0, 1], keepdims=0)
    rows = g.tensor(FLOAT, [1, 7, 84], transposed(rows_v8(84)))
    g.add("Add", rows, g.add("Mul", least, g.float(0.0)), out="output0")
    g.output("output0", FLOAT, [1, 7, 84])
    save(g, "slow", metadata(CLASSES))


def given(name, image, outputs, data=None):
    """Gives numbers whatever goes in: (name, kind, dims, numbers) of each output."""
    g = Graph(name)
    g.input("input", FLOAT, image)
    for output, kind, dims, numbers in outputs:
        sizes = [size if isinstance(size, int) else 1 for size in dims]
        g.add("Identity", g.tensor(kind, sizes, numbers), out=output)
        g.output(output, kind, dims)
    save(g, name, data or {})


def maps(name, attribute, field, keys, kind):
    """Class to probability, in the domain and shape of scikit-learn's exports."""
    g = Graph(name)
    g.input("input", FLOAT, ["rows", 4])
    shares = g.tensor(FLOAT, [1, 3], [0.125, 0.625, 0.25])
    values = b"".join(_bytes(field, key) if field == 9 else _number(field, key)
                      for key in keys)
    g._nodes.append(_bytes(1, shares) + _bytes(2, "maps") + _bytes(4, "ZipMap")
                    + _bytes(5, _bytes(1, attribute) + values
                             + _number(20, 8 if field == 9 else 7))
                    + _bytes(7, "ai.onnx.ml"))
    real = _bytes(1, _number(1, FLOAT))
    one = _bytes(5, _number(1, kind) + _bytes(2, real))
    g._outputs = [_bytes(1, "maps") + _bytes(2, _bytes(4, _bytes(1, one)))]
    save(g, name, {})
    with open(os.path.join(FOLDER, name + ".onnx"), "ab") as file:
        file.write(_bytes(8, _bytes(1, "ai.onnx.ml") + _number(2, 1)))


def no_detectors():
    """What no head reads: to be explained, and tried."""
    chip = ["n", 3, SIDE, SIDE]
    shares = [0.0625, 0.5, 0.0, 0.25, 0.125, 0.0, 0.0625]
    given("classifier", chip, [("shares", FLOAT, ["n", 7], shares)])
    given("classifier_fixed", [1, *chip[1:]], [("shares", FLOAT, [1, 7], shares)])
    given("classifier_named", chip, [("shares", FLOAT, ["n", 3], [0.25, 0.5, 0.25])],
          {"names": "['field', 'roof', 'water']"})
    given("logits_row", chip, [("logits", FLOAT, ["n", 3], [-1.0, 4.0, 2.0])])
    given("features", chip, [("features", FLOAT, ["n", 4], [1.0, 2.0, 3.0, 4.0])],
          {"names": "['field', 'roof', 'water']"})
    given("nan_row", chip, [("shares", FLOAT, ["n", 3], [0.5, math.nan, math.inf])])
    given("one_number", chip, [("height", FLOAT, ["n", 1], [12.5])])
    planes = [0.75] * 3 + [0.25] * 13 + [0.25] * 3 + [0.75] * 13
    given("segmentation_map", chip, [("classes", FLOAT, ["n", 2, 4, 4], planes)])
    sure = [0.875] * 4 + [0.25] * 11 + [0.5]
    given("sure_map", chip, [("sure", FLOAT, ["n", 1, 4, 4], sure)])
    given("height_map", chip, [("m", FLOAT, ["n", 1, 4, 4], [h * 10 for h in sure])])
    given("label_map", chip, [("classes", INT64, ["n", 4, 4], [5] * 12 + [2] * 4)])
    row = ["rows", 4]
    given("row_fixed", row, [("label", INT64, ["rows"], [2]),
                             ("probabilities", FLOAT, ["rows", 3], [0.125, 0.25, 0.625])])
    g = Graph("texts_and_whole")
    g.input("input", FLOAT, row)
    words = g._fresh("words")
    g._tensors.append(_number(1, 2) + _number(2, STRING) + _bytes(8, words)
                      + _bytes(6, "roof") + _bytes(6, "Gr\u00f6\u00dfe"))
    g.output(g.add("Identity", words, out="labels"), STRING, [2])
    g.add("Greater", g.tensor(FLOAT, [3], [1.0, 2.0, 3.0]), g.float(1.5), out="truths")
    g.output("truths", BOOL, [3])
    save(g, "texts_and_whole", {})
    g = Graph("empty_output")
    g.input("input", FLOAT, row)
    g.output(g.add("SequenceEmpty", out="list"), FLOAT, [])
    g._outputs = [_bytes(1, "list") + _bytes(2, _bytes(4, _bytes(1, _bytes(
        1, _number(1, FLOAT)))))]
    save(g, "empty_output", {})
    maps("maps", "classlabels_strings", 9, [b"field", b"roof", b"water\x1b[31m"], STRING)
    maps("maps_whole", "classlabels_int64s", 8, [4, 2, 9], INT64)
    g = Graph("row_open")
    out = g.add("ReduceSum", g.input("input", FLOAT, ["rows", "columns"]), g.ints(1),
                keepdims=1, out="sum")
    g.output(out, FLOAT, ["rows", 1])
    save(g, "row_open", {})
    g = Graph("weights_apart")
    weights = g.tensor(FLOAT, [1, 3], [0.25, 0.5, 0.25])
    g._tensors = [_number(1, 1) + _number(1, 3) + _number(2, FLOAT) + _bytes(8, weights)
                  + _bytes(13, _bytes(1, "location") + _bytes(2, "apart.bin"))
                  + _bytes(13, _bytes(1, "length") + _bytes(2, "12")) + _number(14, 1)]
    g.input("input", FLOAT, chip)
    g.output(g.add("Identity", weights, out="shares"), FLOAT, [1, 3])
    save(g, "weights_apart", {})
    os.makedirs(os.path.join(FOLDER, "beside"), exist_ok=True)
    save(g, "beside/weights_apart", {})
    with open(os.path.join(FOLDER, "beside", "apart.bin"), "wb") as file:
        file.write(struct.pack("<3f", 0.25, 0.5, 0.25))
    g = Graph("conv_apart")
    weights = g.tensor(FLOAT, [2, 3, 1, 1], [0.25] * 6)
    g._tensors = [b"".join(_number(1, n) for n in (2, 3, 1, 1)) + _number(2, FLOAT)
                  + _bytes(8, weights)
                  + _bytes(13, _bytes(1, "location") + _bytes(2, "six.bin"))
                  + _bytes(13, _bytes(1, "length") + _bytes(2, "24")) + _number(14, 1)]
    image = g.input("input", FLOAT, chip)
    seen = g.add("Relu", g.add("Conv", image, weights, kernel_shape=[1, 1]), out="relu")
    g.output(g.add("Conv", seen, g.tensor(FLOAT, [1, 2, 1, 1], [1.0, 2.0]), out="map",
                   kernel_shape=[1, 1]), FLOAT, ["batch", 1, SIDE, SIDE])
    save(g, "beside/conv_apart", {})
    save(g, "conv_apart", {})
    with open(os.path.join(FOLDER, "beside", "six.bin"), "wb") as file:
        file.write(struct.pack("<6f", *[0.25] * 6))
    g = Graph("weights_listed")
    image = g.input("input", FLOAT, chip)
    weights = [g.tensor(FLOAT, [2, 3, 1, 1], [0.25] * 6),
               g.tensor(FLOAT, [1, 2, 1, 1], [1.0, 2.0])]
    seen = g.add("Relu", g.add("Conv", image, weights[0], kernel_shape=[1, 1]), out="relu")
    g.output(g.add("Conv", seen, weights[1], out="map", kernel_shape=[1, 1]), FLOAT,
             ["batch", 1, SIDE, SIDE])
    g.input(weights[0], FLOAT, [2, 3, 1, 1])
    g.input(weights[1], FLOAT, [1, 2, 1, 1])
    save(g, "weights_listed", {})
    g = Graph("one_layer")
    image = g.input("input", FLOAT, chip)
    seen = g.add("Conv", image, g.tensor(FLOAT, [2, 3, 1, 1], [0.25] * 6), kernel_shape=[1, 1])
    row = g.add("Flatten", g.add("GlobalAveragePool", seen), axis=1)
    g.output(g.add("MatMul", row, g.tensor(FLOAT, [2, 3], [0.5] * 6), out="shares"), FLOAT,
             ["batch", 3])
    save(g, "one_layer", {})
    same = [[20.0, 20.0, 8.0, 8.0, 0.6, 0.6, 0.6] for _ in range(84)]
    constant("all_equal", [7, 84], transposed(same))
    low = [[20.0, 20.0, 8.0, 8.0, 0.001 * (i % 7), 0.0, 0.0] for i in range(84)]
    constant("all_low", [7, 84], transposed(low))
    twice = [[20.0, 20.0, 8.0, 8.0, 0.9 + 0.001 * i, 0.0, 0.0] for i in range(84)]
    constant("all_high", [7, 84], transposed(twice))
    units = [[0.5, 0.5, 0.25, 0.25, 0.01 * i, 0.0, 0.0] for i in range(84)]
    constant("in_shares", [7, 84], transposed(units))
    units = [[900.0, 500.0, 25.0, 25.0, 0.01 * i, 0.0, 0.0] for i in range(84)]
    constant("far_away", [7, 84], transposed(units))


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    constant("computed_end", [84, 8], data={}, end=doubled)
    shapes()
    lists()
    open_sizes()
    inputs()
    values()
    data()
    no_detectors()
    slow()
