"""spark_detect.py - detections of an image on Spark, local[THREADS], after a warm-up.

usage: spark_detect.py WARM IMAGE THREADS OPTION=VALUE...

The session starts and finds what is in WARM, four times, so that the JVM's start, its
classes and most of their compilation are not counted; then what is in IMAGE, three times.
Prints one line of JSON: the detections, and of the run that took the middle of CPU the
seconds, the JVM's CPU seconds without those of its compilers' threads, and those (jit),
which a session that goes on spends less and less of. Runs in build/deps/python, which
`scripts/setup spark` makes; the jar is that of `make spark`.
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


WARM_UPS, RUNS = 4, 3


def seconds_of(stat):
    """CPU seconds by the file of a process or thread."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    """Of all that the process did, and of its compilers' threads that live."""
    process = pathlib.Path(f"/proc/{pid}")
    threads = [file.read_text() for file in process.glob("task/*/stat")]
    return (seconds_of((process / "stat").read_text()),
            sum(seconds_of(stat) for stat in threads if "CompilerThre" in stat))


def timed(pid, job):
    began, (cpu, jit) = time.perf_counter(), cpu_of(pid)
    found = len(job())
    seconds, (cpu_now, jit_now) = time.perf_counter() - began, cpu_of(pid)
    return {"seconds": seconds, "cpu": cpu_now - cpu - (jit_now - jit), "jit": jit_now - jit,
            "found": found}


def main(warm, image, threads, *options):
    spark = elcano.session(
        SparkSession.builder.master(f"local[{threads}]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", threads).config("spark.log.level", "ERROR"))
    jvm = spark.sparkContext._gateway.proc.pid
    given = dict(option.split("=", 1) for option in options)
    for _ in range(WARM_UPS):
        elcano.detect(spark, warm, **given).collect()
    runs = [timed(jvm, elcano.detect(spark, image, **given).collect) for _ in range(RUNS)]
    print(json.dumps(sorted(runs, key=lambda run: run["cpu"])[RUNS // 2]))
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
