"""A rendered town in frames, a network that finds it, and a session: once for all tests.

SPDX-License-Identifier: Apache-2.0
"""

import sys

import pytest
from support import BUILD, ROOT, run


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
    sql = pytest.importorskip(
        "pyspark.sql", reason="pyspark is not installed: pip install pyspark==4.2.0")
    import elcano

    spark = elcano.session(
        sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4"))
    yield spark
    spark.stop()
