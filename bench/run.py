#!/usr/bin/env python3
"""run.py - how fast and how small Elcano is, beside ONNX Runtime alone and other tools.

usage: run.py [BUILD] [--quick] [--rounds N] [--minutes N] [--only MEASURE,...]
              [--no-peers]

BUILD is the folder of a finished build (default: build). Measures are total, memory,
strip, merge, view, chips, catalog, utm, zones, counts, near, cells, read, cluster, bin,
heat, serve, logistic, spark-detect, spark-scan, spark-join and spark-functions;
docs/benchmarks.md says what each is. What is compared runs in turn, round after round,
and the table gives ratios of medians. --quick takes smaller scenes
and two rounds. After --minutes (default 40, quick 4) nothing is run a second time, and
Ctrl-C ends with the table of what was measured.
Nothing is asserted: on a busy machine the ratios of CPU seconds are the steadiest.

Writes BUILD/bench/bench.json; scenes (8 GB, quick 2 GB) and tools stay in BUILD/bench.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import os
import sqlite3
import sys
import time
from collections import defaultdict, namedtuple

import prepare
import report
from learn import LearnMeasures
from maps import MapMeasures
from measure import Failed, run
from places import PlaceMeasures
from spark import SparkMeasures

CHIP, OVERLAP, THREADS, SCORE = 640, 128, 2, 0.25
GOALS = {"yolov8n": "<= 1.02", "vehicle": "<= 1.10", "small": "<= 1.30"}
GFLOP = {"yolov8n": 8.7, "vehicle": 2.06, "small": 0.14, "instrument": 0.1}
PEERS = ("sahi", "supervision", "geodeep")
TITLES = {
    "total": "Whole run against ONNX Runtime alone (ratio: to bare)",
    "memory": "Peak resident memory (ratio: to the first of the pair)",
    "strip": "A strip image against the same one tiled (ratio: to tiled)",
    "merge": "NMS and merge of raw boxes (ratio: to Elcano's 177,000)",
    "view": "180 chips seen at other resolutions (ratio: to Elcano)",
    "chips": "Chips of 512 px as GeoTIFF files (ratio: to Elcano)",
    "catalog": "What is in a folder of images (ratio: to Elcano)",
    "utm": "4.2 million points of UTM, one thread (ratio: to Elcano)",
    "zones": "Points in polygons, the index's build included (ratio: to Elcano)",
    "counts": "From a file of points to counts by taxi zone (ratio: to Elcano)",
    "near": "The nearest places, and those within a distance (ratio: to Elcano)",
    "cells": "4.2 million places as cells, counted (ratio: to Elcano)",
    "read": "GeoJSON as a table (ratio: to Elcano)",
    "cluster": "Clusters of points, eps 15 m, 5 points (ratio: to Elcano)",
    "bin": "Points counted by the tiles of a zoom (ratio: to Elcano)",
    "logistic": "Classes learnt from features, one thread (ratio: to Elcano)",
    "heat": "Heatmaps of 2,560 x 1,920 cells (ratio: to Elcano)",
    "serve": "A map of a million points (seconds: 99th percentile; ratio: to tiles)",
    "spark-detect": "Detections on Spark's local[2], its start aside (ratio: to Elcano)",
    "spark-scan": "On Spark, detections summed (ratios: to range; of column and all, to Spark's own-)",
    "spark-functions": "On Spark, a function of two doubles (ratio: to Spark's own)",
    "spark-join": "On Spark, points in 10,000 polygons to counts (ratio: to Elcano)",
}

# What is run once: key (measure, what, tool), command, a first guess of its seconds.
Step = namedtuple("Step", "key command guess")


class Sizes:
    """The scenes of a full and of a quick run."""

    def __init__(self, quick):
        side, large, rows = (4000, 16000, 1280) if quick else (10000, 40000, 4000)
        self.town = prepare.Scene(side, side)
        self.one = prepare.Scene(CHIP, CHIP)
        self.tiny = prepare.Scene(128, 128, "--strips")
        self.files = 1000 if quick else 10000
        self.large = prepare.Scene(large, large)
        self.tiled = prepare.Scene(40000, rows)
        self.strips = prepare.Scene(40000, rows, "--strips")
        few, many = (640, 16000) if quick else (4000, 100000)
        self.few, self.many = (
            prepare.Scene(side, side, "--code-only", "--gsd", "0.3", "--objects",
                          str(count), bands=5) for count in (few, many))

    def of(self, measures):
        """Those that the measures need."""
        needs = {"total": [self.town, self.one], "strip": [self.tiled, self.strips],
                 "memory": [self.town, self.large, self.few, self.many], "merge": [],
                 "view": [self.town], "chips": [self.town], "catalog": [self.tiny],
                 "utm": [], "zones": [], "counts": [], "near": [], "cells": [],
                 "read": [], "cluster": [], "bin": [],
                 "heat": [], "serve": [], "logistic": [],
                 "spark-detect": [self.town, self.one], "spark-join": [],
                 "spark-functions": [], "spark-scan": []}
        every = [scene for measure in measures for scene in needs[measure]]
        return {scene.name: scene for scene in every}.values()


class Bench(MapMeasures, PlaceMeasures, LearnMeasures, SparkMeasures):
    """The commands, and the steps made of them."""

    def __init__(self, options, sizes, folder):
        self.options, self.sizes, self.folder = options, sizes, folder
        self.networks = prepare.networks(folder)
        self.python = None if options.no_peers else prepare.peers(folder)
        self.scenes = prepare.render(sizes.of(options.only), folder, options.build)
        self.output = os.path.join(folder, "found.gpkg")
        self.raw = os.path.join(folder, "raw.txt")
        self.steps, self.lines = [], []

    def program(self, name):
        return os.path.join(self.options.build, name)

    def add(self, measure, what, tool, command, guess):
        words = [str(word) for word in command]
        self.steps.append(Step((measure, what, tool), words, guess))

    def line(self, measure, what, tool, base=None, goal=""):
        """A row of the table; base is the key of what it is divided by."""
        entry = ((measure, what, tool), base, goal)
        if entry not in self.lines:
            self.lines.append(entry)

    def guess(self, scene, network, each=0.002):
        return 0.2 + scene.chips(CHIP, OVERLAP) * (0.006 * GFLOP[network] + each)

    # ---- what is run ----------------------------------------------------------------

    def elcano(self, measure, what, tool, scene, network):
        command = [self.program("elcano"), "detect", self.scenes[scene.name], "--model",
                   self.networks[network], "--chip", CHIP, "--overlap", OVERLAP,
                   "--score", SCORE, "--threads", THREADS, "--quiet", "--overwrite",
                   "-o", self.output]
        if network == "instrument":
            command += ["--bands", "1,2,3,4,5"]
        self.add(measure, what, tool, command, self.guess(scene, network))

    def bare(self, what, scene, network):
        self.add("total", what, "bare",
                 [self.program("bench-bare"), self.scenes[scene.name],
                  self.networks[network], THREADS, CHIP, OVERLAP],
                 self.guess(scene, network, 0.001))

    def peer(self, what, tool, scene, network):
        self.add("total", what, tool,
                 [self.python, os.path.join(prepare.HERE, "peers.py"), tool,
                  self.scenes[scene.name], self.networks[network], THREADS, CHIP,
                  OVERLAP, SCORE], self.guess(scene, network, 0.03))

    # ---- the measures, a round of each ----------------------------------------------

    def total(self, turn):
        for network, goal in GOALS.items():
            if network not in self.networks:
                continue
            scene = self.sizes.town
            what = f"{network}, {scene.width:,} px"
            base = ("total", what, "bare")
            self.bare(what, scene, network)
            self.line(*base)
            self.elcano("total", what, "elcano", scene, network)
            self.line("total", what, "elcano", base, goal)
            self.elcano("total", what, "one chip", self.sizes.one, network)
            self.line("total", what, "one chip")
            self.line("total", what, "elcano less", base)
            if self.python and self.has_peers(network, turn):
                for tool in PEERS:
                    self.peer(what, tool, scene, network)
                    self.line("total", what, tool, base)

    def has_peers(self, network, turn):
        """They are slow: three rounds, of the largest network one, quick one of one."""
        if self.options.quick:
            return network == "vehicle" and turn == 0
        return turn < (1 if network == "yolov8n" else 3)

    def memory(self, turn):
        network = "vehicle" if "vehicle" in self.networks else "small"
        sizes = self.sizes
        few, many = (int(scene.options[-1]) for scene in (sizes.few, sizes.many))
        pairs = (((network, sizes.town, f"{network}, {sizes.town.width:,} px"),
                  (network, sizes.large, f"{network}, {sizes.large.width:,} px")),
                 (("instrument", sizes.few, f"{few:,} objects"),
                  ("instrument", sizes.many, f"{many:,} objects")))
        for pair in pairs if turn == 0 else ():
            for name, scene, what in pair:
                self.elcano("memory", what, "elcano", scene, name)
                self.line("memory", what, "elcano", ("memory", pair[0][2], "elcano"),
                          "<= 200 MB" if name == "vehicle" else "the same MB")

    def strip(self, turn):
        for network in ("small", "vehicle"):
            if network not in self.networks or turn > 2:
                continue
            rows = self.sizes.tiled.height
            both = (("tiled", self.sizes.tiled), ("strips", self.sizes.strips))
            for kind, scene in both:
                what = f"{network}, 40,000 x {rows:,} px"
                self.elcano("strip", what, kind, scene, network)
                goal = "<= 1.1" if kind == "strips" else ""
                self.line("strip", what, kind, ("strip", what, "tiled"), goal)

    def merge(self, turn):
        base = ("merge", "177,000 boxes", "elcano")
        program = self.program("bench-merge")
        self.add(*base, [program, 20000, 10000, CHIP, OVERLAP, self.raw], 1)
        self.line(*base)
        self.add("merge", "982,000 boxes", "elcano",
                 [program, 112800, 23700, CHIP, OVERLAP], 2)
        if self.python and turn < 3:
            self.add("merge", base[1], "sahi", [self.python, os.path.join(
                prepare.HERE, "peers.py"), "merge", self.raw], 5)
            self.line("merge", base[1], "sahi", base, ">= 12")
        self.line("merge", "982,000 boxes", "elcano", base, "about 5.5, as the boxes")

    def view(self, turn):
        """GDAL resamples in the file's own type; it does not stretch."""
        bytes_of = self.scenes[self.sizes.town.name]
        deep = os.path.join(self.folder, "deep.tif")
        if turn == 0:
            run(["gdal_translate", "-q", "-srcwin", "0", "0", "3840", "3840", "-ot",
                 "UInt16", "-scale", "0", "255", "200", "2200", "-co", "TILED=YES", "-co",
                 "BLOCKXSIZE=512", "-co", "BLOCKYSIZE=512", bytes_of, deep])
        for kind, image, step, stretch in (
                ("bytes", bytes_of, 1, "none"), ("16 bits", deep, 1, "p2-98"),
                ("16 bits", deep, 2, "p2-98"), ("16 bits", deep, 0.7, "p2-98")):
            what = f"{kind}, step {step}"
            command, base = [self.program("bench-view"), image, step, stretch], (
                "view", what, "elcano")
            self.add(*base, command, 1)
            self.line(*base)
            self.add("view", what, "gdal", [*command, "gdal"], 1)
            self.line("view", what, "gdal", base)

    def chips(self, turn):
        scene, folder = self.sizes.town, os.path.join(self.folder, "chips")
        what = f"{scene.width:,} px"
        image, base = self.scenes[scene.name], ("chips", what, "elcano")
        self.add(*base, [self.program("elcano"), "chips", image, "--chip", 512,
                         "--overlap", 0, "--pixels", "tif", "--out-dir", folder,
                         "--threads", THREADS, "--quiet", "--overwrite", "-o",
                         os.path.join(self.folder, "chips.csv")], 2)
        self.line(*base)
        if turn < 3:
            tiles = os.path.join(self.folder, "retiled")
            os.makedirs(tiles, exist_ok=True)
            self.add("chips", what, "gdal_retile", ["gdal_retile.py", "-q", "-ps", 512,
                                                    512, "-targetDir", tiles, image], 8)
            self.line("chips", what, "gdal_retile", base, ">= 2")
        if self.python and turn < 3:
            self.add("chips", what, "rasterio",
                     [self.python, os.path.join(prepare.HERE, "files.py"), "chips",
                      image, os.path.join(self.folder, "rasterio"), 512], 5)
            self.line("chips", what, "rasterio", base, ">= 2")

    def catalog(self, turn):
        count, files = self.sizes.files, os.path.join(prepare.HERE, "files.py")
        folder, what = os.path.join(self.folder, f"files-{count}"), f"{count:,} files"
        if turn == 0:
            run([sys.executable, files, "copies", self.scenes[self.sizes.tiny.name],
                 folder, str(count)])
        base = ("catalog", what, "elcano")
        self.add(*base, [self.program("elcano"), "catalog", folder, "--recursive",
                         "--threads", THREADS, "--quiet", "--overwrite", "-o",
                         os.path.join(self.folder, "catalog.csv")], 10)
        self.line(*base)
        if self.python and turn < 3:
            self.add("catalog", what, "rasterio", [self.python, files, "catalog", folder],
                     20)
            self.line("catalog", what, "rasterio", base, ">= 1.8")

    def spark_detect(self, turn):
        """Spark's seconds and CPU seconds are those of its job, whose rows it collects."""
        python = os.path.join(self.options.build, "deps", "python", "bin", "python")
        for network in ("vehicle", "yolov8n"):
            what, scene = f"town, {network}", self.sizes.town
            base = ("spark-detect", what, "elcano")
            self.elcano(*base, scene, network)
            self.line(*base)
            self.add("spark-detect", what, "local[2]",
                     [python, os.path.join(prepare.HERE, "spark_detect.py"),
                      self.scenes[self.sizes.one.name], self.scenes[scene.name], THREADS,
                      f"model={self.networks[network]}", f"chip={CHIP}",
                      f"overlap={OVERLAP}", f"score={SCORE}"],
                     20 + self.guess(scene, network))
            self.line("spark-detect", what, "local[2]", base, "<= 1.10")

    def plan(self):
        for turn in range(self.options.rounds):
            for measure in self.options.only:
                getattr(self, measure.replace("-", "_"))(turn)
        return self.steps


