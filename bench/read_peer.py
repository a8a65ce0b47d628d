"""read_peer.py - a layer as Arrow batches by pyogrio.

usage: read_peer.py PATH

Prints one line of JSON: the seconds and CPU seconds on one thread, and the rows. Runs in
the environment of requirements.txt.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
import time

import pyogrio

from peers import seconds_cpu


def main(path):
    began, cpu = time.perf_counter(), seconds_cpu()
    _, table = pyogrio.read_arrow(path)
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": seconds_cpu() - cpu, "found": table.num_rows}))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
