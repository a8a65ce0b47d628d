"""Tables and images to files, by executors in parallel.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

Path = Union[str, "os.PathLike[str]"]

# What files of tables do not hold, and what it can be without loss but for decimals' digits.
CASTS = {"tinyint": "int", "smallint": "int", "timestamp_ntz": "timestamp"}
PIXELS = {"height": "height", "width": "width", "n_channels": "nChannels", "mode": "mode",
          "data": "data"}


def write(df: DataFrame, path: Path, *, format: str | None = None, mode: str = "error",
          crs: str | None = None, geometry: str | Iterable[str] | None = None,
          single: bool = False) -> None:
    """The rows as GeoParquet, or another format that `elcano` writes, by its extension
    ("gpkg", "fgb", "geojson", "csv").

    `path` is a folder with a file for each partition; with `single` it is one file, whose
    extension says the format. `mode` is "error", "append" or "overwrite". The columns
    named by `geometry` are WKB, the primary one first; None: those that Elcano gave, else
    the one called geometry. `crs` is any text that names theirs ("": unknown); None: what
    Elcano knows of them, else longitude and latitude. The files appear together when all
    are whole; of tasks that failed nothing is left. Small integers are written as int32,
    decimals as float64, times without a zone as UTC; arrays but those of floats,
    maps and structs are refused."""
    kind = format or (pathlib.PurePath(path).suffix[1:] if single else "") or "parquet"
    names = geometry if geometry is None or isinstance(geometry, str) else ",".join(geometry)
    rows = df.select(*[_kept(name, type) for name, type in df.dtypes])
    if single:
        rows = rows.repartition(1)
    _save(rows, path, mode, file_format=kind, geometry=names, single=str(single).lower(),
          crs=crs)


def write_images(df: DataFrame, folder: Path, *, format: str = "tif", mode: str = "error",
                 image: str | None = None, name: str = "name") -> None:
    """A file for each row: `folder`/`name`.tif, .png or .jpg.

    `image` is a column of Spark's image structs; without one the pixels are the columns
    height, width, n_channels, mode and data, as the operator chips gives them with
    pixels="column". `name` is a column of file names without extension. The files have no
    place on the ground, which an image struct does not know."""
    from pyspark.sql import functions as f

    inner = {here: f.col(f"`{image}`.`{there}`" if image else f"`{here}`")
             for here, there in PIXELS.items()}
    rows = df.select(f.col(f"`{name}`").alias("name"),
                     *[column.alias(here) for here, column in inner.items()])
    _save(rows, folder, mode, images=format)


def _kept(name: str, type: str) -> Column:
    from pyspark.sql import functions as f

    column = f.col("`" + name.replace("`", "``") + "`")
    to = "double" if type.startswith("decimal") else CASTS.get(type)
    return column.cast(to).alias(name) if to else column


def _save(rows: DataFrame, path: Path, mode: str, **options: str | None) -> None:
    if mode not in ("error", "append", "overwrite"):
        raise ValueError(f'mode "{mode}" is none of "error", "append", "overwrite"')
    writer = rows.write.format("elcano").options(
        exists=mode, **{key: value for key, value in options.items() if value is not None})
    writer.mode("overwrite" if mode == "overwrite" else "append").save(os.fspath(path))
