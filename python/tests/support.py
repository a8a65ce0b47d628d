"""What the tests of the package share: where things are, and the command line.

SPDX-License-Identifier: Apache-2.0
"""

import csv
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ELCANO_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "python"))


def run(folder, *words):
    subprocess.run([str(word) for word in words], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)


def rows_of_command_line(folder, *words):
    run(folder, BUILD / "elcano", *words, "-q", "--overwrite", "-o", "rows.csv")
    with open(folder / "rows.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def of_command_line(folder, *words):
    return sorted(row["id"] for row in rows_of_command_line(folder, *words))


def ids(rows):
    return sorted(row["id"] for row in rows.select("id").collect())
