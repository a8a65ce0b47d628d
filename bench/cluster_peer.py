"""cluster_peer.py - PyPI's dbscan, or scikit-learn, beside bench-cluster, on the same numbers.

usage: cluster_peer.py BENCH-CLUSTER POINTS EPS MIN_POINTS [dbscan|sklearn] [THREADS]

Prints CPU seconds and peak memory of both, the ratios, and whether the clusters are the
same: equal core points and a renumbering between their clusters, border points with one
of the clusters of a core point in reach. Needs numpy, scipy, and dbscan or scikit-learn.
"""
# SPDX-License-Identifier: Apache-2.0
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

A_LOT = 100


def units(n):
    """The first n numbers of bench-cluster's SplitMix64, which starts at 1."""
    z = np.arange(1, 1 + n, dtype=np.uint64) * np.uint64(0x9e3779b97f4a7c15) + np.uint64(1)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53


def make(n):
    """bench-cluster's points: of each 200, 100 in a lot and 100 anywhere."""
    if n % (2 * A_LOT):
        sys.exit("POINTS has to be a multiple of 200")
    side = np.sqrt(n / 10000) * 1000
    each = 2 + 8 * A_LOT + 2 * A_LOT
    numbers = units(n // (2 * A_LOT) * each).reshape(-1, each)
    lots = numbers[:, :2] * side
    bells = numbers[:, 2:2 + 8 * A_LOT].reshape(-1, A_LOT, 2, 4)
    total = ((bells[..., 0] + bells[..., 1]) + bells[..., 2]) + bells[..., 3]
    inside = lots[:, None] + 20 * ((total - 2) * 1.7320508075688772)
    outside = numbers[:, 2 + 8 * A_LOT:].reshape(-1, A_LOT, 2) * side
    return np.concatenate([inside, outside], axis=1).reshape(-1, 2)


def cluster(points, eps, least, tool, threads):
    """Labels, whether points are core, CPU seconds."""
    if tool == "sklearn":
        from sklearn.cluster import DBSCAN
        start = time.process_time()
        done = DBSCAN(eps=eps, min_samples=least, n_jobs=threads).fit(points)
        core = np.zeros(len(points), bool)
        core[done.core_sample_indices_] = True
        return done.labels_, core, time.process_time() - start
    os.environ["PARLAY_NUM_THREADS"] = str(threads)
    from dbscan import DBSCAN
    start = time.process_time()
    labels, core = DBSCAN(points, eps=eps, min_samples=least)
    return labels, core, time.process_time() - start


def differences(points, eps, own, labels, core):
    """How many points are not as the other has them."""
    pairs = np.unique(np.column_stack([own[core], labels[core]]), axis=0)
    wrong = len(pairs) - len(np.unique(pairs[:, 0])) + len(pairs) - len(np.unique(pairs[:, 1]))
    wrong += int((own[core] < 0).sum()) + int(((own < 0) != (labels < 0)).sum())
    from scipy.spatial import cKDTree
    border = np.flatnonzero(~core & (own >= 0))
    tree = cKDTree(points[core])
    cores = own[core]
    for i, near in zip(border, tree.query_ball_point(points[border], eps)):
        wrong += not near or own[i] != cores[near].min()
    return wrong


def main():
    command, n, eps, least = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
    tool = sys.argv[5] if len(sys.argv) > 5 else "dbscan"
    threads = int(sys.argv[6]) if len(sys.argv) > 6 else 1
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "labels")
        said = subprocess.run([command, "plane", str(n), repr(eps), str(least), str(threads),
                               path], capture_output=True, text=True, check=True).stdout
        own = np.fromfile(path, np.int32)
    took, _, memory = [float(x) for x in re.findall(r"[0-9.]+(?= s| MB)", said)][:3]
    points = make(n)
    labels, core, theirs = cluster(points, eps, least, tool, threads)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print("Elcano  " + said.strip())
    print(f"{tool:7} {theirs:.3f} s, {peak:.0f} MB with Python and the points")
    print(f"ratio   {theirs / took:.1f} times the seconds, {peak / memory:.1f} times the memory")
    print(f"differences: {differences(points, eps, own, labels, core)}")


main()
