"""What each process of a Spark application works with, and whether that will do.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Finding:
    """What one process (an executor's id, or "driver") found at one check."""

    executor: str
    host: str
    check: str
    value: str | None
    same: bool  # it ought to be the same everywhere
    problem: str | None


@dataclass(frozen=True)
class Report:
    """As text it is a table, and under it what to do."""

    findings: tuple[Finding, ...]

    @property
    def problems(self) -> list[str]:
        own = [f"{one.executor} on {one.host or 'this machine'}: {one.check}: {one.problem}"
               for one in self.findings if one.problem]
        differ = [f"{check} differs: install the same on every node"
                  for check in self._checks() if self._differs(check)]
        return own + differ + self._missing()

    @property
    def ok(self) -> bool:
        return bool(self.findings) and not self.problems

    def _missing(self) -> list[str]:
        """Executors that Spark knows, and no task was run on."""
        known = sum(int(one.value or 0) for one in self.findings if one.check == "executors")
        reached = {one.executor for one in self.findings if one.check == "elcano"}
        reached -= {"driver"} if len(reached) > 1 else set()
        return [] if len(reached) >= known else [
            f"{len(reached)} of {known} executors were reached: the others had no free slot; "
            "run it when nothing else runs"]

    def _checks(self) -> list[str]:
        return list(dict.fromkeys(one.check for one in self.findings))

    def _of(self, check: str) -> dict[str, list[str]]:
        """Where each value was found."""
        places: dict[str, list[str]] = {}
        for one in self.findings:
            if one.check == check:
                places.setdefault(one.value or "-", []).append(one.executor)
        return places

    def _differs(self, check: str) -> bool:
        return len({one.value for one in self.findings
                    if one.check == check and one.same and one.value}) > 1

    def __str__(self) -> str:
        everyone = len({one.executor for one in self.findings})
        lines = [("check", "value", "where")]
        for check in self._checks():
            for value, places in self._of(check).items():
                where = f"all {everyone}" if len(places) == everyone else ", ".join(places)
                lines.append((check, value, where))
        wide = [max(len(line[i]) for line in lines) for i in (0, 1)]
        table = [f"{a:{wide[0]}}  {b:{wide[1]}}  {c}" for a, b, c in lines]
        last = self.problems or [f"all is well in {everyone} process{'es' * (everyone > 1)}"]
        return "\n".join([*table, "", *last])


def doctor(spark: SparkSession) -> Report:
    """Runs a job that reaches every executor, and detects in a small image on each. It
    takes about two seconds where nothing else runs; executors without a free slot wait."""
    rows = spark.read.format("elcano-doctor").load().collect()
    findings = [Finding(**row.asDict()) for row in rows]
    return Report(tuple(sorted(findings, key=_place)))


def _place(one: Finding) -> tuple[bool, int, str]:
    return one.executor != "driver", len(one.executor), one.executor


def main(words: Sequence[str] | None = None) -> int:
    """`elcano-spark doctor`: 0: all is well; 1: something is not; 2: wrong words."""
    parser = argparse.ArgumentParser(
        prog="elcano-spark", description="Elcano on Spark: doctor reports what each "
        "executor works with, and whether that will do; it exits with 1 where it will not.")
    parser.add_argument("command", choices=["doctor"])
    parser.add_argument("--master", help="of a session of its own (else as Spark's own "
                        "configuration says): local[2], spark://host:7077, yarn, ...")
    parser.add_argument("--remote", help="a server of Spark Connect: sc://host:15002")
    parser.add_argument("--conf", action="append", default=[], metavar="KEY=VALUE",
                        help="a setting of the session; may be given again")
    given = parser.parse_args(words)
    if not all("=" in one for one in given.conf):
        parser.error("--conf takes KEY=VALUE")
    try:
        spark = _session(given.master, given.remote, given.conf)
    except (RuntimeError, FileNotFoundError) as e:
        print(f"elcano-spark: {e}", file=sys.stderr)
        return 1
    try:
        report = doctor(spark)
        print(report)
        return 0 if report.ok else 1
    finally:
        spark.stop()


def _session(master: str | None, remote: str | None, settings: Iterable[str]) -> SparkSession:
    from pyspark.sql import SparkSession

    from . import session

    builder = SparkSession.builder.appName("elcano-spark doctor")
    builder = builder.master(master) if master else builder
    builder = builder.remote(remote) if remote else builder
    for one in settings:
        key, value = one.split("=", 1)
        builder = builder.config(key, value)
    return session(builder)
