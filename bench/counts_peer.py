"""counts_peer.py - what others need from a file of points to counts by zone.

usage: counts_peer.py TOOL POINTS ZONES.parquet

TOOL is sedonadb, or duckdb with its spatial extension. POINTS is a CSV or Parquet file
with the columns lon, lat and score, or GeoParquet. Prints one line of JSON: the zones
and pairs found, and the seconds and CPU seconds of counting the points and their mean
score by zone, on one thread. Runs in the environment of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import importlib
import json
import os
import sys
import time

from peers import seconds_cpu

TOOLS = {"sedonadb": ("pyarrow.parquet", "sedonadb"),
         "duckdb": ("pyarrow.parquet", "duckdb", "duckdb_extension_spatial")}
COUNTS = """SELECT zone, count(*) AS pairs, avg(score) AS mean
            FROM (SELECT {place} AS place, score FROM points) AS p
            JOIN zones ON ST_Intersects(zones.geometry, p.place) GROUP BY zone"""


def place_of(path, point):
    """What gives a place of a table of points."""
    import pyarrow.parquet
    if path.endswith(".csv"):
        return point
    names = pyarrow.parquet.read_schema(path).names
    return "geometry" if "geometry" in names else point


def by_sedonadb(points, zones):
    import pyarrow
    import sedonadb
    base = sedonadb.connect()
    base.sql("SET datafusion.execution.target_partitions = 1").execute()
    base.read_parquet(zones).to_view("zones")
    if points.endswith(".csv"):
        base.sql(f"CREATE EXTERNAL TABLE points STORED AS CSV LOCATION '{points}' "
                 "OPTIONS ('format.has_header' 'true')").execute()
    else:
        base.read_parquet(points).to_view("points")
    place = place_of(points, "ST_SetSRID(ST_Point(lon, lat), 4326)")
    return pyarrow.table(base.sql(COUNTS.format(place=place)))["pairs"].to_pylist()


def by_duckdb(points, zones):
    import duckdb
    import duckdb_extension_spatial
    folder = os.path.join(os.path.dirname(duckdb_extension_spatial.__file__),
                          "extensions", f"v{duckdb.__version__}")
    base = duckdb.connect(config={"threads": 1})
    base.load_extension(os.path.join(folder, "spatial.duckdb_extension"))
    base.execute("CREATE TABLE zones AS SELECT * FROM read_parquet($1)", [zones])
    base.from_query("FROM read_csv($1)" if points.endswith(".csv") else
                    "FROM read_parquet($1)", params=[points]).create_view("points")
    place = place_of(points, "ST_SetCRS(ST_Point(lon, lat), 'OGC:CRS84')")
    return [row[1] for row in base.execute(COUNTS.format(place=place)).fetchall()]


def main(tool, points, zones):
    for module in TOOLS[tool]:
        importlib.import_module(module)
    began, cpu = time.perf_counter(), seconds_cpu()
    found = {"sedonadb": by_sedonadb, "duckdb": by_duckdb}[tool](points, zones)
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": seconds_cpu() - cpu, "zones": len(found),
                      "found": sum(found)}))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in TOOLS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
