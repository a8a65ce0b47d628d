"""cluster_peer.py - PyPI's dbscan, or scikit-learn, on the points of bench-cluster.

usage: cluster_peer.py dbscan|sklearn POINTS EPS MIN_POINTS [THREADS]
       cluster_peer.py compare BENCH-CLUSTER POINTS EPS MIN_POINTS [dbscan|sklearn [THREADS]]

The first prints one line of JSON: the clusters found, and the seconds and CPU seconds of
the call alone. The second has bench-cluster beside it: ratios of CPU seconds and peak
memory, and how many differences there are: between core points, which have one
renumbering, and of border points, each in the lowest cluster of a core point in reach.
Needs numpy, scipy, and dbscan or scikit-learn.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
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
    """Labels, which points are core, seconds, CPU seconds."""
    os.environ["PARLAY_NUM_THREADS"] = str(threads)
    if tool == "sklearn":
        from sklearn.cluster import DBSCAN
    else:
        from dbscan import DBSCAN
    began, cpu = time.perf_counter(), time.process_time()
    if tool == "sklearn":
        done = DBSCAN(eps=eps, min_samples=least, n_jobs=threads).fit(points)
        labels, core = done.labels_, np.zeros(len(points), bool)
        core[done.core_sample_indices_] = True
    else:
        labels, core = DBSCAN(points, eps=eps, min_samples=least)
    return labels, core, time.perf_counter() - began, time.process_time() - cpu


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


def alone(tool, n, eps, least, threads=1):
    labels, _, seconds, cpu = cluster(make(int(n)), float(eps), int(least), tool, int(threads))
    print(json.dumps({"seconds": seconds, "cpu": cpu, "found": int(labels.max()) + 1}))


def compare(command, n, eps, least, tool="dbscan", threads=1):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "labels")
        said = subprocess.run([command, "plane", n, eps, least, str(threads), path],
                              capture_output=True, text=True, check=True).stdout
        labels = np.fromfile(path, np.int32)
    own, points = json.loads(said), make(int(n))
    theirs, core, _, cpu = cluster(points, float(eps), int(least), tool, int(threads))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"Elcano  {own['cpu']:.3f} s, {own['peak_mb']:.0f} MB, {own['found']} clusters")
    print(f"{tool:7} {cpu:.3f} s, {peak:.0f} MB with Python and the points")
    print(f"ratio   {cpu / own['cpu']:.1f} times the seconds, "
          f"{peak / own['peak_mb']:.1f} times the memory")
    print(f"differences: {differences(points, float(eps), labels, theirs, core)}")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    if sys.argv[1] == "compare":
        compare(*sys.argv[2:])
    else:
        alone(*sys.argv[1:])