# ---- running -------------------------------------------------------------------------


def count_rows(path):
    """Detections in a GeoPackage."""
    with sqlite3.connect(path) as database:
        return database.execute("SELECT count(*) FROM detections").fetchone()[0]


def seconds_left(steps, samples):
    """By what each has taken so far, else by its guess."""
    return sum(samples[step.key][-1]["process_seconds"] if samples[step.key]
               else step.guess for step in steps)


def run_step(step, bench):
    began = time.perf_counter()
    sample = run(step.command)
    sample["process_seconds"] = time.perf_counter() - began
    if bench.output in step.command:
        sample["found"] = count_rows(bench.output)
    return sample


def run_all(bench, minutes):
    """Samples by key; what failed, with its reason."""
    samples, failures = defaultdict(list), {}
    steps, began = bench.plan(), time.perf_counter()
    for path in bench.scenes.values():
        prepare.into_cache(path)
    for i, step in enumerate(steps):
        late = time.perf_counter() - began > 60 * minutes
        if step.key in failures or (late and samples[step.key]):
            continue
        left = seconds_left([s for s in steps[i:] if s.key not in failures], samples)
        print(f"{i + 1:3}/{len(steps)}  about {left / 60:4.1f} min left  "
              f"{', '.join(step.key):50}", end="", flush=True)
        try:
            samples[step.key].append(run_step(step, bench))
            print(f"{samples[step.key][-1]['seconds']:9.3f} s")
        except Failed as failed:
            failures[step.key] = str(failed)
            print(f"failed: {failed}")
        except KeyboardInterrupt:
            print("\nstopped: what follows was measured before")
            break
    return samples, failures


