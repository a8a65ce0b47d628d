"""The package on a rendered town: the rows of the command line, and clear refusals.

SPDX-License-Identifier: Apache-2.0
"""

import zipfile

import elcano
import pytest
from conftest import ROOT, ids, of_command_line, of_python
from pyspark.sql import functions as F


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


def test_functions_of_python_stand_right_above_a_scan(spark, town):
    pytest.importorskip("pyarrow")
    rows = elcano.read(spark, "catalog", town / "frames", recursive=True)
    with_udf = rows.select("path", F.udf(lambda text: text[::-1], "string")("path"))
    assert all(row[0] == row[1][::-1] for row in with_udf.collect())
    assert len(with_udf.collect()) == rows.count()


def test_the_order_of_parts_is_a_column_for_pandas(spark, town):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    del pandas
    raw = elcano.read(spark, "detect", town / "town.tif", model=town / "exact.onnx", parts=1)
    after = F.pandas_udf(lambda numbers: numbers + 1, "long")
    rows = raw.select("_row", after("_row")).collect()
    assert len(rows) > 0 and all(row[1] == row[0] + 1 for row in rows)


def test_another_version_is_refused(spark, monkeypatch):
    monkeypatch.setattr(elcano, "__version__", "9.9.9")
    with pytest.raises(RuntimeError, match="the jar has Elcano .*, this package is 9.9.9"):
        elcano.check(spark)


def test_a_jar_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("ELCANO_JAR", "/none.jar")
    with pytest.raises(FileNotFoundError, match="/none.jar is not there"):
        elcano.jar()


def test_a_client_of_a_server_needs_no_jar(spark, monkeypatch):
    asked = {}

    class Builder:
        _options = {"spark.remote": "sc://localhost"}

        def config(self, key, value):
            asked[key] = value
            return self

        def getOrCreate(self):
            return spark

    monkeypatch.setenv("ELCANO_JAR", "/none.jar")
    assert elcano.session(Builder()) is spark
    assert elcano.CATALOG in asked and "spark.jars" not in asked


def test_the_jar_is_that_of_the_line_of_spark(monkeypatch):
    import pyspark

    monkeypatch.delenv("ELCANO_JAR", raising=False)
    monkeypatch.setattr(pyspark, "__version__", "9.9.1")
    with pytest.raises(FileNotFoundError, match="elcano-spark-9.9.*.jar, for the PySpark"):
        elcano.jar()


@pytest.mark.program
def test_a_jar_for_another_spark_is_refused(tmp_path):
    other = tmp_path / "elcano-spark-9.9.9.jar"
    with zipfile.ZipFile(elcano.jar()) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, "9.9.9" if name == "shipped/spark.version" else old.read(name))
    code = ("import elcano; from pyspark.sql import SparkSession; "
            "elcano.session(SparkSession.builder.master('local[1]'))")
    done = of_python(tmp_path, "-c", code, ELCANO_JAR=str(other))
    assert done.returncode != 0
    assert "this jar of Elcano is for Spark 9.9, and this is Spark 4." in done.stderr
