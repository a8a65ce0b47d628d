"""cluster_cases.py - 20 sets of points with the clusters that scikit-learn finds in them.

usage: cluster_cases.py > cluster.txt

Needs numpy and scikit-learn. A set: "set NAME EPS MIN_POINTS N", then a line a point: x,
y, its label (-1: noise), and whether it is core. Numbers are multiples of 1/64, so that
what is exactly eps away is so for everyone.
"""
# SPDX-License-Identifier: Apache-2.0
import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.datasets import make_blobs, make_circles, make_moons

random = np.random.default_rng(8)


def lattice(n, side):
    return random.integers(0, side, (n, 2)).astype(float)


def spiral(n):
    t = np.linspace(1, 12, n)
    return np.column_stack([t * np.cos(t), t * np.sin(t)])


SETS = [
    ("blobs", 0.5, 5, make_blobs(150, centers=3, cluster_std=0.7, random_state=1)[0]),
    ("blobs of other widths", 0.75, 5, make_blobs(
        150, centers=3, cluster_std=[0.2, 0.6, 1.5], random_state=2)[0]),
    ("blobs that touch", 0.5, 4, make_blobs(150, centers=5, center_box=(-3, 3), cluster_std=0.6,
                                            random_state=3)[0]),
    ("moons", 0.1875, 4, make_moons(150, noise=0.04, random_state=4)[0]),
    ("noisy moons", 0.25, 6, make_moons(150, noise=0.12, random_state=5)[0]),
    ("circles", 0.1875, 3, make_circles(150, noise=0.03, factor=0.5, random_state=6)[0]),
    ("anywhere, thin", 0.5, 4, random.uniform(0, 10, (150, 2))),
    ("anywhere, dense", 1.0, 4, random.uniform(0, 10, (150, 2))),
    ("a lattice, side", 1.0, 4, lattice(120, 14)),
    ("a lattice, 3 4 5", 5.0, 12, lattice(120, 40)),
    ("a lattice, all core", 1.0, 1, lattice(80, 12)),
    ("a lattice, pairs", 2.0, 2, lattice(60, 25)),
    ("one place many times", 1.0, 6, lattice(100, 5) * 8),
    ("a line", 0.5, 3, np.column_stack([np.sort(random.uniform(0, 60, 120)), np.zeros(120)])),
    ("a spiral", 0.5, 3, spiral(150)),
    ("far from the origin", 15.0, 5, random.uniform(0, 300, (150, 2)) + [500000, 5400000]),
    ("below the origin", 15.0, 4, random.uniform(-300, 0, (150, 2))),
    ("one cluster", 40.0, 3, random.uniform(0, 100, (100, 2))),
    ("only noise", 0.25, 4, random.uniform(0, 100, (100, 2))),
    ("two densities", 2.0, 8, np.concatenate([random.uniform(0, 10, (100, 2)),
                                              random.uniform(0, 60, (60, 2))])),
]

for name, eps, least, points in SETS:
    points = np.round(points * 64) / 64
    found = DBSCAN(eps=eps, min_samples=least, algorithm="brute").fit(points)
    core = np.isin(np.arange(len(points)), found.core_sample_indices_)
    print(f"set {name.replace(' ', '_')} {eps:g} {least} {len(points)}")
    for (x, y), label, is_core in zip(points, found.labels_, core):
        print(f"{x!r} {y!r} {label} {int(is_core)}".replace("np.float64(", "").replace(")", ""))