def take_start_off(samples):
    """Adds "elcano less": whole runs less the median run of one chip, the start-up."""
    for measure, what, tool in list(samples):
        start = samples.get((measure, what, "one chip"))
        if tool != "elcano" or not start:
            continue
        off = report.summary(start)
        samples[measure, what, "elcano less"] = [
            {**sample, "seconds": sample["seconds"] - off["median_s"],
             "cpu": sample["cpu"] - off["cpu_s"]}
            for sample in samples[measure, what, tool]]


def versions(bench):
    found = {"elcano": prepare.said_by(bench.program("elcano"), "version"),
             "commit": prepare.said_by("git", "rev-parse", "--short", "HEAD"),
             "gdal": prepare.said_by("gdalinfo", "--version")}
    if bench.python:
        found["peers"] = prepare.peer_versions(bench.python)
    return found


def parse(argv):
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    parser.add_argument("build", nargs="?", default=os.path.join(prepare.ROOT, "build"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--only", default="merge,total,strip,memory,view,chips,catalog")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(argv)
    options.only = options.only.split(",")
    for measure in options.only:
        if measure not in TITLES:
            parser.error(f"{measure}: measures are {', '.join(TITLES)}")
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.minutes = options.minutes or (4 if options.quick else 40)
    options.build = os.path.abspath(options.build)
    return options


def main(argv):
    options = parse(argv)
    folder = os.path.join(options.build, "bench")
    os.makedirs(folder, exist_ok=True)
    machine = report.machine()
    print(f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB; "
          f"{THREADS} threads, chips of {CHIP} px, overlap {OVERLAP} px, score {SCORE}")
    if machine["load_before"] > 0.5:
        print(f"The machine is busy (load {machine['load_before']:.1f}): trust CPU "
              "seconds and their ratios more than the others.")
    try:
        bench = Bench(options, Sizes(options.quick), folder)
        samples, failures = run_all(bench, options.minutes)
    except Failed as failed:
        sys.exit(f"bench: {failed}")
    take_start_off(samples)
    found = report.rows(bench.lines, samples)
    report.print_table(found, TITLES)
    for key, why in failures.items():
        print(f"NOT MEASURED: {', '.join(key)}: {why}")
    path = os.path.join(folder, "bench.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "versions": versions(bench),
                   "settings": {"quick": options.quick, "chip": CHIP,
                                "overlap": OVERLAP, "threads": THREADS, "score": SCORE},
                   "rows": found,
                   "failures": {", ".join(key): why for key, why in failures.items()},
                   "samples": {", ".join(key): runs for key, runs in samples.items()}},
                  file, indent=1)
    print(f"\n{path} has every run.")


if __name__ == "__main__":
    main(sys.argv[1:])
