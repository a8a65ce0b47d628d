"""The package on a rendered town: the rows of the command line, and clear refusals.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import pathlib
import subprocess
import sys

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install pyspark==4.2.0")

from pyspark.sql import SparkSession  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ELCANO_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "python"))

import elcano  # noqa: E402


def run(folder, *words):
    subprocess.run([str(word) for word in words], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    run(folder, BUILD / "scene", "--out", "town.tif", "--truth", "truth.geojson", "--size",
        "2000x1500", "--objects", "300", "--seed", "7", "--code-only")
    run(folder, sys.executable, ROOT / "tools/instrument.py", "exact.onnx")
    run(folder, BUILD / "elcano", "chips", "town.tif", "--chip", "700", "--overlap", "300",
        "--pixels", "tif", "--out-dir", "frames", "-q", "-o", "chips.csv")
    return folder


@pytest.fixture(scope="session")
def spark():
    spark = elcano.session(
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4"))
    yield spark
    spark.stop()


def of_command_line(folder, *words):
    run(folder, BUILD / "elcano", *words, "-q", "--overwrite", "-o", "rows.csv")
    with open(folder / "rows.csv", newline="", encoding="utf-8") as file:
        return sorted(row["id"] for row in csv.DictReader(file))


def ids(rows):
    return sorted(row["id"] for row in rows.select("id").collect())


def test_an_operator_is_a_table(spark, town):
    images = elcano.read(spark, "catalog", town / "frames", recursive=True)
    assert ids(images) == of_command_line(town, "catalog", "frames")


def test_the_example_of_the_page_runs(spark, town, monkeypatch, capsys):
    text = (ROOT / "python/README.md").read_text(encoding="utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    for name in ("frames", "exact.onnx"):  # a server has a folder of its own
        example = example.replace(f'"{name}"', f'"{town / name}"')
    monkeypatch.setattr(elcano, "session", lambda builder: spark)
    exec(compile(example, "README.md", "exec"), {})
    assert "car" in capsys.readouterr().out


def test_another_version_is_refused(spark, monkeypatch):
    monkeypatch.setattr(elcano, "__version__", "9.9.9")
    with pytest.raises(RuntimeError, match="the jar has Elcano .*, this package is 9.9.9"):
        elcano.check(spark)


def test_a_jar_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("ELCANO_JAR", "/none.jar")
    with pytest.raises(FileNotFoundError, match="/none.jar is not there"):
        elcano.jar()
