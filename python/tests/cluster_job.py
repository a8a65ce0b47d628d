"""cluster_job.py - a detection on two executors, one of which is killed while it works.

usage: cluster_job.py FOLDER; prints the ids that were found, a line each.
SPDX-License-Identifier: Apache-2.0
"""

import os
import pathlib
import signal
import sys
import threading
import time

from pyspark.sql import SparkSession

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import elcano  # noqa: E402


def executors():
    """Processes below this one that are executors."""
    parents, found = {}, []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            pid, text = int(entry.name), (entry / "stat").read_text()
            parents[pid] = int(text.rpartition(")")[2].split()[1])
            if b"CoarseGrainedExecutorBackend" in (entry / "cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue  # it has ended
    return [pid for pid in found if below(pid, parents)]


def below(pid, parents):
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def kill_one(tracker, killed):
    """Once a task is through and others run."""
    while not killed:
        for stage in tracker.getActiveStageIds():
            info = tracker.getStageInfo(stage)
            if info and 0 < info.numCompletedTasks < info.numTasks and executors():
                killed.append(executors()[0])
                os.kill(killed[0], signal.SIGKILL)
                return
        time.sleep(0.02)


def main(folder):
    spark = elcano.session(
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false").config("spark.executor.memory", "700m")
        .config("spark.sql.shuffle.partitions", "4"))
    killed = []
    tracker = spark.sparkContext.statusTracker()
    found = elcano.detect(spark, f"{folder}/town.tif", model=f"{folder}/exact.onnx",
                          parts=1, chip=128, overlap=64, partitions=60)
    threading.Thread(target=kill_one, args=(tracker, killed), daemon=True).start()
    ids = sorted(row["id"] for row in found.select("id").collect())
    assert killed, "no executor was killed: the job was through too soon"
    print("\n".join(ids))
    spark.stop()


main(sys.argv[1])
