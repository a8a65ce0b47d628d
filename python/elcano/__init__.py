"""Elcano in PySpark: operators as tables, its functions in SQL.

Through PySpark's public interfaces alone, without the JVM's gateway.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._options import Option, Path, paths_of, texts_of
from .detect import detect
from .doctor import doctor
from .join import join, nearest
from .write import write, write_images

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__version__ = "0.1.0"
__all__ = ["check", "detect", "doctor", "jar", "join", "nearest", "read", "session", "write",
           "write_images"]

CATALOG = "spark.sql.catalog.elcano"
# A Python UDF right above any columnar scan, Parquet's too, waits for ever in Spark 4.2.0.
COLUMNAR_UDF = "spark.sql.execution.arrow.pythonUDF.columnarInput.enabled"


def jar() -> str:
    """The connector's jar for this PySpark: $ELCANO_JAR, else that of this package, else of
    this tree."""
    named = os.environ.get("ELCANO_JAR")
    if named:
        if not pathlib.Path(named).is_file():
            raise FileNotFoundError(f"{named} is not there: ELCANO_JAR is to name Elcano's jar")
        return named
    here = pathlib.Path(__file__).resolve().parent
    there = [*here.glob("jars/elcano-spark-*.jar"),
             *here.parents[1].glob("spark/target/elcano-spark-*.jar"),
             *here.parents[1].glob("spark/target/spark-*/elcano-spark-*.jar")]
    line = _spark_line()
    fitting = sorted(path for path in there if path.name.startswith(f"elcano-spark-{line}."))
    if not fitting:
        others = ", ".join(sorted({path.name for path in there}))
        raise FileNotFoundError(
            f"elcano-spark-{line}.*.jar, for the PySpark that is installed, is not there"
            f"{f' ({others} is)' if others else ''}: `make spark` builds it; ELCANO_JAR names it")
    return str(fitting[0])


def _spark_line() -> str:
    """"4.2" of 4.2.0."""
    import pyspark

    return ".".join(pyspark.__version__.split(".")[:2])


def session(builder: SparkSession.Builder) -> SparkSession:
    """The builder's session with Elcano in it. A session that runs already, and a server
    of Spark Connect, has to have been started with the jar."""
    builder = builder if _is_served(builder) else builder.config("spark.jars", jar())
    spark = (builder.config(CATALOG, "org.elcano.spark.Catalog")
             .config(COLUMNAR_UDF, "false").getOrCreate())
    check(spark)
    return spark


def _is_served(builder: SparkSession.Builder) -> bool:
    """Whether it asks a server that runs."""
    return "SPARK_REMOTE" in os.environ or "spark.remote" in getattr(builder, "_options", {})


def check(spark: SparkSession) -> None:
    """Raises RuntimeError where the session has no Elcano, or one of another version."""
    try:
        there = spark.sql("SELECT elcano.version()").collect()[0][0]
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
    return reader.options(**texts_of(options)).load(paths_of(paths))
