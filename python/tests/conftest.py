"""What all tests of the package use: a rendered town, a session, the command line.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import pathlib
import socket
import subprocess
import sys

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: scripts/setup spark")

from pyspark.sql import SparkSession  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ELCANO_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "python"))

import elcano  # noqa: E402

from store import Store  # noqa: E402

STORE = Store()
os.environ.update(STORE.environment())  # before there is a JVM
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
# of all JVMs here, as in spark/pom.xml
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m "
                      "-XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions "
                      "-XX:-BytecodeVerificationRemote")


def run(folder, *words):
    subprocess.run([str(word) for word in words], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)


def of_python(folder, *words, **environment):
    """A program of its own, as users start it."""
    return subprocess.run(
        [sys.executable, *map(str, words)], cwd=folder, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "python"),
                          "SPARK_LOCAL_IP": "127.0.0.1", **environment})


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    run(folder, BUILD / "scene", "--out", "town.tif", "--truth", "truth.geojson", "--size",
        "2000x1500", "--objects", "300", "--seed", "7", "--code-only")
    run(folder, sys.executable, ROOT / "tools/instrument.py", "exact.onnx")
    run(folder, BUILD / "elcano", "chips", "town.tif", "--chip", "700", "--overlap", "300",
        "--pixels", "tif", "--out-dir", "frames", "-q", "-o", "chips.csv")
    return folder


# The tests through a server of Spark Connect: its address (test_connect.py)
CONNECT = os.environ.get("ELCANO_CONNECT")


def pytest_configure(config):
    config.addinivalue_line("markers", "classic: is not for a client of Spark Connect")
    config.addinivalue_line("markers", "program: starts programs of its own")


def pytest_collection_modifyitems(items):
    for item in items:
        if CONNECT and any(map(item.get_closest_marker, ("classic", "program"))):
            item.add_marker(pytest.mark.skip("not for a client of Spark Connect"))


@pytest.fixture(scope="session")
def port():
    """A free one, for the server of Spark Connect that the session has in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="session")
def spark(request):
    if CONNECT:
        spark = elcano.session(SparkSession.builder.remote(CONNECT))
    else:
        settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4",
                    "spark.sql.session.timeZone": "UTC",
                    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
                    "spark.connect.grpc.binding.address": "127.0.0.1",
                    "spark.connect.grpc.binding.port": str(request.getfixturevalue("port"))}
        builder = SparkSession.builder.master("local[2,3]")
        for key, value in settings.items():
            builder = builder.config(key, value)
        spark = elcano.session(builder)
        spark.sparkContext.setLogLevel("OFF")  # failures here are meant
    yield spark
    spark.stop()


def rows_of_command_line(folder, *words):
    run(folder, BUILD / "elcano", *words, "-q", "--overwrite", "-o", "rows.csv")
    with open(folder / "rows.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def of_command_line(folder, *words):
    return sorted(row["id"] for row in rows_of_command_line(folder, *words))


def ids(rows):
    return sorted(row["id"] for row in rows.select("id").collect())


@pytest.fixture(scope="session")
def store():
    return STORE
