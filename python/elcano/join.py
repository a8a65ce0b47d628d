"""Tables joined by where their rows are.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from .meeting import Each

PLAIN = re.compile(r"[-+0-9.eE]+")  # a length in the unit of the coordinates


def texts(**options: object) -> dict[str, str]:
    """Those that are given, as the core takes them."""
    return {name: ("yes" if value else "no") if isinstance(value, bool) else str(value)
            for name, value in options.items() if value is not None}


def check_strategy(strategy: str, known: tuple[str, ...]) -> None:
    if strategy not in known:
        raise ValueError(f"strategy is {strategy}; give {', '.join(known[:-1])} or {known[-1]}")


def join(left: DataFrame, right: DataFrame, predicate: str | None = None, how: str = "inner",
         *, distance: str | float | None = None, ownership: bool = False,
         x: str | None = None, y: str | None = None, geometry: Each = None,
         crs: Each = None, strategy: str = "auto", cells: int = 0) -> DataFrame:
    """Rows of the left table with those of the right one whose places meet theirs, as
    `elcano join` gives them.

    `predicate` is intersects, within, contains, covers, covered_by, touches, crosses,
    overlaps, equals or disjoint; or `distance` is 50, in the unit of the coordinates, or
    "50m"; or `ownership` gives each point one zone at most. `how` is inner, left, semi or
    anti. Places are the columns that `geometry` names, WKB in the CRS that `crs` names (of
    both tables, or a pair), else the first geometry of each table, else its columns `x` and
    `y` (lon and lat). `strategy` broadcast gives the right table to each executor, cells
    shuffles both by `cells` cells (0: as many as the left rows ask for); auto looks at the
    right table's size. Raises ValueError for what cannot be.
    """
    from .meeting import MOST_CELLS, Large, Meeting  # pyspark is not needed before
    options = texts(predicate=predicate, distance=distance, ownership=ownership or None, x=x,
                    y=y)
    if not options.keys() & {"predicate", "distance", "ownership"}:
        raise ValueError("give a predicate, a distance or ownership")
    check_strategy(strategy, ("auto", "broadcast", "cells"))
    if not 0 <= cells <= MOST_CELLS:
        raise ValueError(f"cells is {cells}; give a number of 1 to {MOST_CELLS}")
    whole = predicate == "disjoint" or ownership
    if whole and strategy == "cells":
        raise ValueError("disjoint and ownership need all of the right table at once; give "
                         "strategy broadcast")
    meeting = Meeting("join", left, right, how, options, crs, geometry)
    if strategy == "broadcast" or whole or (strategy == "auto" and meeting.size()[0]):
        return meeting.small()
    return Large(meeting, cells).rows()


def nearest(left: DataFrame, right: DataFrame, k: int = 1, *,
            max_distance: str | float | None = None, planar: bool = False,
            how: str = "inner", x: str | None = None, y: str | None = None,
            geometry: Each = None, crs: Each = None, strategy: str = "auto") -> DataFrame:
    """Rows of the left table with the `k` nearest ones of the right one, their distance and
    rank, as `elcano nearest` gives them. Each executor holds the right table: a large one is
    refused unless `strategy` is broadcast. `how` is inner or left; other options are those
    of `join`.
    """
    from .meeting import Meeting
    options = texts(k=k, max_distance=max_distance, planar=planar, x=x, y=y)
    plane = planar or PLAIN.fullmatch(options.get("max_distance", "1m")) is not None
    check_strategy(strategy, ("auto", "broadcast"))
    meeting = Meeting("nearest", left, right, how, options, crs, geometry)
    fits, said = (True, "") if strategy == "broadcast" else meeting.size()
    if not fits:
        raise ValueError(f"nearest holds the right table in each executor, and it is large: "
                         f"{said}; make it smaller, or give strategy broadcast to hold it all "
                         "the same")
    return meeting.ranked("distance" if plane else "distance_m")
