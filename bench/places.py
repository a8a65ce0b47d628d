"""places.py - the measures of run.py that have to do with places: what is run of each."""
# SPDX-License-Identifier: Apache-2.0

import os

import prepare

NEAR = (("points", 1000000, 1000000, 1), ("points", 1000000, 1000000, 5),
        ("metres", 1000000, 1000000, 1), ("lines", 10000, 1000000, 50),
        ("lines", 10000, 1000000, 500))


class PlaceMeasures:
    """A part of run.py's Bench: one method a measure, a round of it each call."""

    def tool(self, measure, what, tool, program, words, guess, goal=""):
        """A step of another tool, of a program of bench/ in Python, under Elcano's."""
        if self.python:
            path = os.path.join(prepare.HERE, program)
            self.add(measure, what, tool, [self.python, path, *words], guess)
            self.line(measure, what, tool, (measure, what, "elcano"), goal)

    def utm(self, turn):
        """PROJ in turn with each loop, so that both meet the same machine."""
        goals = {"wide": ">= 12", "widest": ">= 15"}
        for direction in ("inverse", "forward"):
            for loops in ("plain", "wide", "widest"):
                what = f"{direction}, {loops}"
                base = ("utm", what, "elcano")
                self.add(*base, [self.program("bench-utm"), loops, direction], 0.1)
                self.line(*base)
                self.add("utm", what, "proj",
                         [self.program("bench-utm"), "proj", direction], 1)
                self.line("utm", what, "proj", base,
                          goals.get(loops, "") if direction == "inverse" else "")

    def zones(self, turn):
        """Of each set 1 and 10 million points; the peers have the million."""
        taxi = os.path.join(prepare.DATA, "polygons", "nyc_taxi_zones", "taxi_zones.shp")
        sets = {"256 x 256 corners": (16, 256, 1), "10,000 x 100": (100, 100, 1),
                "the same, overlapping": (100, 100, 3), "taxi zones": (taxi,)}
        for name, words in sets.items():
            for points in (1000000,) if self.options.quick else (1000000, 10000000):
                if name != "taxi zones" or os.path.exists(taxi):
                    self.zones_of(turn, f"{name}, {points // 1000000} M",
                                  [*words, points], 10 if "10,000" in name or "same" in name else 12)

    def zones_of(self, turn, what, words, goal):
        base, program = ("zones", what, "elcano"), self.program("bench-zones")
        rounds = 3 if words[-1] == 1000000 else 0
        self.add(*base, [program, "zones", *words], 1)
        self.line(*base)
        self.add("zones", what, "two threads", [program, "threads", *words], 1)
        self.line("zones", what, "two threads", base, "<= 0.56 of s")
        if turn < rounds:
            self.add("zones", what, "geos", [program, "geos", *words], 5)
            self.line("zones", what, "geos", base, f">= {goal}")
        if self.python and turn < rounds:
            self.add("zones", what, "sedonadb",
                     [self.python, os.path.join(prepare.HERE, "zones_peer.py"), program,
                      *words], 10)
            self.line("zones", what, "sedonadb", base, f">= {goal}")

    def counts(self, turn):
        """Elcano with its start and its output; the peers without it, on one thread."""
        count = 1000000 if self.options.quick else 10000000
        files, zones = prepare.points(self.folder, count, self.program("elcano"))
        for path, kind in zip(files, ("CSV", "Parquet", "GeoParquet")):
            base = ("counts", f"{kind}, {count // 1000000} M", "elcano")
            self.add(*base, [self.program("elcano"), "aggregate", path, zones,
                             "--predicate", "intersects", "--mean", "score", "--quiet",
                             "--overwrite", "-o",
                             os.path.join(self.folder, "counts.parquet")], 4)
            self.line(*base)
            for peer, turns in (("sedonadb", 3), ("duckdb", 1)):
                if self.python and turn < turns:
                    self.add(*base[:2], peer,
                             [self.python, os.path.join(prepare.HERE, "counts_peer.py"),
                              peer, path, zones], 15)
                    self.line(*base[:2], peer, base, ">= 3")

    def near(self, turn):
        """One thread; of a round, each tool that has the question."""
        for kind, places, asked, last in NEAR:
            if self.options.quick:
                places, asked = min(places, 100000), 100000
            words = [kind, places, asked, last]
            what = f"{kind}, {places:,} and {asked:,}, {last}"
            base = ("near", what, "elcano")
            self.add(*base, [self.program("bench-near"), *words], 2)
            self.line(*base)
            if turn > 2:
                continue
            if kind == "lines":
                for tool in ("shapely", "duckdb", "sedonadb"):
                    self.tool("near", what, tool, "near_peer.py", [tool, *words], 3,
                              ">= 3" if tool == "duckdb" else "")
            else:
                self.tool("near", what, "scipy", "near_peer.py", ["scipy", *words], 4,
                          ">= 2" if kind == "points" else "")

    def cells(self, turn):
        """Tiles at zoom 10, and hexagons as large as H3's of level 5."""
        for kind, size, peers in (("codes", 10, (("codes", 10), ("folded", 10))),
                                  ("quads", 10, (("plain", 10), ("numpy", 10),
                                                 ("pieces", 10))),
                                  ("hexagons", 17000, (("h3", 5),))):
            base = ("cells", f"{kind} {size}", "elcano")
            self.add(*base, [self.program("bench-cells"), kind, size], 2)
            self.line(*base)
            for tool, level in peers if turn < 3 else ():
                self.tool(*base[:2], tool, "cells_peer.py", [tool, level], 3,
                          ">= 10" if tool == "codes" else "")

    def read(self, turn):
        """GDAL's own loops in the same program; pyogrio's batches as Python has them."""
        path = prepare.labels(self.folder, 60000 if self.options.quick else 600000)
        taxi = os.path.join(self.folder, "taxi.geojson")
        shapes = os.path.join(prepare.DATA, "polygons", "nyc_taxi_zones", "taxi_zones.shp")
        if turn == 0 and os.path.exists(shapes):
            prepare.run([self.program("elcano"), "read", shapes, "--quiet", "--overwrite",
                         "-o", taxi])
        for what, file in (("labels", path), ("taxi zones", taxi)):
            if not os.path.exists(file):
                continue
            base, program = ("read", what, "elcano"), self.program("bench-read")
            self.add(*base, [program, "elcano", file], 3)
            self.line(*base)
            for tool in ("ogr", "arrow") if turn < 3 else ():
                self.add("read", what, tool, [program, tool, file], 10)
                self.line("read", what, tool, base, ">= 1")
            if turn < 3:
                self.tool("read", what, "pyogrio", "read_peer.py", [file], 10, ">= 1")

    def cluster(self, turn):
        """On one thread each; the peer's memory is with Python and the points."""
        for count in (200000,) if self.options.quick else (2000000, 10000000):
            what = f"{count / 1e6:g} M points"
            words, base = [count, 15, 5, 1], ("cluster", what, "elcano")
            self.add(*base, [self.program("bench-cluster"), "plane", *words], 2)
            self.line(*base)
            self.add("cluster", what, "metres",
                     [self.program("bench-cluster"), "metres", *words], 2)
            self.line("cluster", what, "metres", base)
            if count <= 2000000 and turn < 3:
                self.tool("cluster", what, "dbscan", "cluster_peer.py", ["dbscan", *words],
                          5, ">= 5; memory >= 10")

    def bin(self, turn):
        """On one thread each; of NumPy the call alone."""
        count = 1000000 if self.options.quick else 10000000
        for zoom in (15, 18):
            what = f"{count // 1000000} M points, zoom {zoom}"
            base = ("bin", what, "elcano")
            self.add(*base, [self.program("bench-bin"), "quad", count, zoom], 1)
            self.line(*base)
            for way, goal in (("quadkeys", ">= 10"), ("box", "")) if turn < 3 else ():
                self.tool("bin", what, f"numpy, {way}", "bin_peer.py", [way, count, zoom], 5,
                          goal)
