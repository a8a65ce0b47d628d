#!/usr/bin/env python3
"""files.py - what a careful user of rasterio writes to cut chips and to list images.

usage: files.py copies IMAGE FOLDER COUNT      COUNT copies, a hundred a folder
       files.py chips IMAGE FOLDER CHIP        chips of CHIP px as GeoTIFFs, in a loop
       files.py catalog FOLDER                 size, type, CRS and bounds of every .tif

The last two print {"seconds", "cpu", "found"} as JSON: from the first file opened to the
last, without Python's start and without importing rasterio.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import shutil
import sys
import time


def copies(image, folder, count):
    for i in range(int(count)):
        below = os.path.join(folder, f"{i // 100:03}")
        os.makedirs(below, exist_ok=True)
        path = os.path.join(below, f"{i:05}.tif")
        if not os.path.exists(path):
            shutil.copyfile(image, path)


def chips(image, folder, size):
    import rasterio
    from rasterio.windows import Window

    os.makedirs(folder, exist_ok=True)
    size, count = int(size), 0
    with rasterio.open(image) as source:
        profile = dict(source.profile, tiled=False)
        profile.pop("blockxsize", None)
        profile.pop("blockysize", None)
        for y in range(0, source.height, size):
            for x in range(0, source.width, size):
                window = Window(x, y, min(size, source.width - x),
                                min(size, source.height - y))
                profile.update(width=window.width, height=window.height,
                               transform=source.window_transform(window))
                with rasterio.open(os.path.join(folder, f"{y}_{x}.tif"), "w",
                                   **profile) as chip:
                    chip.write(source.read(window=window))
                count += 1
    return count


def catalog(folder):
    import rasterio

    rows = []
    for below, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(".tif"):
                with rasterio.open(os.path.join(below, name)) as image:
                    rows.append((name, image.width, image.height, image.count,
                                 image.dtypes[0], image.crs.to_wkt(), image.bounds,
                                 image.transform, image.tags()))
    return len(rows)


def main(argv):
    if len(argv) < 3:
        sys.exit(__doc__.split("\n\n")[1])
    if argv[1] == "copies":
        copies(*argv[2:])
        return
    import rasterio  # noqa: F401  loading it is not what is measured

    began, cpu = time.perf_counter(), time.process_time()
    found = {"chips": chips, "catalog": catalog}[argv[1]](*argv[2:])
    print(json.dumps({"seconds": time.perf_counter() - began,
                      "cpu": time.process_time() - cpu, "found": found}))


if __name__ == "__main__":
    main(sys.argv)
