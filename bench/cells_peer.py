"""cells_peer.py - cells of bench-cells' places, counted, by other tools.

usage: cells_peer.py codes|folded ZOOM    tiles of the web map as numbers, and no counts
       cells_peer.py plain|numpy|pieces ZOOM   tiles of the web map as numbers
       cells_peer.py h3 LEVEL            H3's cells of a level, by h3ronpy

codes, plain: the formulas as they are written down, with NumPy's own types; folded, numpy: with
fewer operations and 32 bits; pieces: the same, 16,384 at a time, which stay in the cache. They
count by bincount, h3 by NumPy's unique. Longitudes and latitudes are arrays of
their own. Prints one line of JSON: the places, the seconds and CPU seconds on one thread,
and how many cells have any, or the sum of every 16,384th code. Runs in the environment of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
import time

import numpy as np

from near_peer import units
from peers import seconds_cpu

POINTS, CHUNK = 1 << 22, 1 << 14
WIDE = ((16, 0x0000ffff0000ffff), (8, 0x00ff00ff00ff00ff), (4, 0x0f0f0f0f0f0f0f0f),
        (2, 0x3333333333333333), (1, 0x5555555555555555))
SPREAD = ((8, 0x00ff00ff), (4, 0x0f0f0f0f), (2, 0x33333333), (1, 0x55555555))


def spread(v):
    """The bits of 16, each with a zero before it; in place."""
    for shift, mask in SPREAD:
        v |= v << np.int32(shift)
        v &= np.int32(mask)
    return v


def codes(lon, lat, zoom):
    """Quadkeys as numbers to base four, in 32 bits, which are enough up to zoom 15."""
    tiles = 1 << zoom
    x = (lon * (tiles / 360) + tiles / 2).astype(np.int32)
    y = (tiles / 2 - np.arctanh(np.sin(lat * (np.pi / 180))) * (tiles / 2 / np.pi)).astype(
        np.int32)
    return spread(x) | spread(y) << np.int32(1)


def written(lon, lat, zoom):
    tiles, phi = 2 ** zoom, np.radians(lat)
    x = np.floor((lon + 180) / 360 * tiles).astype(np.int64)
    y = np.floor((1 - np.log(np.tan(phi) + 1 / np.cos(phi)) / np.pi) / 2 * tiles)
    code = []
    for v in (x, y.astype(np.int64)):
        for shift, mask in WIDE:
            v = (v | v << shift) & mask
        code.append(v)
    return code[0] | code[1] << 1


def plain(lon, lat, zoom):
    return np.bincount(written(lon, lat, zoom), minlength=1 << 2 * zoom)


def numpy(lon, lat, zoom):
    return np.bincount(codes(lon, lat, zoom), minlength=1 << 2 * zoom)


def pieces(lon, lat, zoom):
    counts = np.zeros(1 << 2 * zoom, np.int64)
    for i in range(0, POINTS, CHUNK):
        np.add.at(counts, codes(lon[i:i + CHUNK], lat[i:i + CHUNK], zoom), 1)
    return counts


def h3(lon, lat, level):
    from h3ronpy.vector import coordinates_to_cells
    return np.unique(np.asarray(coordinates_to_cells(lat, lon, level)), return_counts=True)[1]


TOOLS = {tool.__name__: tool for tool in (plain, numpy, pieces, h3)} | {
    "codes": written, "folded": codes}


def main(tool, size):
    places = units(0, 2 * POINTS).reshape(-1, 2) * [360, 170] - [180, 85]
    lon, lat = np.ascontiguousarray(places.T)
    TOOLS[tool](lon, lat, int(size))
    began, cpu = time.perf_counter(), seconds_cpu()
    counts = TOOLS[tool](lon, lat, int(size))
    seconds, cpu = time.perf_counter() - began, seconds_cpu() - cpu
    found = (counts[::CHUNK].sum() if tool in ("codes", "folded")
             else np.count_nonzero(counts))
    print(json.dumps({"points": POINTS, "seconds": seconds, "cpu": cpu,
                      "found": int(found)}))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in TOOLS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
