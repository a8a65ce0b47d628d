"""instrument.py - write the instrument: an ONNX network that reads planted objects.

usage: instrument.py OUT.onnx [--jitter PX] [--noisy-scores] [--classes car,truck,bus]
                     [--min-visible SHARE] [--cap K] [--input float32|uint8]
                     [--output boxes|oriented|masks]

The scene renderer's code bands say, at each pixel of an object, how far it is to the
four sides of the object's box, and the object's class. This network is not trained: it
reads them and gives the box of every object of which a pixel is in the chip, exactly
once, clipped to the chip. What a pipeline then counts wrong is its own error.

Input "images" [N, 5, H, W], values 0 to 255 as they are: x - xmin, y - ymin, xmax - x,
ymax - y, class + 1 (0 is ground; classes beyond the names are ground too, so padding of
any value is harmless). Output "output0" [N, 4 + classes, K] as YOLOv8's: centre, width
and height in pixels of the chip, a score for each class; unused places are 0. A chip
with more than K objects (--cap, default 4096) gives the first K, top row first.

--output oriented gives the same boxes as turned by a quarter, height first, with the
angle as one number more; masks gives them with one prototype that covers all of a box.

--jitter moves each edge of the clipped box by up to so many pixels and clips it again;
--noisy-scores draws scores from 0.5 to 0.95 instead of 0.9. Both are a hash of the
unclipped box's place in the chip: the same chip always gives the same rows, alone or in
a batch, and two chips that see one object draw anew. --min-visible leaves out objects
of whose box less than that share is in the chip. Metadata are Ultralytics' keys, and
elcano.instrument, elcano.input_scale (1: values are not divided by 255), elcano.pad.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import math
import sys

from onnx_writer import FLOAT, INT64, UINT8, Graph

REACH = 256  # no offset is longer, so a box starts at -255 at least
PRIME = 2147483647
SCORE = 0.9


class Instrument:
    """The graph, built in the order of its data: pixels, keys, boxes, rows."""

    def __init__(self, options):
        self.options = options
        self.classes = options.classes.split(",")
        self.g = Graph("elcano_instrument")
        kind = UINT8 if options.input == "uint8" else FLOAT
        self.x = self.g.input("images", kind, ["batch", 5, "height", "width"])
        shape = self.g.add("Shape", self.x)
        self.batch, self.height, self.width = (
            self.g.add("Gather", shape, self.g.int(axis)) for axis in (0, 2, 3))

    def sum(self, *terms):
        total = terms[0]
        for term in terms[1:]:
            total = self.g.add("Add", total, term)
        return total

    def times(self, a, b):
        return self.g.add("Mul", a, b)

    def column(self, table, i):
        """Row i of a [5, M] table."""
        return self.g.add("Gather", table, self.g.int(i), axis=0)

    def pixels(self):
        """Chip number, y, x and the five codes of every pixel that is an object's."""
        g = self.g
        classes = g.add("Slice", self.x, g.ints(4), g.ints(5), g.ints(1))
        found = g.add("NonZero", classes)  # [4, M]: n, 0, y, x
        n, y, x = (self.column(found, i) for i in (0, 2, 3))
        plane = self.times(self.height, self.width)
        first = self.sum(self.times(self.times(n, g.int(5)), plane),
                         self.times(y, self.width), x)
        steps = self.times(g.tensor(INT64, [5, 1], range(5)), plane)
        flat = g.add("Reshape", self.x, g.ints(-1))
        codes = g.add("Gather", flat, g.add("Add", g.add("Unsqueeze", first, g.ints(0)),
                                            steps))
        return n, y, x, g.add("Cast", codes, to=INT64)

    def keys(self):
        """One whole number an object: chip, ymin, xmin, width, height, class."""
        g = self.g
        n, y, x, codes = self.pixels()
        left, top, right, bottom, kind = (self.column(codes, i) for i in range(5))
        xmin, ymin = g.add("Sub", x, left), g.add("Sub", y, top)
        key = n
        for size, value in ((g.add("Add", self.height, g.int(REACH)),
                             g.add("Add", ymin, g.int(REACH))),
                            (g.add("Add", self.width, g.int(REACH)),
                             g.add("Add", xmin, g.int(REACH))),
                            (g.int(2 * REACH), g.add("Add", left, right)),
                            (g.int(2 * REACH), g.add("Add", top, bottom)),
                            (g.int(256), kind)):
            key = g.add("Add", self.times(key, size), value)
        return self.distinct(key, kind)

    def distinct(self, key, kind):
        g = self.g
        # A run of pixels has one key: dropping repeats leaves Unique a thirtieth.
        before = g.add("Concat", g.ints(-1), key, axis=0)
        before = g.add("Slice", before, g.ints(0), g.ints(-1))
        fresh = g.add("Not", g.add("Equal", key, before))
        known = g.add("LessOrEqual", kind, g.int(len(self.classes)))
        key = g.add("Compress", key, g.add("And", fresh, known), axis=0)
        return g.add("Unique", key, sorted=1, axis=0)

    def split(self, key):
        """The parts of a key: chip, xmin, ymin, xmax, ymax, class from 0."""
        g = self.g
        parts = []
        for size in (g.int(256), g.int(2 * REACH), g.int(2 * REACH),
                     g.add("Add", self.width, g.int(REACH)),
                     g.add("Add", self.height, g.int(REACH))):
            parts.append(g.add("Mod", key, size))
            key = g.add("Div", key, size)
        kind, tall, wide, xmin, ymin = parts
        xmin, ymin = (g.add("Sub", item, g.int(REACH)) for item in (xmin, ymin))
        return (key, xmin, ymin, g.add("Add", xmin, wide), g.add("Add", ymin, tall),
                g.add("Sub", kind, g.int(1)))

    def draws(self, xmin, ymin, xmax, ymax):
        """[5, U] numbers in [0, 1], a hash of the box: products stay below 2 ** 62."""
        g = self.g
        seed = g.tensor(INT64, [5, 1], [101, 10007, 1000003, 19260817, 57885161])
        h = seed
        for value in (xmin, ymin, xmax, ymax):
            value = g.add("Unsqueeze", g.add("Add", value, g.int(REACH)), g.ints(0))
            h = self.sum(self.times(h, g.int(48271)), self.times(value, g.int(69621)),
                         seed)
            h = g.add("Mod", h, g.int(PRIME))
            h = g.add("Mod", self.sum(self.times(h, h), seed), g.int(PRIME))
        # One more linear step, for a square has few low values.
        h = g.add("Mod", self.times(h, g.int(16807)), g.int(PRIME))
        return g.add("Div", g.add("Cast", h, to=FLOAT), g.float(float(PRIME)))

    def clip(self, low, high, size):
        g = self.g
        size = g.add("Cast", size, to=FLOAT)
        return (g.add("Max", low, g.float(0.0)), g.add("Min", high, size))

    def shaken(self, low, high, draws, first):
        """Both edges of an axis moved, and kept at least half a pixel apart."""
        g, jitter = self.g, self.options.jitter
        low, high = (
            g.add("Add", edge, self.times(
                g.add("Sub", self.column(draws, first + i), g.float(0.5)),
                g.float(2.0 * jitter)))
            for i, edge in enumerate((low, high)))
        middle = self.times(g.add("Add", low, high), g.float(0.5))
        half = self.times(g.add("Sub", high, low), g.float(0.5))
        half = g.add("Max", half, g.float(0.25))
        return g.add("Sub", middle, half), g.add("Add", middle, half)

    def boxes(self):
        """Chip, class, box [xmin, ymin, xmax, ymax] and score of every object."""
        g = self.g
        n, *corners, kind = self.split(self.keys())
        draws = self.draws(*corners)
        whole = [g.add("Cast", corner, to=FLOAT) for corner in corners]
        xmin, xmax = self.clip(whole[0], whole[2], self.width)
        ymin, ymax = self.clip(whole[1], whole[3], self.height)
        share = self.visible(whole, (xmin, ymin, xmax, ymax))
        if self.options.jitter > 0:
            xmin, xmax = self.clip(*self.shaken(xmin, xmax, draws, 0), self.width)
            ymin, ymax = self.clip(*self.shaken(ymin, ymax, draws, 2), self.height)
        score = self.column(draws, 4)
        if self.options.noisy_scores:
            score = g.add("Add", self.times(score, g.float(0.45)), g.float(0.5))
        else:
            score = g.add("Add", self.times(score, g.float(0.0)), g.float(SCORE))
        return self.chosen(share, n, kind, xmin, ymin, xmax, ymax, score)

    def visible(self, whole, part):
        g = self.g
        area = [self.times(g.add("Sub", box[2], box[0]), g.add("Sub", box[3], box[1]))
                for box in (whole, part)]
        return g.add("Div", area[1], area[0])

    def chosen(self, share, *columns):
        g = self.g
        if self.options.min_visible <= 0:
            return columns
        seen = g.add("GreaterOrEqual", share, g.float(self.options.min_visible))
        return tuple(g.add("Compress", column, seen, axis=0) for column in columns)

    def places(self, n):
        """The rank of each object in its chip: keys are sorted by chip."""
        g = self.g
        chips = g.add("Range", g.int(0), self.batch, g.int(1))
        mine = g.add("Equal", g.add("Unsqueeze", n, g.ints(1)),
                     g.add("Unsqueeze", chips, g.ints(0)))
        mine = g.add("Cast", mine, to=INT64)
        rank = self.times(mine, g.add("CumSum", mine, g.int(0)))
        rank = g.add("ReduceSum", rank, g.ints(1), keepdims=0)
        return g.add("Sub", rank, g.int(1))

    def build(self):
        g, count, cap = self.g, len(self.classes), self.options.cap
        n, kind, xmin, ymin, xmax, ymax, score = self.boxes()
        rank = self.places(n)
        wanted = g.add("Equal", g.add("Unsqueeze", kind, g.ints(1)),
                       g.tensor(INT64, [1, count], range(count)))
        scores = self.times(g.add("Cast", wanted, to=FLOAT),
                            g.add("Unsqueeze", score, g.ints(1)))
        sides = [self.times(g.add("Add", xmin, xmax), g.float(0.5)),
                 self.times(g.add("Add", ymin, ymax), g.float(0.5)),
                 g.add("Sub", xmax, xmin), g.add("Sub", ymax, ymin)]
        if self.options.output == "oriented":
            sides[2], sides[3] = sides[3], sides[2]
        sides = [g.add("Unsqueeze", side, g.ints(1)) for side in sides]
        rows = g.add("Concat", *sides, scores, *self.more(sides[0]), axis=1)
        count += self.options.output != "boxes"
        place = g.add("Concat", *(g.add("Unsqueeze", item, g.ints(1))
                                  for item in (n, rank)), axis=1)
        room = g.add("Less", rank, g.int(cap))
        place, rows = (g.add("Compress", item, room, axis=0) for item in (place, rows))
        shape = g.add("Concat", g.add("Unsqueeze", self.batch, g.ints(0)),
                      g.ints(cap, 4 + count), axis=0)
        empty = g.add("Expand", g.float(0.0), shape)
        g.add("Transpose", g.add("ScatterND", empty, place, rows), perm=[0, 2, 1],
              out="output0")
        g.output("output0", FLOAT, ["batch", 4 + count, cap])
        if self.options.output == "masks":
            self.prototypes()

    def more(self, column):
        """What follows the classes: an angle, or the coefficient of a mask."""
        value = {"boxes": None, "oriented": math.pi / 2, "masks": 1.0}[
            self.options.output]
        if value is None:
            return ()
        nothing = self.times(column, self.g.float(0.0))
        return (self.g.add("Add", nothing, self.g.float(value)),)

    def prototypes(self):
        """[N, 1, H / 4, W / 4] of ones."""
        g = self.g
        sides = [g.add("Div", side, g.int(4)) for side in (self.height, self.width)]
        shape = g.add("Concat", *(g.add("Unsqueeze", side, g.ints(0)) for side in
                                  (self.batch, g.int(1), *sides)), axis=0)
        g.add("Expand", g.float(1.0), shape, out="output1")
        g.output("output1", FLOAT, ["batch", 1, "mask_height", "mask_width"])

    def metadata(self):
        names = ", ".join(f"{i}: '{name}'" for i, name in enumerate(self.classes))
        return {"description": "Elcano's instrument reads what is planted; not trained",
                "names": "{" + names + "}", "stride": "1",
                "task": {"oriented": "obb", "masks": "segment"}.get(
                    self.options.output, "detect"),
                "elcano.instrument": "1", "elcano.input_scale": "1", "elcano.pad": "0"}


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Write the network that reads a scene's code bands.")
    parser.add_argument("out", help="the ONNX file to write")
    parser.add_argument("--jitter", type=float, default=0.0, metavar="PX",
                        help="move each edge by up to so many pixels (default 0)")
    parser.add_argument("--noisy-scores", action="store_true",
                        help="scores from 0.5 to 0.95 instead of 0.9")
    parser.add_argument("--classes", default="car,truck,bus", metavar="NAMES")
    parser.add_argument("--min-visible", type=float, default=0.0, metavar="SHARE",
                        help="leave out objects of which less is seen (default 0)")
    parser.add_argument("--cap", type=int, default=4096, metavar="K",
                        help="most objects in a chip (default 4096)")
    parser.add_argument("--input", choices=("float32", "uint8"), default="float32")
    parser.add_argument("--output", choices=("boxes", "oriented", "masks"),
                        default="boxes", help="the kind of head (default boxes)")
    options = parser.parse_args(arguments)
    if not 0 <= options.jitter <= 10:
        parser.error("--jitter: give 0 to 10 px")
    if not 0 <= options.min_visible <= 1:
        parser.error("--min-visible: give 0 to 1")
    if not 1 <= options.cap <= 1000000:
        parser.error("--cap: give 1 to 1000000")
    return options


def main(arguments):
    options = parse(arguments)
    instrument = Instrument(options)
    instrument.build()
    try:
        instrument.g.save(options.out, instrument.metadata())
    except OSError as error:
        print(f"instrument.py: {options.out}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
