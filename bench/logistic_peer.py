"""logistic_peer.py - scikit-learn's LogisticRegression on what bench-logistic learns from.

usage: logistic_peer.py alone ROWS FEATURES CLASSES [THREADS]
       logistic_peer.py sets BENCH-LOGISTIC

The first prints one line of JSON: seconds and CPU seconds of the fit alone, and its
iterations; all tolerances are 1e-10. The second compares coefficients on five data sets
of scikit-learn's, standardised, as float32, and says by how much the largest differs from
two of its solvers, since lbfgs ends when its loss changes no more; the intercepts of
classes may share any number, which is taken off. Needs numpy and scikit-learn.
"""
# SPDX-License-Identifier: Apache-2.0
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

BLOCK = 1000


def units(np, first, count):
    """Numbers `first` and on of bench-logistic's SplitMix64, which starts at 1."""
    i = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    z = i * np.uint64(0x9e3779b97f4a7c15) + np.uint64(1)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94d049bb133111eb)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53


def make(np, n, d, classes):
    """bench-logistic's rows, the numbers of float32 as float64, which scikit-learn needs to
    reach the tolerance."""
    x, labels = np.empty((n, d)), np.arange(n, dtype=np.int32) % classes
    centres = units(np, 0, classes * d).reshape(classes, d) - 0.5
    for first in range(0, n, BLOCK):
        rows = min(BLOCK, n - first)
        noise = units(np, (classes + first) * d, rows * d).reshape(rows, d)
        noise = noise + np.roll(noise, -1, 1) - 1
        noise += 0.25 * centres[labels[first:first + rows]]
        x[first:first + rows] = noise.astype(np.float32)
    return x, labels


def fit(x, labels, iterations=10000, solver="lbfgs"):
    from sklearn.linear_model import LogisticRegression
    began, cpu = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(solver=solver, tol=1e-10, max_iter=iterations)
        model.fit(x, labels)
    return model, time.perf_counter() - began, time.process_time() - cpu


def alone(n, d, classes, threads="1"):
    for name in ("OMP", "OPENBLAS", "MKL"):
        os.environ[name + "_NUM_THREADS"] = threads
    import numpy as np
    x, labels = make(np, int(n), int(d), int(classes))
    model, seconds, cpu = fit(x, labels, 1000)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "found": int(model.n_iter_.max())}))


def learn(np, command, x, labels):
    """bench-logistic's coefficients and intercepts."""
    classes, d = int(labels.max()) + 1, x.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("x", "labels", "out")]
        x.tofile(names[0])
        labels.tofile(names[1])
        said = subprocess.run([command, "file", *names[:2], str(d), str(classes), "1",
                               names[2]], capture_output=True, text=True, check=True)
        out = np.fromfile(names[2])
    return out[:classes * d].reshape(classes, d), out[classes * d:], json.loads(said.stdout)


def difference(np, own, ends, model):
    theirs, their_ends = model.coef_, model.intercept_ - model.intercept_.mean()
    if len(theirs) == 1:
        own, ends, their_ends = own[1:] - own[:1], ends[1:] - ends[:1], model.intercept_
    return max(np.abs(own - theirs).max(), np.abs(ends - their_ends).max())


def sets(command):
    import numpy as np
    from sklearn import datasets
    for name in ("iris", "wine", "digits", "breast_cancer", "made"):
        if name == "made":
            x, labels = datasets.make_classification(
                2000, 40, n_informative=10, n_classes=4, random_state=0)
        else:
            x, labels = getattr(datasets, "load_" + name)(return_X_y=True)
        spread = x.std(0)
        x = ((x - x.mean(0)) / np.where(spread > 0, spread, 1)).astype(np.float32)
        labels = labels.astype(np.int32)
        own, ends, said = learn(np, command, x, labels)
        off = [difference(np, own, ends, fit(x.astype(float), labels, solver=solver)[0])
               for solver in ("lbfgs", "newton-cholesky")]
        print(f"{name:14} {x.shape[0]:5} x {x.shape[1]:2}, {labels.max() + 1:2} classes: "
              f"largest difference {off[0]:.1e} to lbfgs, {off[1]:.1e} to newton-cholesky; "
              f"{said['found']} iterations, slope {said['slope']:.0e}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "sets":
        sets(sys.argv[2])
    elif len(sys.argv) in (5, 6) and sys.argv[1] == "alone":
        alone(*sys.argv[2:])
    else:
        sys.exit(__doc__)
