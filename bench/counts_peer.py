"""counts_peer.py - what SedonaDB needs from a file of points to counts by zone.

usage: counts_peer.py POINTS ZONES.parquet

POINTS is a CSV or Parquet file with the columns lon, lat and score, or GeoParquet.
Prints one line of JSON: the zones and pairs found, and the seconds and CPU seconds of
counting the points and their mean score by zone, on one thread. Runs in the environment
of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
import time

import pyarrow as pa
import pyarrow.parquet
import sedonadb

from peers import seconds_cpu

POINT = "ST_SetSRID(ST_Point(lon, lat), 4326)"
COUNTS = """SELECT zone, count(*) AS pairs, avg(score) AS mean
            FROM (SELECT {place} AS place, score FROM points) AS p
            JOIN zones ON ST_Intersects(zones.geometry, p.place) GROUP BY zone"""


def open_points(base, path):
    """The table "points"; what gives a place of it."""
    if path.endswith(".csv"):
        base.sql(f"CREATE EXTERNAL TABLE points STORED AS CSV LOCATION '{path}' "
                 "OPTIONS ('format.has_header' 'true')").execute()
        return POINT
    base.read_parquet(path).to_view("points")
    return "geometry" if "geometry" in pa.parquet.read_schema(path).names else POINT


def main(points, zones):
    began, cpu = time.perf_counter(), seconds_cpu()
    base = sedonadb.connect()
    base.sql("SET datafusion.execution.target_partitions = 1").execute()
    base.read_parquet(zones).to_view("zones")
    query = COUNTS.format(place=open_points(base, points))
    found = pa.table(base.sql(query))
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": seconds_cpu() - cpu, "zones": found.num_rows,
                      "found": sum(found["pairs"].to_pylist())}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
