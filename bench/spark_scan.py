"""spark_scan.py - what a scan of detections costs on Spark, beside spark.range.

usage: spark_scan.py make FOLDER ROWS
       spark_scan.py range|made-column|made-all|column|all|own-column|own-all FOLDER ROWS

`make` writes ROWS detections with all of detect's columns as Parquet, by `elcano sql`
(ELCANO names the command). The others sum, on local[1]: the ids of spark.range(ROWS); one
column of doubles of format("elcano"); or of every column its hash, so that all of them
cross; own-, the same by Spark's own reader of Parquet; made-, by operator sql of rows that
are in no file and cost next to nothing to make, one column as range's and detect's columns
with one value each: what the way from C to Spark costs. Prints one line of JSON: seconds
and CPU seconds of the JVM, without those of its compilers' threads, of the best of three
after two first ones. ELCANO_JAR names the jar.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))

from spark_detect import timed  # noqa: E402
from spark_join import start  # noqa: E402

ELCANO = os.environ.get("ELCANO", "build/elcano")
# The columns of detect, of rows that differ; an outline is a small rotated square.
ROW = """SELECT printf('%016x', id * 2654435761) AS id, 'scene_' || id // 5000 || '.tif' AS image,
 ['car', 'truck', 'bus'][1 + id % 3] AS class, CAST(id % 3 AS INT) AS class_id,
 CAST(0.3 + id % 97 / 140 AS FLOAT) AS score, x AS xmin_px, y AS ymin_px, x + 9.5 AS xmax_px,
 y + 4.25 AS ymax_px, CAST(NULL AS VARCHAR) AS shape_px, 16 + x / 5e4 AS lon,
 48 + y / 5e4 AS lat, st_makebbox(16 + x / 5e4, 48 + y / 5e4, 16.0001 + x / 5e4,
 48.0001 + y / 5e4) AS geometry, 2.1 AS width_m, 4.6 AS length_m, 'scene#' || id % 400 AS chip,
 id % 50 = 0 AS touches_border, CAST(NULL AS DOUBLE) AS angle_deg, 0.3 AS gsd_m,
 'none' AS stretch, 'vehicles.onnx' AS model, repeat('0a', 32) AS model_sha256,
 0.9 AS position_error_m, CAST(NULL AS VARCHAR) AS error
 FROM (SELECT range AS id, range * 37 % 10007 AS x, range * 91 % 10009 AS y FROM range({rows}))"""

MADE_COLUMN = "SELECT range AS id FROM range({rows})"
MADE_ALL = """SELECT '000000009e3779b1' AS id, 'scene_7.tif' AS image, 'car' AS class,
 0::INT AS class_id, 0.5::FLOAT AS score, 1e3 AS xmin_px, 1e3 AS ymin_px, 1e3 AS xmax_px,
 1e3 AS ymax_px, NULL::VARCHAR AS shape_px, 16e0 AS lon, 48e0 AS lat,
 st_makebbox(16, 48, 16.0001, 48.0001) AS geometry, 2e0 AS width_m, 4e0 AS length_m,
 'scene#7' AS chip, false AS touches_border, NULL::DOUBLE AS angle_deg, 0.5e0 AS gsd_m,
 'none' AS stretch, 'vehicles.onnx' AS model, repeat('0a', 32) AS model_sha256,
 1e0 AS position_error_m, NULL::VARCHAR AS error FROM range({rows})"""


def make(folder, rows):
    path = pathlib.Path(folder, "detections.parquet")
    seed = pathlib.Path(folder, "seed.csv")
    seed.write_text("n,m\n1,1\n", encoding="ascii")
    subprocess.run([ELCANO, "sql", "--query", ROW.format(rows=rows), seed, "--crs", "OGC:CRS84",
                    "-q", "--overwrite", "-o", path], check=True)


def query(spark, what, folder, rows):
    if what == "range":
        return spark.range(0, rows, 1, 1).selectExpr("sum(id)")
    if what.startswith("made-"):
        table = spark.read.format("elcano").option("operator", "sql").option(
            "query", (MADE_COLUMN if what == "made-column" else MADE_ALL).format(rows=rows)
        ).load(os.path.join(folder, "seed.csv"))
        return summed(table, "id" if what == "made-column" else None)
    path = os.path.join(folder, "detections.parquet")
    table = (spark.read.parquet(path).drop("bbox") if what.startswith("own-") else
             spark.read.format("elcano").option("operator", "read").load(path))
    return summed(table, "lon" if what.endswith("column") else None)


def summed(table, column):
    """None: all of them."""
    hashed = ", ".join(table.columns)
    return table.selectExpr(f"sum({column})" if column else f"sum(hash({hashed}))")


def main(what, folder, rows):
    if what == "make":
        return make(folder, rows)
    spark = start(**{"spark.master": "local[1]", "spark.jars": os.environ["ELCANO_JAR"]}).getOrCreate()
    jvm = spark.sparkContext._gateway.proc.pid
    # each a query of its own, for one that ran has its stages
    runs = [timed(jvm, lambda: query(spark, what, folder, rows).collect()) for _ in range(5)]
    best = min(runs[2:], key=lambda run: run["cpu"])
    print(json.dumps({**best, "found": rows}))
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
