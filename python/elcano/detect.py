"""Detections: of files on many machines, and of DataFrames of images.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Union, overload

from ._options import Option, Path, paths_of, texts_of

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

ROW_BITS = 32  # of a row's number: its place in its part

Transform = Callable[["DataFrame"], "DataFrame"]


@overload
def detect(images: SparkSession, paths: Union[Path, Iterable[Path]],
           **options: Option) -> DataFrame: ...
@overload
def detect(images: Union[Path, None] = None, *, columns: Sequence[str] = (),
           **options: Option) -> Transform: ...


def detect(images: Any = None, paths: Any = None, *, columns: Any = (),
           **options: Any) -> Any:
    """Objects in images, as `elcano detect` finds them.

    detect(spark, paths, model=..., **options) is a DataFrame of the detections in files.
    Images that are more than a task's share are cut into parts; `parts` says how many
    chips a part has, `partitions` how many tasks there are at most. `bbox="W,S,E,N"` in
    degrees and `time="FROM/TO"` give the rows within, and only images that can have some
    are looked at.

    detect(model, columns=(), **options) gives what makes detections of a DataFrame of
    images: `frame.transform(detect("m.onnx"))`. A row's image is its column `data` with
    the others of Spark's image struct, as `chips` gives them, or its `content` as
    binaryFile gives it, or the file that its `path` names, or Spark's struct `image`.
    `columns` of the frame come with the detections. A model in a file of this machine has
    to be the same file on the executors, by its SHA-256.
    """
    if paths is not None:
        return _of_files(images, paths_of(paths), texts_of(options))
    if hasattr(images, "createDataFrame"):
        raise TypeError("detect(spark, paths, ...): say which files; or detect(model) for "
                        "DataFrame.transform")
    if images is not None:
        options = {"model": images, **options}
    return _of_frame(texts_of(options), columns)


def _of_files(spark: SparkSession, paths: list[str], options: dict[str, str]) -> DataFrame:
    from pyspark.sql import functions as F

    options = {"parts": "auto", **options}
    parts = (spark.read.format("elcano").option("operator", "detect").options(**options)
             .load(paths))
    call = json.dumps({"operator": "detect", "paths": json.dumps(paths), **options})
    part = F.when(F.col("_group").isNull(), F.shiftright("_row", ROW_BITS))
    rows = F.call_function("elcano.combine", F.lit(call), F.struct("*"))
    return (parts.where("_group IS NOT NULL OR _table IS NULL")
            .groupBy("_group", part.alias("_part")).agg(rows.alias("rows"))
            .select(F.inline("rows")))


def _of_frame(options: dict[str, str], columns: Sequence[str]) -> Transform:
    call = json.dumps({**options, **_hashes(options)})

    def transform(frame: DataFrame) -> DataFrame:
        from pyspark.sql import functions as F

        rows = F.call_function("elcano.detect_image", F.lit(call), _image(frame))
        found = frame.select(*columns, F.inline(rows))
        return found if "styles" in options else found.drop("group", "colour")

    return transform


def _image(frame: DataFrame) -> Column:
    from pyspark.sql import functions as F

    if "data" in frame.columns or "content" in frame.columns:
        return F.struct("*")
    for name in ("path", "image"):
        if name in frame.columns:
            return F.col(name)
    raise ValueError("a DataFrame of images has a column path, content, image, or the "
                     f"columns of an image struct; this one has {', '.join(frame.columns)}")


def _hashes(options: dict[str, str]) -> dict[str, str]:
    """Of the files that options name on this machine."""
    return {f"sha256_{name}": _sha256(value)
            for name, value in options.items()
            if name in ("model", "styles", "classes", "dem") and os.path.isfile(value)}


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
