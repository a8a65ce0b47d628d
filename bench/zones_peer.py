"""zones_peer.py - what SedonaDB needs to find the polygons that points lie in.

usage: zones_peer.py BENCH-ZONES SET...

The program writes the polygons and points that it asks for itself. Prints one line of JSON: the pairs found, and the
seconds and CPU seconds of the join on one thread, between two tables in memory whose
geometry is already made. Runs in the environment of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa
import sedonadb

from peers import seconds_cpu

POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("place", "<f8", 2)])


def read(path):
    """The polygons and the points as columns of WKB."""
    with open(path, "rb") as file:
        n, n_points = struct.unpack("<2Q", file.read(16))
        zones = [file.read(*struct.unpack("<Q", file.read(8))) for _ in range(n)]
        wkb = np.empty(n_points, POINT)
        wkb["order"], wkb["type"] = 1, 1
        wkb["place"] = np.fromfile(file, "<f8").reshape(-1, 2)
    points = pa.Array.from_buffers(pa.binary(POINT.itemsize), n_points,
                                   [None, pa.py_buffer(wkb)])
    return pa.array(zones, pa.binary()), points.cast(pa.binary())


def written(program, words):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "zones.bin")
        subprocess.run([program, path, *words], check=True)
        return read(path)


def main(program, words):
    base = sedonadb.connect()
    base.sql("SET datafusion.execution.target_partitions = 1").execute()
    for name, column in zip(("zones", "points"), written(program, words)):
        base.create_data_frame(pa.table({"wkb": column})).to_view("raw")
        made = base.sql("SELECT ST_GeomFromWKB(wkb) AS shape FROM raw").to_memtable()
        made.to_view(name)
        base.drop_view("raw")
    join = base.sql("SELECT count(*) AS pairs FROM points JOIN zones "
                    "ON ST_Intersects(zones.shape, points.shape)")
    began, cpu = time.perf_counter(), seconds_cpu()
    found = pa.table(join)["pairs"][0].as_py()
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": seconds_cpu() - cpu, "found": found}))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
