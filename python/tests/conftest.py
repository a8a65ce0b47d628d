"""What all tests of the package use: a rendered town, a session, the command line.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import pathlib
import socket
import subprocess
import sys
import time

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed: scripts/setup spark")

import pyspark  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ELCANO_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "python"))

import elcano  # noqa: E402

from store import Store  # noqa: E402

STORE = Store()
os.environ.update(STORE.environment())  # before there is a JVM
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
# of all JVMs here: each plan is new code, which no compiler but the first gains from
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


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


CONNECT = os.environ.get("ELCANO_CONNECT") == "1"  # the tests through a server of Spark Connect


def pytest_configure(config):
    config.addinivalue_line("markers", "classic: of sessions of their own, or of none")


def pytest_collection_modifyitems(items):
    for item in items:
        if CONNECT and item.get_closest_marker("classic"):
            item.add_marker(pytest.mark.skip("the same without Spark Connect"))


def settings():
    return {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4",
            "spark.sql.session.timeZone": "UTC"}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a server of Spark Connect on this machine, with Elcano in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {**settings(), "spark.sql.catalog.elcano": "org.elcano.spark.Catalog",
             "spark.connect.grpc.binding.address": "127.0.0.1",
             "spark.connect.grpc.binding.port": str(port)}
    words = [word for key, value in given.items() for word in ("--conf", f"{key}={value}")]
    said = tmp_path_factory.mktemp("server") / "server.log"
    with open(said, "w", encoding="utf-8") as log:
        program = subprocess.Popen(
            [str(pathlib.Path(pyspark.__file__).parent / "bin/spark-submit"), "--class",
             "org.apache.spark.sql.connect.service.SparkConnectServer", "--master",
             "local[2,3]", "--jars", elcano.jar(), *words, "spark-internal"],
            stdout=log, stderr=log, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"})
    for _ in range(1200):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert program.poll() is None, said.read_text(encoding="utf-8")
        time.sleep(0.1)
    yield f"sc://127.0.0.1:{port}"
    program.terminate()
    program.wait(60)


@pytest.fixture(scope="session")
def spark(request):
    if CONNECT:
        spark = elcano.session(SparkSession.builder.remote(request.getfixturevalue("server")))
    else:
        builder = SparkSession.builder.master("local[2,3]")
        for key, value in settings().items():
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
