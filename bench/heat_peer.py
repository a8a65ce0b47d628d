"""heat_peer.py - a heatmap by NumPy and OpenCV beside bench-heat's, of the same points.

usage: heat_peer.py BENCH-HEAT [POINTS WIDTH HEIGHT BANDWIDTH]

The peer counts points by cell (bincount) and blurs the counts (GaussianBlur, float32).
Prints the best of five of each in CPU seconds, one thread, and how far each is from a
direct sum at 200 cells, as a share of its highest value. Needs numpy and opencv.
"""
# SPDX-License-Identifier: Apache-2.0
import os
import re
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
    start = time.process_time()
    cells = y.astype(np.int64) * width + x.astype(np.int64)
    counts = np.bincount(cells, minlength=width * height).reshape(height, width)
    out = cv2.GaussianBlur(counts.astype(np.float32), (0, 0), sigma,
                           borderType=cv2.BORDER_CONSTANT)
    return time.process_time() - start, out


def far_from_direct(found, x, y, sigma):
    height, width = found.shape
    rows, columns = np.arange(200) * 7919 % height, np.arange(200) * 104729 % width
    direct = np.array([np.exp(-((x - c - .5) ** 2 + (y - r - .5) ** 2)
                              / (2 * sigma * sigma)).sum() for r, c in zip(rows, columns)])
    direct /= 2 * np.pi * sigma * sigma
    return np.abs(found[rows, columns] - direct).max() / found.max()


def main():
    command, *given = sys.argv[1:]
    n, width, height, sigma = given or ["1000000", "2560", "1920", "10"]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "heat")
        said = subprocess.run([command, n, width, height, sigma, "1", out], text=True,
                              capture_output=True, check=True).stdout
        own = np.fromfile(out, np.float32).reshape(int(height), int(width))
    n, width, height, sigma = int(n), int(width), int(height), float(sigma)
    x, y = points_of(n, width, height)
    runs = [peer(x, y, width, height, sigma) for _ in range(5)]
    best = min(run[0] for run in runs)
    mine = min(float(s) for s in re.findall(r"([0-9.]+) CPU s", said))
    print("Elcano  %.4f CPU s, off by %.2g" % (mine, far_from_direct(own, x, y, sigma)))
    print("peer    %.4f CPU s, off by %.2g" %
          (best, far_from_direct(runs[0][1], x, y, sigma)))
    print("ratio   %.2f" % (best / mine))


main()
