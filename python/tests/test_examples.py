"""What pages and examples say, run as it is written.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import pathlib
import runpy
import subprocess
import sys

import elcano
import pyspark
import pytest
from conftest import BUILD, ROOT, of_python, run

EXAMPLES = ROOT / "examples/spark"
SPARK = pathlib.Path(pyspark.__file__).parent


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """A folder with scenes/a.tif of 12 vehicles, deliveries/ with the same, and a zone."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "scenes").mkdir()
    (folder / "deliveries").symlink_to("scenes")
    run(folder, BUILD / "scene", "--out", "scenes/a.tif", "--size", "400x300", "--objects", "12",
        "--seed", "3")
    corners = [[10, 40], [20, 40], [20, 55], [10, 55], [10, 40]]
    (folder / "zones.geojson").write_text(json.dumps({
        "type": "FeatureCollection", "features": [{
            "type": "Feature", "properties": {"zone": "here"},
            "geometry": {"type": "Polygon", "coordinates": [corners]}}]}))
    return folder


def spark_program(folder, name, *words, **environment):
    return subprocess.run(
        [str(SPARK / "bin" / name), "--master", "local[2]", "--jars", elcano.jar(), "--conf",
         "spark.ui.enabled=false", "--conf",
         "spark.sql.catalog.elcano=org.elcano.spark.Catalog", *map(str, words)],
        cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "SPARK_HOME": str(SPARK), "SPARK_LOCAL_IP": "127.0.0.1", **environment})


@pytest.mark.program
def test_the_readme_runs_as_it_is_written(scenes):
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Spark\n")[1]
    (scenes / "readme.py").write_text(section.split("```python\n")[1].split("```")[0])
    done = of_python(scenes, "readme.py")
    assert done.returncode == 0, done.stderr
    assert "|here|  car|   11|" in done.stdout
    assert "all is well in 1 process" in done.stdout
    assert list((scenes / "found").glob("part-*.parquet"))


def test_the_example_in_python(spark, scenes, monkeypatch, capsys):
    monkeypatch.setattr(elcano, "session", lambda builder: spark)
    monkeypatch.setattr(type(spark), "stop", lambda session: None)
    monkeypatch.setattr(sys, "argv", ["found.py", f"{scenes}/scenes", f"{scenes}/of_python"])
    runpy.run_path(str(EXAMPLES / "found.py"), run_name="__main__")
    assert "|a.tif|  car|   11|" in capsys.readouterr().out
    assert list((scenes / "of_python").glob("part-*.parquet"))


@pytest.mark.program
def test_the_example_in_scala(scenes):
    done = spark_program(scenes, "spark-shell", "-i", EXAMPLES / "found.scala",
                         SCENES="scenes", OUT="of_scala")
    assert "|a.tif|  car|   11|" in done.stdout, done.stdout + done.stderr
    assert list((scenes / "of_scala").glob("part-*.parquet"))


@pytest.mark.program
def test_the_example_in_sql(scenes):
    done = spark_program(scenes, "spark-sql", "-d", "scenes=scenes", "-f",
                         EXAMPLES / "found.sql")
    assert done.returncode == 0, done.stderr
    assert "a.tif\tcar\t11\t" in done.stdout
