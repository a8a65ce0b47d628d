"""How rows of two tables meet, and the plans of it: those of org.elcano.spark.Joins.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Tuple, Union

from pyspark.sql import functions as F
from pyspark.sql.types import NumericType

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructField

# One for both tables, or one for each.
Each = Union[str, Tuple[Optional[str], Optional[str]], None]

NAMES = ("geometry", "geom", "wkb")
NOTHING = "_elc_nothing"
FOUND = ("_elc_row", "_elc_distance", "_elc_rank")
# What executors hold where no one says otherwise.
MOST_ROWS, MOST_BYTES = 1_000_000, 64 << 20
ROWS_A_CELL, MOST_CELLS, SAMPLES_A_CELL = 128, 1 << 16, 4
MAY_MEET = """at = cell AND lc.xmax >= rc.xmin AND lc.xmin <= rc.xmax AND lc.ymax >= rc.ymin
    AND lc.ymin <= rc.ymax AND (size(lc.cells) = 1 OR size(rc.cells) = 1
    OR array_min(array_intersect(lc.cells, rc.cells)) = cell)"""


# ---- where places are ------------------------------------------------------------------

@dataclass
class Place:
    """A column of WKB, or two of numbers, which have no CRS of their own."""

    columns: list[Column]
    name: str | None  # of the column of WKB
    crs: str | None

    def wkb(self) -> Column:
        if self.name is not None:
            return self.columns[0]
        return F.call_function("elcano.st_point", *self.columns)


def place(table: DataFrame, side: str, geometry: str | None, crs: str | None,
          x: str | None, y: str | None) -> Place:
    fields = table.schema.fields
    field = named(fields, geometry) if geometry else first_geometry(fields)
    if geometry and (field is None or not is_bytes(field)):
        raise ValueError(f"the {side} table has no column {geometry} of WKB")
    if field is not None:
        stated = (field.metadata or {}).get("crs", "")
        return Place([quoted(field.name)], field.name, stated if crs is None else crs)
    columns = []
    for name in (x or "lon", y or "lat"):
        number = named(fields, name)
        if number is None or not is_number(number):
            raise ValueError(
                f"the {side} table has neither a geometry nor a column {name} of numbers; "
                "name its columns by geometry, or by x and y")
        columns.append(quoted(number.name))
    return Place(columns, None, None)


def first_geometry(fields: list[StructField]) -> StructField | None:
    """The first that says its CRS, else one of a usual name, else the only WKB there is."""
    found = [field for field in fields if is_bytes(field)]
    for field in found:
        if is_geometry(field):
            return field
    for field in found:
        if field.name.lower() in NAMES:
            return field
    return found[0] if len(found) == 1 else None


def named(fields: list[StructField], name: str) -> StructField | None:
    return next((f for f in fields if f.name.lower() == name.lower()), None)


def is_bytes(field: StructField) -> bool:
    return field.dataType.typeName() == "binary"


def is_number(field: StructField) -> bool:
    return isinstance(field.dataType, NumericType)


def is_geometry(field: StructField) -> bool:
    return is_bytes(field) and "crs" in (field.metadata or {})


def quoted(name: str) -> Column:
    return F.col("`" + name.replace("`", "``") + "`")


# ---- names -----------------------------------------------------------------------------

def fresh(name: str, suffix: str, taken: set[str]) -> str:
    """The name, with suffixes until no other has it, in any case."""
    while name.lower() in taken:
        name += suffix
    taken.add(name.lower())
    return name


def joined_names(left: list[str], right: list[str]) -> list[str]:
    ours = {name.lower() for name in left}
    taken = ours | {name.lower() for name in right}
    return [fresh(name, "_right", taken) if name.lower() in ours else name for name in right]


def ranked_names(left: list[str], right: list[str], distance: str) -> list[str]:
    taken = {name.lower() for name in left}
    return ([fresh(name, "_right", taken) for name in right]
            + [fresh(name, "_nearest", taken) for name in (distance, "rank")])


# ---- plans -----------------------------------------------------------------------------

class Meeting:
    """Two tables and a call that the core agreed to."""

    def __init__(self, operator: str, left: DataFrame, right: DataFrame, how: str,
                 options: dict[str, str], crs: Each, geometry: Each) -> None:
        self.left, self.right, self.how = left, right, how
        crs, geometry = each(crs, "crs"), each(geometry, "geometry")
        x, y = options.get("x"), options.get("y")
        self.here = place(left, "left", geometry[0], crs[0], x, y)
        self.there = place(right, "right", geometry[1], crs[1], x, y)
        call = {**options, "operator": operator, "how": how}
        for name, side in (("left_crs", self.here), ("right_crs", self.there)):
            if side.crs is not None:
                call[name] = side.crs
        self.call = json.dumps(call)
        why = left.sparkSession.sql("SELECT elcano.meeting(:call)",
                                    args={"call": self.call}).collect()[0][0]
        if why is not None:
            raise ValueError(why)

    def size(self) -> tuple[bool, str]:
        """Whether executors may hold the right table, and how large it is."""
        rows, size = (self.right.select(F.octet_length(self.there.wkb()).alias("bytes"))
                      .limit(MOST_ROWS + 1)
                      .agg(F.count(F.lit(1)), F.coalesce(F.sum("bytes"), F.lit(0))).collect()[0])
        said = f"over {MOST_ROWS} rows" if rows > MOST_ROWS else (
            f"{size >> 20} MB of geometries")
        return rows <= MOST_ROWS and size <= MOST_BYTES, said

    def ask(self, function: str, row: list[Column]) -> Column:
        """A function of the right table's index, and of a left row's place."""
        index = (self.right
                 .select(self.there.wkb().alias("geometry"), struct(row).alias("row"),
                         F.monotonically_increasing_id().alias("number"))
                 .where("geometry IS NOT NULL")
                 .agg(F.call_function("elcano.index", F.lit(self.call), F.col("geometry"),
                                      F.col("row"), F.col("number")).alias("index"))
                 .scalar())
        return F.call_function(f"elcano.{function}", index, *self.here.columns)

    def rows(self, found: Column) -> Column:
        return F.inline_outer(found) if self.how == "left" else F.inline(found)

    def kept(self) -> list[Column]:
        """The right columns that are added: a zone's outline would be there again for each of
        its points."""
        names = [field.name for field in self.right.schema.fields
                 if not is_geometry(field) and field.name != self.there.name]
        return [quoted(name).alias(to)
                for name, to in zip(names, joined_names(self.left.columns, names))]

    def small(self) -> DataFrame:
        if self.how in ("semi", "anti"):
            matches = F.coalesce(self.ask("matches", []), F.lit(0))
            return self.left.where(matches > 0 if self.how == "semi" else matches == 0)
        return self.left.select("*", self.rows(self.ask("probe", self.kept()))).drop(NOTHING)

    def ranked(self, distance: str) -> DataFrame:
        theirs = self.right.columns
        names = ranked_names(self.left.columns, theirs, distance)
        row = [quoted(name).alias(to) for name, to in zip(theirs, names)]
        found = self.rows(self.ask("nearby", row)).alias(*FOUND)
        return self.left.select("*", found).select(
            *(quoted(name) for name in self.left.columns),
            *(F.col(FOUND[0]).getField(name).alias(name) for name in names[:-2]),
            F.col(FOUND[1]).alias(names[-2]), F.col(FOUND[2]).alias(names[-1]))


# ---- two large tables ------------------------------------------------------------------

class Large:
    """By equal cells, as Large.java says."""

    def __init__(self, meeting: Meeting, cells: int) -> None:
        self.meeting = meeting
        tree = F.lit(self.tree(cells))
        self.ours = (meeting.left
                     .select(F.struct("*").alias("l"), meeting.here.wkb().alias("lg"))
                     .withColumn("lc", self.cells(tree, "left", "lg")))
        self.theirs = (meeting.right
                       .select(struct(meeting.kept()).alias("r"),
                               meeting.there.wkb().alias("rg"),
                               F.monotonically_increasing_id().alias("rn"))
                       .withColumn("rc", self.cells(tree, "right", "rg"))
                       .withColumn("cell", F.explode("rc.cells")))
        self.meets = F.expr(MAY_MEET) & F.call_function(
            "elcano.meets", F.lit(meeting.call), F.col("lg"), F.col("rn"), F.col("rg"))

    def cells(self, tree: Column, side: str, wkb: str) -> Column:
        return F.call_function("elcano.cells", F.lit(self.meeting.call), tree, F.lit(side),
                               F.col(wkb))

    def tree(self, cells: int) -> bytes:
        rows = self.meeting.left.count()
        most = cells or max(1, min(MOST_CELLS, rows // ROWS_A_CELL))
        share = min(1.0, SAMPLES_A_CELL * most / max(1, rows))
        sample = self.meeting.left.sample(share, 1).select(self.meeting.here.wkb().alias("lg"))
        return bytes(sample.agg(F.call_function(
            "elcano.tree", F.lit(self.meeting.call), F.lit(most), F.col("lg"))).collect()[0][0])

    def rows(self) -> DataFrame:
        how, met = self.meeting.how, "left" if self.meeting.how in ("left", "anti") else "left_semi"
        if how == "inner":
            return self.exploded(self.ours).join(self.theirs, self.meets).select(
                "l.*", "r.*").drop(NOTHING)
        columns = ["l.*", "r.*"] if how == "left" else ["l.*"]
        wanted = {"left": "rn IS NOT NULL OR (NOT met AND at = first)", "semi": "at = first",
                  "anti": "NOT met AND at = first"}[how]
        single = self.single().join(self.theirs, self.meets,
                                    how if how == "left" else f"left_{how}")
        return single.select(*columns).unionAll(
            self.several(met, wanted).select(*columns)).drop(NOTHING)

    @staticmethod
    def exploded(rows: DataFrame) -> DataFrame:
        return rows.withColumn("at", F.explode("lc.cells"))

    def single(self) -> DataFrame:
        """Left rows of one cell, or none."""
        return self.ours.where("size(lc.cells) <= 1").withColumn(
            "at", F.expr("get(lc.cells, 0)"))

    def several(self, how: str, wanted: str) -> DataFrame:
        """Those of several, each in all its cells: `met` is of all of them, `first` the lowest
        that is left."""
        many = self.exploded(self.ours.where("size(lc.cells) > 1").withColumn(
            "ln", F.monotonically_increasing_id()))
        joined = many.join(self.theirs, self.meets, how)
        if how == "left":
            joined = joined.withColumn(
                "met", F.expr("max(rn IS NOT NULL) OVER (PARTITION BY ln)"))
        return joined.withColumn("first", F.expr("min(at) OVER (PARTITION BY ln)")).where(wanted)


def struct(columns: list[Column]) -> Column:
    """One that has a field."""
    return F.struct(*(columns or [F.lit(0).alias(NOTHING)]))


def each(given: Each, what: str) -> tuple[str | None, str | None]:
    if given is None or isinstance(given, str):
        return given, given
    if len(given) != 2:
        raise ValueError(f"{what} has {len(given)} values: give one for both tables, or "
                         "one for the left and one for the right")
    return given[0], given[1]
