"""Elcano in PySpark: operators as tables, its functions in SQL.

Through PySpark's public interfaces alone, without the JVM's gateway.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Union

from .join import join, nearest

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__version__ = "0.1.0"
__all__ = ["jar", "join", "nearest", "read", "session"]

CATALOG = "spark.sql.catalog.elcano"

Path = Union[str, "os.PathLike[str]"]
Option = Union[str, bool, int, float, Path, Iterable[Path]]


def jar() -> str:
    """The connector's jar: $ELCANO_JAR, else that of this package, else of this tree."""
    named = os.environ.get("ELCANO_JAR")
    here = pathlib.Path(__file__).resolve().parent
    found = [pathlib.Path(named)] if named else sorted(
        [*here.glob("jars/elcano-spark-*.jar"),
         *here.parents[1].glob("spark/target/elcano-spark-*.jar")])
    if not found or not found[0].is_file():
        raise FileNotFoundError(
            f"{named or 'elcano-spark-*.jar'} is not there: `make spark` builds it; "
            "ELCANO_JAR names it")
    return str(found[0])


def session(builder: SparkSession.Builder) -> SparkSession:
    """The builder's session with Elcano in it. A session that runs already has to have
    been started with the jar."""
    spark = (builder.config("spark.jars", jar())
             .config(CATALOG, "org.elcano.spark.Catalog").getOrCreate())
    check(spark)
    return spark


def check(spark: SparkSession) -> None:
    """Raises RuntimeError where the session has no Elcano, or one of another version."""
    try:
        there = spark.sql("SELECT elcano.version()").first()[0]
    except Exception as e:  # classic and Connect have errors of their own
        raise RuntimeError(
            "this session has no Elcano: start it with spark.jars naming its jar and "
            f"{CATALOG}=org.elcano.spark.Catalog, or by elcano.session; {e}") from e
    if there != __version__:
        raise RuntimeError(f"the jar has Elcano {there}, this package is {__version__}: "
                           "install the same of both")


def read(spark: SparkSession, operator: str, paths: Path | Iterable[Path],
         **options: Option) -> DataFrame:
    """The table of an operator. `paths` are its first input; other inputs and its
    options go by their names; `partitions` and `parts` are the source's own."""
    reader = spark.read.format("elcano").option("operator", operator)
    return reader.options(**_texts(options)).load(_paths(paths))


def _paths(paths: Path | Iterable[Path]) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    return [os.fspath(path) for path in paths]


def _texts(options: dict[str, Option]) -> dict[str, str]:
    return {name: _text(value) for name, value in options.items() if value is not None}


def _text(value: Option) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, Iterable):
        return ",".join(_text(one) for one in value)
    return str(value)
