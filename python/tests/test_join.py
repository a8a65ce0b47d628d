"""Joins by place: the rows of the command line, from Python, by either strategy.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import pathlib
import subprocess
import sys

import elcano
import pytest
from conftest import BUILD, ROOT

PLACES = ROOT / "spark/src/test/resources/places.py"


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    subprocess.run([sys.executable, str(PLACES)], cwd=folder, check=True)
    return folder


def tables(spark, folder):
    return (spark.read.format("elcano").load(str(folder / "left.geojson")),
            spark.read.format("elcano").load(str(folder / "right.geojson")))


def rows(table):
    """Without geometries, which CSV does not have."""
    kept = table.drop("geometry", "geometry_right")
    return sorted(tuple("" if v is None else str(v) for v in row) for row in kept.collect())


def of_command_line(folder, *words):
    subprocess.run([str(BUILD / "elcano"), *words, "-q", "--overwrite", "-o", "rows.csv"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with open(pathlib.Path(folder) / "rows.csv", newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    drop = [i for i, name in enumerate(header) if name in ("lon", "lat", "geometry")]
    return sorted(tuple(v for i, v in enumerate(line) if i not in drop) for line in lines)


@pytest.mark.parametrize("strategy", ["broadcast", "cells"])
@pytest.mark.parametrize("how", ["inner", "left", "semi", "anti"])
def test_joins_have_the_rows_of_the_command_line(spark, places, how, strategy):
    left, right = tables(spark, places)
    got = elcano.join(left.select("id", "class", "geometry"), right.select("ID", "zone", "geometry"),
                      "intersects", how, strategy=strategy, cells=64 if strategy == "cells" else 0)
    assert got.columns[:2] == ["id", "class"]
    pairs = of_command_line(places, "join", "left.geojson", "right.geojson", "--predicate",
                            "intersects", "--how", how)
    assert len(pairs) > 0
    assert [row[0] for row in rows(got)] == sorted(row[0] for row in pairs)


def test_nearest_gives_distance_and_rank(spark, places):
    left, right = tables(spark, places)
    got = elcano.nearest(left, right, 2, how="left")
    assert got.columns[-2:] == ["distance_m", "rank"]
    assert [r[0] for r in rows(got)] == sorted(
        r[0] for r in of_command_line(places, "nearest", "left.geojson", "right.geojson",
                                      "--k", "2", "--how", "left"))


def test_places_of_two_crss_meet(spark):
    here = spark.sql("SELECT 1 AS id, elcano.st_point(500000, 5000000) AS geometry")
    there = spark.sql("SELECT 7 AS zone, elcano.st_makebbox(14.9, 45.1, 15.1, 45.2) AS geometry")
    got = elcano.join(here, there, "within", crs=("EPSG:32633", "OGC:CRS84"))
    assert [(row.id, row.zone) for row in got.collect()] == [(1, 7)]
    assert elcano.join(here, there, "within").count() == 0


def test_what_cannot_be_is_refused_at_once(spark):
    points = spark.sql("SELECT 1d AS lon, 2d AS lat")
    zones = spark.sql("SELECT 7 AS zone, elcano.st_makebbox(0, 0, 3, 3) AS geometry")
    for options, message in [
            ({}, "give a predicate, a distance or ownership"),
            ({"predicate": "withinn"}, "did you mean within"),
            ({"predicate": "within", "how": "outer"}, "inner, left, semi, anti"),
            ({"predicate": "within", "strategy": "fast"}, "auto, broadcast or cells"),
            ({"predicate": "within", "geometry": (None, "shape")}, "no column shape of WKB"),
            ({"predicate": "within", "x": "east", "y": "north"}, "no.* column east"),
            ({"predicate": "disjoint", "strategy": "cells"}, "give strategy broadcast"),
            ({"distance": "-1m"}, "give 0 or more"),
            ({"predicate": "within", "crs": ("EPSG:1", None), "geometry": "zone"}, "of WKB"),
            ({"predicate": "within", "crs": (None, "EPSG:1")}, "EPSG:1"),
            ({"predicate": "within", "cells": -1}, "cells is -1")]:
        with pytest.raises(ValueError, match=message):
            elcano.join(points, zones, **options)
    with pytest.raises(ValueError, match="auto or broadcast"):
        elcano.nearest(points, zones, strategy="cells")
    assert elcano.join(points, zones, "within").count() == 1
