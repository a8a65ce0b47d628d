"""like.py - nearest --by against NumPy: the same rows, and the time of each.

usage: like.py ELCANO [--rows N] [--queries N] [--width N] [--k N]

NumPy multiplies in float32 and partitions each row of products; its answers are then
measured in float64, as Elcano's are. The rows must be the same but where distances
differ by less than 1e-12. Needs numpy and pyarrow.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def write(path, vectors):
    flat = pa.array(vectors.ravel(), pa.float32())
    offsets = np.arange(0, vectors.size + 1, vectors.shape[1], dtype=np.int32)
    table = pa.table({"id": pa.array(np.arange(len(vectors))),
                      "feature": pa.ListArray.from_arrays(pa.array(offsets), flat)})
    pq.write_table(table, path, row_group_size=65536)


def distances(metric, queries, rows):
    """In float64, of each query to its own rows."""
    a, b = queries[:, None, :].astype(float), rows.astype(float)
    if metric == "euclidean":
        return np.sqrt(((a - b) ** 2).sum(axis=2))
    sizes = np.linalg.norm(a, axis=2) * np.linalg.norm(b, axis=2)
    return 1 - (a * b).sum(axis=2) / sizes


def of_numpy(metric, queries, corpus, k):
    """Some more than k in float32, the k best of them in float64."""
    squares = (corpus ** 2).sum(axis=1)
    products = queries @ corpus.T
    if metric == "cosine":
        products /= np.sqrt(squares)
    else:
        products -= squares / 2
    some = np.argpartition(-products, k + 20, axis=1)[:, :k + 20]
    exact = distances(metric, queries, corpus[some])
    order = np.lexsort((some, exact), axis=1)[:, :k]
    return np.take_along_axis(some, order, 1), np.take_along_axis(exact, order, 1)


def processor():
    """Seconds of this process and of those that it waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime


def compare(elcano, metric, folder, queries, corpus, k):
    out = os.path.join(folder, metric + ".parquet")
    start, began = processor(), time.perf_counter()
    subprocess.run([elcano, "nearest", os.path.join(folder, "queries.parquet"),
                    os.path.join(folder, "corpus.parquet"), "--by", "feature", "--metric",
                    metric, "--k", str(k), "--quiet", "-o", out], check=True)
    ours, wall = processor()[1] - start[1], time.perf_counter() - began
    found = pq.read_table(out)
    rows = found["id_right"].to_numpy().reshape(len(queries), k)
    far = found["distance"].to_numpy().reshape(len(queries), k)
    start, began = processor(), time.perf_counter()
    theirs, exact = of_numpy(metric, queries, corpus, k)
    peer, peer_wall = processor()[0] - start[0], time.perf_counter() - began
    worst = np.abs(far - exact).max()
    others = int((rows != theirs)[np.abs(far - exact) > 1e-12].sum())
    print(f"{metric}: {others} other rows, distances within {worst:.1e}; elcano with its "
          f"files {ours:.2f} s of CPU ({wall:.2f} s), NumPy in memory {peer:.2f} s "
          f"({peer_wall:.2f} s)")
    return others == 0 and worst < 1e-12


def main(arguments):
    parser = argparse.ArgumentParser(description="nearest --by against NumPy.")
    parser.add_argument("elcano")
    for name, size in (("rows", 100000), ("queries", 1000), ("width", 512), ("k", 10)):
        parser.add_argument("--" + name, type=int, default=size)
    o = parser.parse_args(arguments)
    random = np.random.default_rng(1)
    centres = random.standard_normal((50, o.width)).astype(np.float32)
    corpus = centres[random.integers(0, 50, o.rows)] + random.standard_normal(
        (o.rows, o.width)).astype(np.float32)
    queries = corpus[random.integers(0, o.rows, o.queries)]
    with tempfile.TemporaryDirectory() as folder:
        write(os.path.join(folder, "corpus.parquet"), corpus)
        write(os.path.join(folder, "queries.parquet"), queries)
        same = [compare(o.elcano, metric, folder, queries, corpus, o.k)
                for metric in ("cosine", "euclidean")]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
