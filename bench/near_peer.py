"""near_peer.py - CPU seconds of SciPy and shapely beside bench-near's, on the same numbers.

usage: near_peer.py BENCH-NEAR points|metres|lines PLACES ASKED K|DISTANCE

points: SciPy's cKDTree; metres: the same on unit vectors, whose chords it has in place of
metres; lines: shapely's STRtree with the predicate dwithin. Needs numpy, scipy, shapely.
"""
# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
import sys
import time

import numpy as np

STEPS = 20


def units(first, n):
    """Numbers `first` to first + n of bench-near's SplitMix64, which starts at 1."""
    z = np.arange(first + 1, first + 1 + n, dtype=np.uint64)
    z = z * np.uint64(0x9e3779b97f4a7c15) + np.uint64(1)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53


def in_space(points):
    lon, sine = points[:, 0] * 2 * np.pi - np.pi, 2 * points[:, 1] - 1
    cosine = np.sqrt(1 - sine * sine)
    return np.column_stack([cosine * np.cos(lon), cosine * np.sin(lon), sine])


def nearest(what, n, asked, k):
    from scipy.spatial import cKDTree
    places, points = units(0, 2 * n).reshape(-1, 2), units(2 * n, 2 * asked).reshape(-1, 2)
    if what == "metres":
        places, points = in_space(places), in_space(points)
    start = time.process_time()
    tree = cKDTree(places)
    built = time.process_time()
    distances, _ = tree.query(points, k=int(k))
    return built - start, time.process_time() - built, distances.sum()


def within(n, asked, distance):
    import shapely
    each = 2 + 2 * STEPS
    numbers = units(0, each * n).reshape(n, STEPS + 1, 2)
    numbers[:, 0] *= 100000
    numbers[:, 1:] = (numbers[:, 1:] - 0.5) * 200
    lines = shapely.linestrings(np.cumsum(numbers, axis=1))
    points = shapely.points(units(each * n, 2 * asked).reshape(-1, 2) * 100000)
    start = time.process_time()
    tree = shapely.STRtree(lines)
    built = time.process_time()
    pairs = tree.query(points, predicate="dwithin", distance=distance)
    return built - start, time.process_time() - built, pairs.shape[1]


def main():
    command, what, n, asked, last = sys.argv[1:]
    said = subprocess.run([command, what, n, asked, last], capture_output=True, text=True,
                          check=True).stdout
    own = [float(x) for x in re.findall(r"[0-9][0-9.e+]*", said)]
    n, asked, last = int(n), int(asked), float(last)
    peer = within(n, asked, last) if what == "lines" else nearest(what, n, asked, last)
    print("Elcano  %.3f s build, %.3f s questions, found %.9g" % tuple(own))
    print("peer    %.3f s build, %.3f s questions, found %.9g" % peer)
    print("ratio   %.1f" % (sum(peer[:2]) / sum(own[:2])))


main()
