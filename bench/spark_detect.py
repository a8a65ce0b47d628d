"""spark_detect.py - detections of an image on Spark, local[THREADS], after a warm-up.

usage: spark_detect.py WARM IMAGE THREADS OPTION=VALUE...

The session starts and finds what is in WARM, four times, so that the JVM's start, its
classes and most of their compilation are not counted; then prints one line of JSON: the
detections in IMAGE, and the seconds and the JVM's CPU seconds that they took. Runs in
build/deps/python, which `scripts/setup spark` makes; the jar is that of `make spark`.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))

import elcano  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402


WARM_UPS = 4


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(warm, image, threads, *options):
    spark = elcano.session(
        SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", threads).config("spark.log.level", "ERROR"))
    jvm = spark.sparkContext._gateway.proc.pid
    given = dict(option.split("=", 1) for option in options)
    for _ in range(WARM_UPS):
        elcano.detect(spark, warm, **given).collect()
    began, cpu = time.perf_counter(), cpu_of(jvm)
    found = elcano.detect(spark, image, **given).collect()
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": cpu_of(jvm) - cpu,
                      "found": len(found)}))
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
