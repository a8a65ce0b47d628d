"""heat_peer.py - a heatmap by NumPy and OpenCV, of the points that bench-heat has.

usage: heat_peer.py POINTS WIDTH HEIGHT BANDWIDTH
       heat_peer.py POINTS WIDTH HEIGHT BANDWIDTH BENCH-HEAT

Counts points by cell (bincount) and blurs the counts (GaussianBlur, float32), on one
thread. Prints the seconds and CPU seconds of the best of five rounds as JSON; with
BENCH-HEAT how far this and that are from a direct sum at 200 cells, as a share of the
highest value. Needs numpy and opencv.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

cv2.setNumThreads(1)


def points_of(n, width, height):
    """bench-heat's SplitMix64, which starts at 1."""
    z = np.arange(1, 1 + 2 * n, dtype=np.uint64)
    z = z * np.uint64(0x9e3779b97f4a7c15) + np.uint64(1)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    share = ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53
    return share[0::2] * width, share[1::2] * height


def peer(x, y, width, height, sigma):
    start, cpu = time.perf_counter(), time.process_time()
    cells = y.astype(np.int64) * width + x.astype(np.int64)
    counts = np.bincount(cells, minlength=width * height).reshape(height, width)
    out = cv2.GaussianBlur(counts.astype(np.float32), (0, 0), sigma,
                           borderType=cv2.BORDER_CONSTANT)
    return {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - start}, out


def far_from_direct(found, x, y, sigma):
    height, width = found.shape
    rows, columns = np.arange(200) * 7919 % height, np.arange(200) * 104729 % width
    direct = np.array([np.exp(-((x - c - .5) ** 2 + (y - r - .5) ** 2)
                              / (2 * sigma * sigma)).sum() for r, c in zip(rows, columns)])
    direct /= 2 * np.pi * sigma * sigma
    return np.abs(found[rows, columns] - direct).max() / found.max()


def raster_of(command, words, width, height):
    """What bench-heat makes of them."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "heat")
        subprocess.run([command, *words, "1", out], capture_output=True, check=True)
        return np.fromfile(out, np.float32).reshape(height, width)


def main(n, width, height, sigma, *command):
    words = (n, width, height, sigma)
    n, width, height, sigma = int(n), int(width), int(height), float(sigma)
    x, y = points_of(n, width, height)
    if not command:
        rounds = [peer(x, y, width, height, sigma)[0] for _ in range(5)]
        print(json.dumps(min(rounds, key=lambda one: one["cpu"])))
        return
    own = raster_of(command[0], words, width, height)
    print("Elcano is off by %.2g, the peer by %.2g" % (
        far_from_direct(own, x, y, sigma),
        far_from_direct(peer(x, y, width, height, sigma)[1], x, y, sigma)))


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(*sys.argv[1:])
