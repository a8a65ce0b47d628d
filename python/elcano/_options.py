"""Options and paths as the data source takes them: texts.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Union

Path = Union[str, "os.PathLike[str]"]
Option = Union[str, bool, int, float, Path, Iterable[Path]]


def paths_of(paths: Path | Iterable[Path]) -> list[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    return [os.fspath(path) for path in paths]


def texts_of(options: Mapping[str, Option]) -> dict[str, str]:
    return {name: _text(value) for name, value in options.items() if value is not None}


def _text(value: Option) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    if isinstance(value, Iterable):
        return ",".join(_text(one) for one in value)
    return str(value)
