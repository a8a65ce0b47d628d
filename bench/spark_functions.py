"""spark_functions.py - what a function costs a row in Spark's generated code.

usage: spark_functions.py own|doubles|predicate

Sums an expression over 10 million rows of two doubles on local[1]: Spark's own, a function
of Elcano's of two doubles, or a predicate on WKB that is made of them. Prints one line of
JSON: seconds, and CPU seconds of the JVM, of the best of three after a first one. Runs in
the environment of spark-requirements.txt; ELCANO_JAR names the jar.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys
import time

from spark_join import cpu_of, start

ROWS = 10_000_000
SUMS = {"own": "int(lon + lat)", "doubles": "elcano.st_utmzone(lon, lat)",
        "predicate": "int(elcano.st_within(elcano.st_point(lon, lat), "
                     "elcano.st_makebbox(0, 0, 90, 45)))"}


def main(what):
    spark = start(**{"spark.master": "local[1]", "spark.jars": os.environ["ELCANO_JAR"],
                     "spark.sql.catalog.elcano": "org.elcano.spark.Catalog"}).getOrCreate()
    rows = spark.range(0, ROWS, 1, 1).selectExpr(
        "id % 360 - 180.0D AS lon", "id % 160 - 80.0D AS lat").selectExpr(f"sum({SUMS[what]})")
    taken = []
    for _ in range(4):
        began, cpu = time.perf_counter(), cpu_of(spark)
        rows.collect()
        taken.append((cpu_of(spark) - cpu, time.perf_counter() - began))
    cpu, seconds = min(taken[1:])
    print(json.dumps({"seconds": seconds, "cpu": cpu}))
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SUMS:
        sys.exit(__doc__)
    main(sys.argv[1])
