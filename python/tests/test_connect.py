"""All of these tests once more, by a client of Spark Connect.

SPDX-License-Identifier: Apache-2.0
"""

import os
import pathlib
import subprocess
import sys

import pytest


@pytest.mark.classic
def test_all_of_it_goes_through_spark_connect(spark, port):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         pathlib.Path(__file__).parent],
        capture_output=True, text=True, check=False, timeout=900,
        env={**os.environ, "ELCANO_CONNECT": f"sc://127.0.0.1:{port}"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
