"""bin_peer.py - NumPy counts the points of bench-bin by the tiles of the web map.

usage: bin_peer.py quadkeys|box POINTS ZOOM

quadkeys: the projection in whole arrays, the bits of x and y woven to quadkeys as numbers,
and unique, which gives what bench-bin has: any tiles and their counts. box: bincount over
the box of the tiles, which takes no sort and no quadkeys, and room for all tiles between
the outermost. Prints a line of JSON as bench-bin does, of this alone. Needs numpy.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import sys
import time

import numpy as np

from cluster_peer import units


def tiles(lon, lat, zoom):
    side = 2 ** zoom
    x = ((lon + 180) / 360 * side).astype(np.int64)
    y = ((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * side).astype(np.int64)
    return x, y


def spread(v):
    """A 0 before each bit."""
    for shift, mask in ((16, 0x0000ffff0000ffff), (8, 0x00ff00ff00ff00ff),
                        (4, 0x0f0f0f0f0f0f0f0f), (2, 0x3333333333333333),
                        (1, 0x5555555555555555)):
        v = (v | (v << shift)) & mask
    return v


def by_quadkeys(lon, lat, zoom):
    x, y = tiles(lon, lat, zoom)
    return np.unique(spread(x) | spread(y) << 1, return_counts=True)[1]


def by_box(lon, lat, zoom):
    x, y = tiles(lon, lat, zoom)
    x -= x.min()
    y -= y.min()
    counts = np.bincount(y * (x.max() + 1) + x)
    return counts[counts > 0]


def main(way, n, zoom):
    numbers = units(2 * n).reshape(-1, 2)
    lon, lat = -74.26 + 0.56 * numbers[:, 0], 40.49 + 0.43 * numbers[:, 1]
    began, cpu = time.perf_counter(), time.process_time()
    counts = (by_box if way == "box" else by_quadkeys)(lon, lat, zoom)
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": time.process_time() - cpu, "found": len(counts),
                      "most": int(counts.max())}))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
