"""spark_join.py - counts of points by polygon on Spark: Elcano's join, or Apache Sedona's.

usage: spark_join.py make FOLDER POINTS
       spark_join.py elcano|sedona FOLDER KIND [STRATEGY]

`make` writes 10,000 polygons of 100 corners that share no area, POINTS random points, and
as many of which 75 % lie in one polygon, as Parquet: KIND is even or skewed. The others
count the points within each polygon on local[2] and print one line of JSON: seconds and CPU
seconds of the JVM for the query, with the polygons' reading and index and without Spark's
start, after one of the same with a hundredth of the points; pairs, and a checksum of all
counts as what was found. Sedona is told to broadcast the polygons, which it does not do by
itself. Runs in the environment of spark-requirements.txt or sedona-requirements.txt;
ELCANO_JAR or SEDONA_JARS names the jars.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import math
import os
import random
import struct
import sys
import time

SIDE, CORNERS = 100, 100  # polygons a side of the square, corners of each
FULL = SIDE * SIDE // 2 + SIDE // 2  # the polygon where points crowd

SEDONA = """SELECT /*+ BROADCAST(zones) */ zone, count(*) AS n FROM points JOIN zones
            ON ST_Within(ST_Point(lon, lat), ST_GeomFromWKB(geometry)) GROUP BY zone"""


def polygon(number, pick):
    """A star round the middle of the number's cell of the grid, as WKB."""
    x, y = number % SIDE + 0.5, number // SIDE + 0.5
    ring = []
    for i in range(CORNERS):
        turn, far = 2 * math.pi * i / CORNERS, pick.uniform(0.3, 0.5)
        ring += [(x + far * math.cos(turn)) / SIDE, (y + far * math.sin(turn)) / SIDE]
    ring += ring[:2]
    return struct.pack(f"<BIII{len(ring)}d", 1, 3, 1, len(ring) // 2, *ring)


def start(**options):
    from pyspark.sql import SparkSession
    builder = SparkSession.builder.master("local[2]")
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
                "spark.driver.memory": "3g", "spark.sql.shuffle.partitions": "8",
                "spark.log.level": "ERROR", **options}
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder


def make(folder, count):
    """Points are Spark's own random numbers, of a seed."""
    spark = start().getOrCreate()
    pick = random.Random(1)
    zones = [(i, bytearray(polygon(i, pick))) for i in range(SIDE * SIDE)]
    spark.createDataFrame(zones, "zone long, geometry binary").coalesce(1).write.parquet(
        f"{folder}/zones", mode="overwrite")
    points = spark.range(0, count, 1, 8).selectExpr("id", "rand(1) AS lon", "rand(2) AS lat")
    points.write.parquet(f"{folder}/even", mode="overwrite")
    x, y = (FULL % SIDE + 0.5) / SIDE, (FULL // SIDE + 0.5) / SIDE
    crowd = "IF(id % 4 = 0, {0}, {1} + ({0} - 0.5) * {2})"
    points.selectExpr("id", crowd.format("lon", x, 0.4 / SIDE) + " AS lon",
                      crowd.format("lat", y, 0.4 / SIDE) + " AS lat").write.parquet(
        f"{folder}/skewed", mode="overwrite")


def elcano_counts(points, zones, strategy):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
    import elcano
    joined = elcano.join(points, zones, "within", strategy=strategy)
    return joined.groupBy("zone").agg({"*": "count"})


def sedona_counts(points, zones, _):
    points.createOrReplaceTempView("points")
    zones.createOrReplaceTempView("zones")
    return points.sparkSession.sql(SEDONA)


def session(engine):
    if engine == "elcano":
        return start(**{"spark.jars": os.environ["ELCANO_JAR"], "spark.sql.catalog.elcano":
                        "org.elcano.spark.Catalog"}).getOrCreate(), elcano_counts
    from sedona.spark import SedonaContext
    jars = {"spark.jars": os.environ["SEDONA_JARS"]}
    return SedonaContext.create(start(**jars).getOrCreate()), sedona_counts


def cpu_of(spark):
    """CPU seconds of the JVM so far."""
    process = spark.sparkContext._gateway.proc.pid
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main(engine, folder, kind, strategy="auto"):
    spark, counts = session(engine)
    zones = spark.read.parquet(f"{folder}/zones")
    points = spark.read.parquet(f"{folder}/{kind}")
    counts(points.where("id % 100 = 0"), zones, strategy).collect()
    began, cpu = time.perf_counter(), cpu_of(spark)
    rows = counts(points, zones, strategy).collect()
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": cpu_of(spark) - cpu,
                      "zones": len(rows), "pairs": sum(n for _, n in rows),
                      "found": sum((zone + 1) * n * n for zone, n in rows) % 1000000007}))
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) in (4, 5) and sys.argv[1] in ("elcano", "sedona"):
        main(*sys.argv[1:])
    else:
        sys.exit(__doc__)
