"""The report of executors: of this machine, of two processes, and of what is wrong.

SPDX-License-Identifier: Apache-2.0
"""

import re

import elcano
import pytest
from conftest import ROOT, of_python
from elcano.doctor import Finding, Report, main


def report(*rows):
    return Report(tuple(Finding(executor, "host", check, value, True, problem)
                        for executor, check, value, problem in rows))


def test_a_session_is_well(spark):
    said = elcano.doctor(spark)
    assert said.ok, str(said)
    values = {one.check: one.value for one in said.findings}
    assert values["elcano"] == elcano.__version__
    assert values["detection"] == "9 vehicles of 9"
    assert values["onnxruntime"].startswith("ONNX Runtime 1.")
    assert {"gdal", "proj", "geos", "duckdb", "cpu", "memory", "spark", "java"} <= set(values)


def test_what_differs_is_told():
    said = report(("1", "elcano", "0.1.0", None), ("2", "elcano", "0.1.0", None),
                  ("1", "gdal", "3.6.2", None), ("2", "gdal", "3.9.0", None))
    assert not said.ok
    assert "gdal    3.9.0  2" in str(said)
    assert said.problems == ["gdal differs: install the same on every node"]


def test_what_fails_is_told_with_its_place():
    said = report(("1", "elcano", "0.1.0", None), ("1", "duckdb", None, "it is not here"))
    assert said.problems == ["1 on host: duckdb: it is not here"]


def test_an_executor_that_no_task_reached_is_told():
    said = report(("driver", "executors", "2", None), ("driver", "elcano", "0.1.0", None),
                  ("1", "elcano", "0.1.0", None))
    assert said.problems[0].startswith("1 of 2 executors were reached")


def test_the_command_exits_with_0_where_all_is_well(spark, monkeypatch, capsys):
    monkeypatch.setattr(elcano, "session", lambda builder: spark)
    monkeypatch.setattr(type(spark), "stop", lambda session: None)
    assert main(["doctor"]) == 0
    assert "all is well in 1 process" in capsys.readouterr().out


def command(*words, **environment):
    code = "import sys; from elcano.doctor import main; sys.exit(main(sys.argv[1:]))"
    return of_python(ROOT, "-c", code, "doctor", "--conf", "spark.ui.enabled=false", *words,
                     **environment)


@pytest.mark.program
def test_the_command_exits_with_1_where_a_library_is_missing_in_two_processes():
    done = command("--master", "local-cluster[2,1,1024]", "--conf",
                   "spark.executorEnv.ELCANO_DUCKDB=/none.so")
    assert done.returncode == 1, done.stdout + done.stderr
    why = "duckdb: ELCANO_DUCKDB is /none.so, which cannot be loaded"
    problems = done.stdout.rstrip().split("\n\n")[-1].splitlines()
    assert [one.split(" on ")[0] for one in problems if why in one] == ["0", "1"], done.stdout
    assert len(problems) == 2, done.stdout
    assert re.search("^elcano +[0-9.]+ +all 3$", done.stdout, re.M), done.stdout


@pytest.mark.program
def test_the_command_without_a_jar_says_where_it_comes_from():
    done = command("--master", "local[1]", ELCANO_JAR="/none.jar")
    assert done.returncode == 1
    assert "/none.jar is not there" in done.stderr
