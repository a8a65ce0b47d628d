"""Tables joined by where their rows are: the plans of org.elcano.spark.Joins, in Python.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Tuple, Union

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructField

# One for both tables, or one for each.
Each = Union[str, Tuple[Optional[str], Optional[str]], None]

NAMES = ("geometry", "geom", "wkb")
NOTHING = "_elc_nothing"
FOUND = ("_elc_row", "_elc_distance", "_elc_rank")
PLAIN = re.compile(r"[-+0-9.eE]+")  # a length in the unit of the coordinates


# ---- where places are ------------------------------------------------------------------

@dataclass
class Place:
    """A column of WKB, or two of numbers, which have no CRS of their own."""

    columns: list[Column]
    name: str | None  # of the column of WKB
    crs: str | None

    def wkb(self) -> Column:
        from pyspark.sql import functions as F
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
    from pyspark.sql.types import NumericType
    return isinstance(field.dataType, NumericType)


def is_geometry(field: StructField) -> bool:
    return is_bytes(field) and "crs" in (field.metadata or {})


def quoted(name: str) -> Column:
    from pyspark.sql import functions as F
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
                                    args={"call": self.call}).first()[0]
        if why is not None:
            raise ValueError(why)

    def ask(self, function: str, row: list[Column]) -> Column:
        """A function of the right table's index, and of a left row's place."""
        from pyspark.sql import functions as F
        index = (self.right
                 .select(self.there.wkb().alias("geometry"),
                         F.struct(*(row or [F.lit(0).alias(NOTHING)])).alias("row"),
                         F.monotonically_increasing_id().alias("number"))
                 .where("geometry IS NOT NULL")
                 .agg(F.call_function("elcano.index", F.lit(self.call), F.col("geometry"),
                                      F.col("row"), F.col("number")).alias("index"))
                 .scalar())
        return F.call_function(f"elcano.{function}", index, *self.here.columns)

    def rows(self, found: Column) -> Column:
        from pyspark.sql import functions as F
        return F.inline_outer(found) if self.how == "left" else F.inline(found)

    def kept(self) -> list[Column]:
        """The right columns that are added: a zone's outline would be there again for each of
        its points."""
        names = [field.name for field in self.right.schema.fields
                 if not is_geometry(field) and field.name != self.there.name]
        return [quoted(name).alias(to)
                for name, to in zip(names, joined_names(self.left.columns, names))]

    def small(self) -> DataFrame:
        from pyspark.sql import functions as F
        if self.how in ("semi", "anti"):
            matches = F.coalesce(self.ask("matches", []), F.lit(0))
            return self.left.where(matches > 0 if self.how == "semi" else matches == 0)
        return self.left.select("*", self.rows(self.ask("probe", self.kept()))).drop(NOTHING)

    def ranked(self, distance: str) -> DataFrame:
        from pyspark.sql import functions as F
        theirs = self.right.columns
        names = ranked_names(self.left.columns, theirs, distance)
        row = [quoted(name).alias(to) for name, to in zip(theirs, names)]
        found = self.rows(self.ask("nearby", row)).alias(*FOUND)
        return self.left.select("*", found).select(
            *(quoted(name) for name in self.left.columns),
            *(F.col(FOUND[0]).getField(name).alias(name) for name in names[:-2]),
            F.col(FOUND[1]).alias(names[-2]), F.col(FOUND[2]).alias(names[-1]))


def each(given: Each, what: str) -> tuple[str | None, str | None]:
    if given is None or isinstance(given, str):
        return given, given
    if len(given) != 2:
        raise ValueError(f"{what} has {len(given)} values: give one for both tables, or "
                         "one for the left and one for the right")
    return tuple(given)


def texts(**options: object) -> dict[str, str]:
    """Those that are given, as the core takes them."""
    return {name: ("yes" if value else "no") if isinstance(value, bool) else str(value)
            for name, value in options.items() if value is not None}


def join(left: DataFrame, right: DataFrame, predicate: str | None = None, how: str = "inner",
         *, distance: str | float | None = None, ownership: bool | None = None,
         x: str | None = None, y: str | None = None, geometry: Each = None,
         crs: Each = None) -> DataFrame:
    """Rows of the left table with those of the right one whose places meet theirs, as
    `elcano join` gives them.

    `predicate` is intersects, within, contains, covers, covered_by, touches, crosses,
    overlaps, equals or disjoint; or `distance` is 50, in the unit of the coordinates, or
    "50m"; or `ownership` gives each point one zone at most. `how` is inner, left, semi or
    anti. Places are the columns that `geometry` names, WKB in the CRS that `crs` names (of
    both tables, or a pair), else the first geometry of each table, else its columns `x` and
    `y` (lon and lat). Raises ValueError for what cannot be.
    """
    options = texts(predicate=predicate, distance=distance, ownership=ownership, x=x, y=y)
    if not options.keys() & {"predicate", "distance", "ownership"}:
        raise ValueError("give a predicate, a distance or ownership")
    return Meeting("join", left, right, how, options, crs, geometry).small()


def nearest(left: DataFrame, right: DataFrame, k: int = 1, *,
            max_distance: str | float | None = None, planar: bool = False,
            how: str = "inner", x: str | None = None, y: str | None = None,
            geometry: Each = None, crs: Each = None) -> DataFrame:
    """Rows of the left table with the `k` nearest ones of the right one, their distance and
    rank, as `elcano nearest` gives them. Each executor holds the right table. `how` is inner
    or left; other options are those of `join`.
    """
    options = texts(k=k, max_distance=max_distance, planar=planar, x=x, y=y)
    plane = planar or PLAIN.fullmatch(options.get("max_distance", "1m")) is not None
    meeting = Meeting("nearest", left, right, how, options, crs, geometry)
    return meeting.ranked("distance" if plane else "distance_m")
