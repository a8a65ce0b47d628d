"""spark.py - the measures of Spark, for run.py."""
# SPDX-License-Identifier: Apache-2.0

import os

import prepare
from measure import run


class SparkMeasures:
    """Part of Bench."""

    def spark_join(self, turn):
        """What is found is a checksum of all counts. The jar is that of `make spark`."""
        if turn == 0:
            self.spark = prepare.spark(self.folder, not self.options.no_peers)
        if self.spark is None or turn > 2:
            return
        script, millions = os.path.join(prepare.HERE, "spark_join.py"), (
            1 if self.options.quick else 10)
        folder = os.path.join(self.folder, f"spark-{millions}")
        if turn == 0 and not os.path.exists(os.path.join(folder, "skewed", "_SUCCESS")):
            run([self.spark.python, script, "make", folder, str(millions * 1000000)])
        base = ("spark-join", f"even, {millions} M", "elcano")
        for kind in ("even", "skewed"):
            key = ("spark-join", f"{kind}, {millions} M", "elcano")
            self.add(*key, [self.spark.python, script, "elcano", folder, kind], 30)
            self.line(*key, base if kind == "skewed" else None,
                      "<= 1.5" if kind == "skewed" else "")
        if self.spark.sedona:
            self.add(*base[:2], "sedona",
                     [self.spark.sedona, script, "sedona", folder, "even"], 120)
            self.line(*base[:2], "sedona", base, "> 1")

    def spark_scan(self, turn):
        """Sums of one column and of all, of detections in Parquet and of rows from nowhere."""
        if turn == 0:
            self.spark = prepare.spark(self.folder, False)
        if self.spark is None or turn > 2:
            return
        os.environ["ELCANO"] = self.program("elcano")
        script, rows = os.path.join(prepare.HERE, "spark_scan.py"), (
            2 if self.options.quick else 10) * 1000000
        folder = os.path.join(self.folder, f"spark-scan-{rows}")
        if turn == 0 and not os.path.exists(os.path.join(folder, "detections.parquet")):
            os.makedirs(folder, exist_ok=True)
            run([self.spark.python, script, "make", folder, str(rows)])
        what = f"{rows // 1000000} M rows"
        for tool, peer, goal in (
                ("range", "", ""), ("made-column", "range", ""), ("made-all", "range", ""),
                ("own-column", "range", ""), ("column", "own-column", "<= 1"),
                ("own-all", "range", ""), ("all", "own-all", "<= 1.2")):
            self.add("spark-scan", what, tool,
                     [self.spark.python, script, tool, folder, rows], 15)
            self.line("spark-scan", what, tool,
                      ("spark-scan", what, peer) if peer else None, goal)

    def spark_functions(self, turn):
        """10 million rows: 0.1 s are 10 ns a row."""
        if turn == 0:
            self.spark = prepare.spark(self.folder, False)
        if self.spark is None or turn > 2:
            return
        script = os.path.join(prepare.HERE, "spark_functions.py")
        base = ("spark-functions", "10 M rows", "own")
        for tool in ("own", "doubles", "predicate"):
            self.add(*base[:2], tool, [self.spark.python, script, tool], 10)
            self.line(*base[:2], tool, base if tool != "own" else None,
                      "<= 0.6 s above own" if tool == "doubles" else "")
