"""near_peer.py - what other tools need for bench-near's questions, on the same numbers.

usage: near_peer.py scipy points|metres PLACES ASKED K
       near_peer.py shapely|duckdb|sedonadb lines LINES ASKED DISTANCE

scipy: cKDTree; metres: the same on unit vectors, whose chords it has in place of metres.
shapely: STRtree with the predicate dwithin. duckdb, sedonadb: a join by ST_DWithin of two
tables in memory whose geometry is already made, on one thread. Prints one line of JSON:
the seconds and CPU seconds of build and questions, and what was found, added up. Runs in
the environment of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import importlib.resources
import json
import sys
import time

import numpy as np

from peers import seconds_cpu

STEPS = 20


def units(first, n):
    """Numbers `first` to first + n of bench-near's SplitMix64, which starts at 1."""
    z = np.arange(first + 1, first + 1 + n, dtype=np.uint64)
    z = z * np.uint64(0x9e3779b97f4a7c15) + np.uint64(1)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53


def in_space(points):
    lon, sine = points[:, 0] * 2 * np.pi - np.pi, 2 * points[:, 1] - 1
    cosine = np.sqrt(1 - sine * sine)
    return np.column_stack([cosine * np.cos(lon), cosine * np.sin(lon), sine])


def lines_and_points(n, asked):
    """Lines as n x 21 x 2 coordinates, and points."""
    each = 2 + 2 * STEPS
    numbers = units(0, each * n).reshape(n, STEPS + 1, 2)
    numbers[:, 0] *= 100000
    numbers[:, 1:] = (numbers[:, 1:] - 0.5) * 200
    points = units(each * n, 2 * asked).reshape(-1, 2) * 100000
    return np.cumsum(numbers, axis=1), points


def tables(n, asked):
    """The same as WKB, for tools that speak SQL."""
    import pyarrow
    import shapely
    lines, points = lines_and_points(n, asked)
    shapes = shapely.linestrings(lines), shapely.points(points)
    return [pyarrow.table({"wkb": shapely.to_wkb(shape)}) for shape in shapes]


# ---- the tools: each prepares, and gives a question --------------------------------------


def scipy(what, n, asked, k):
    from scipy.spatial import cKDTree
    places, points = units(0, 2 * n).reshape(-1, 2), units(2 * n, 2 * asked).reshape(-1, 2)
    if what == "metres":
        places, points = in_space(places), in_space(points)
    return lambda: cKDTree(places).query(points, k=int(k))[0].sum()


def shapely(what, n, asked, distance):
    import shapely as library
    lines, points = lines_and_points(n, asked)
    lines, points = library.linestrings(lines), library.points(points)
    return lambda: library.STRtree(lines).query(points, predicate="dwithin",
                                                distance=distance).shape[1]


def duckdb(what, n, asked, distance):
    import duckdb as library
    import duckdb_extension_spatial as spatial
    base = library.connect(config={"threads": 1})
    path = importlib.resources.files(spatial).joinpath(
        "extensions", f"v{library.__version__}", "spatial.duckdb_extension")
    base.execute(f"LOAD '{path}'")
    for name, raw in zip(("lines", "points"), tables(n, asked)):
        base.execute(f"CREATE TABLE {name} AS SELECT ST_GeomFromWKB(wkb) AS g FROM raw")
    return lambda: base.sql(
        "SELECT count(*) FROM points JOIN lines "
        f"ON ST_DWithin(points.g, lines.g, {distance})").fetchone()[0]


def sedonadb(what, n, asked, distance):
    import pyarrow
    import sedonadb as library
    base = library.connect()
    base.sql("SET datafusion.execution.target_partitions = 1").execute()
    for name, raw in zip(("lines", "points"), tables(n, asked)):
        base.create_data_frame(raw).to_view("raw")
        base.sql("SELECT ST_GeomFromWKB(wkb) AS g FROM raw").to_memtable().to_view(name)
        base.drop_view("raw")
    join = base.sql("SELECT count(*) AS pairs FROM points JOIN lines "
                    f"ON ST_DWithin(points.g, lines.g, {distance})")
    return lambda: pyarrow.table(join)["pairs"][0].as_py()


TOOLS = {tool.__name__: tool for tool in (scipy, shapely, duckdb, sedonadb)}


def main(tool, what, n, asked, last):
    question = TOOLS[tool](what, int(n), int(asked), float(last))
    began, cpu = time.perf_counter(), seconds_cpu()
    found = question()
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": seconds_cpu() - cpu, "found": float(found)}))


if __name__ == "__main__":
    if len(sys.argv) != 6 or sys.argv[1] not in TOOLS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
