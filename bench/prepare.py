"""prepare.py - what the benches need: scenes, networks and the other tools."""
# SPDX-License-Identifier: Apache-2.0

import glob
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections import namedtuple

from measure import Failed, run

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DATA = os.environ.get("ELCANO_DATA", os.path.join(ROOT, "..", "shared", "data"))


class Scene:
    """A rendered town, kept from one run to the next."""

    def __init__(self, width, height, *options, bands=3):
        self.width, self.height, self.options = width, height, options
        self.bytes = width * height * bands
        words = [word.lstrip("-") for word in options]
        self.name = "-".join([f"town-{width}x{height}", *words]) + ".tif"

    def chips(self, chip, overlap):
        """How many chips it is cut into."""
        count = 1
        for side in (self.width, self.height):
            count *= 1 + max(0, -(-(side - chip) // (chip - overlap)))
        return count


def render(scenes, folder, build):
    """Renders those that are not there yet. Returns their paths by name."""
    paths = {scene.name: os.path.join(folder, scene.name) for scene in scenes}
    missing = [scene for scene in scenes if not os.path.exists(paths[scene.name])]
    need, free = sum(scene.bytes for scene in missing), shutil.disk_usage(folder).free
    if need * 1.05 > free:
        raise Failed(f"{folder}: the scenes need {need / 1e9:.1f} GB, "
                     f"{free / 1e9:.1f} GB are free; make room, or run with --quick")
    for scene in missing:
        print(f"rendering {scene.name} ({scene.bytes / 1e9:.2f} GB)", flush=True)
        part = paths[scene.name] + ".part.tif"
        run([os.path.join(build, "scene"), "--out", part, "--size",
             f"{scene.width}x{scene.height}", *scene.options])
        os.replace(part, paths[scene.name])
    return paths


def points(folder, count, elcano):
    """Random points round New York as CSV, Parquet and GeoParquet, and zones' Parquet
    in degrees, kept from one run to the next."""
    names = [os.path.join(folder, f"points-{count}{ending}")
             for ending in (".csv", ".parquet", "-geo.parquet")]
    if not os.path.exists(names[0]):
        pick = random.Random(1)
        with open(names[0] + ".part", "w", encoding="ascii") as file:
            file.write("lon,lat,score,class\n")
            file.writelines(
                f"{pick.uniform(-74.26, -73.7):.6f},{pick.uniform(40.49, 40.92):.6f},"
                f"{pick.random():.3f},{pick.choice(('car', 'truck', 'bus'))}\n"
                for _ in range(count))
        os.replace(names[0] + ".part", names[0])
    taxi = os.path.join(DATA, "polygons", "nyc_taxi_zones", "taxi_zones.shp")
    zones = os.path.join(folder, "taxi-zones.parquet")
    for words, name in ((["read", names[0]], names[1]),
                        (["project", names[0], "--from", "OGC:CRS84", "--x", "lon",
                          "--y", "lat"], names[2]),
                        (["project", taxi], zones)):
        if not os.path.exists(name):
            run([elcano, *words, "--quiet", "-o", name])
    return names, zones


def clusters(folder, count, elcano):
    """Points with classes, scores and days in 200 towns, as Parquet."""
    name = os.path.join(folder, f"clusters-{count}.parquet")
    if os.path.exists(name):
        return name
    pick, table = random.Random(5), os.path.join(folder, "clusters.csv")
    towns = [(pick.uniform(9, 14), pick.uniform(46.5, 49.7)) for _ in range(200)]
    with open(table, "w", encoding="ascii") as file:
        file.write("lon,lat,score,class,acquired\n")
        for i in range(count):
            x, y = pick.choice(towns)
            file.write(f"{pick.gauss(x, .03):.6f},{pick.gauss(y, .02):.6f},"
                       f"{pick.random():.3f},{pick.choice(('car', 'truck', 'bus'))},"
                       f"2024-05-{1 + i % 28:02}T10:00:00Z\n")
    run([elcano, "project", table, "--from", "OGC:CRS84", "--x", "lon", "--y", "lat",
         "--quiet", "-o", name])
    os.remove(table)
    return name


def labels(folder, count):
    """GeoJSON as that of xView's labels: small boxes with eight properties each."""
    path = os.path.join(folder, f"labels-{count}.geojson")
    if os.path.exists(path):
        return path
    pick = random.Random(7)
    with open(path + ".part", "w", encoding="ascii") as file:
        file.write('{"type":"FeatureCollection","crs":{"type":"name","properties":'
                   '{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[')
        for i in range(count):
            file.write("\n" if i == 0 else ",\n")
            file.write(label(pick, i))
        file.write("\n]}\n")
    os.replace(path + ".part", path)
    return path


def label(pick, i):
    """One of its features."""
    x, y, w, h = pick.uniform(-180, 179), pick.uniform(-80, 80), pick.random(), pick.random()
    left, top = pick.randrange(4000), pick.randrange(4000)
    ring = [[x + w * u / 1000, y + h * v / 1000]
            for u, v in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
    properties = {"bounds_imcoords": f"{left},{top},{left + 30},{top + 20}",
                  "edited_by": "wwoscarbecerril", "cat_id": "1040010028371A00",
                  "type_id": pick.randrange(11, 95),
                  "ingest_time": f"2017-07-24T12:43:24.{pick.randrange(1000):03}+00:00",
                  "index_right": pick.randrange(3000),
                  "image_id": f"{pick.randrange(3000)}.tif", "feature_id": i}
    return json.dumps({"type": "Feature", "properties": properties,
                       "geometry": {"type": "Polygon", "coordinates": [ring]}})


def into_cache(path):
    """Reads a file once, so that no tool pays for the disk."""
    with open(path, "rb", buffering=0) as file:
        block = bytearray(1 << 24)
        while file.readinto(block):
            pass


def networks(folder):
    """Paths by name; without ELCANO_DATA the trained one is missing."""
    tools, paths = os.path.join(ROOT, "tools"), {}
    classes = ",".join(f"class{i}" for i in range(80))
    for name, options in (("yolov8n", ["--classes", classes]), ("small", [])):
        paths[name] = os.path.join(folder, name + ".onnx")
        run([sys.executable, os.path.join(tools, "networks.py"), name, paths[name],
             *options])
    paths["instrument"] = os.path.join(folder, "instrument.onnx")
    run([sys.executable, os.path.join(tools, "instrument.py"), paths["instrument"]])
    vehicle = os.path.join(DATA, "models", "vehicle", "vehicle.onnx")
    if os.path.exists(vehicle):
        paths["vehicle"] = os.path.normpath(vehicle)
    else:
        print(f"NOT MEASURED: the vehicle network: {vehicle} is missing (ELCANO_DATA)")
    return paths


def peers(folder):
    """The Python that the other tools are installed for; None when they cannot be."""
    return environment(folder, "venv", "requirements.txt",
                       "SAHI, SedonaDB and the other tools",
                       ["--no-deps", "--require-hashes"])


def learn(folder):
    """The Python with scikit-learn; None when it cannot be."""
    return environment(folder, "venv-learn", "learn-requirements.txt", "scikit-learn",
                       ["--no-deps", "--require-hashes"])


def environment(folder, name, pins, what, options):
    """A Python with the pinned packages, made anew when the pins are others."""
    pins = os.path.join(HERE, pins)
    with open(pins, "rb") as file:
        want = hashlib.sha256(file.read()).hexdigest()
    venv = os.path.join(folder, name)
    python, mark = os.path.join(venv, "bin", "python"), os.path.join(venv, "installed")
    if os.path.exists(mark) and open(mark, encoding="ascii").read() == want:
        return python
    print(f"installing {what} for bench/", flush=True)
    try:
        run([sys.executable, "-m", "venv", "--clear", "--without-pip", venv])
        run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet",
             "--disable-pip-version-check", *options, "--requirement", pins])
    except Failed as failed:
        print(f"NOT MEASURED: {what} could not be installed: {failed}")
        return None
    with open(mark, "w", encoding="ascii") as file:
        file.write(want)
    return python


Spark = namedtuple("Spark", "python sedona")  # Pythons; sedona may be None
SEDONA_JARS = ("org.apache.sedona:sedona-spark-shaded-4.0_2.13:1.8.0",
               "org.datasyslab:geotools-wrapper:1.8.0-33.1")


def spark(folder, with_sedona):
    """Spark for Elcano's jar, and Sedona with its own; None without the jar or Spark."""
    jars = glob.glob(os.path.join(ROOT, "spark", "target", "elcano-spark-4.2*.jar"))
    if not jars:
        print("NOT MEASURED: the jar is missing: make spark")
        return None
    os.environ["ELCANO_JAR"] = jars[0]
    python = environment(folder, "venv-spark", "spark-requirements.txt", "Spark", [])
    if python is None or not with_sedona:
        return python and Spark(python, None)
    sedona = environment(folder, "venv-sedona", "sedona-requirements.txt", "Sedona", [])
    try:
        for jar in SEDONA_JARS:
            run(["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={jar}",
                 f"-DoutputDirectory={os.path.join(folder, 'sedona')}"])
    except (Failed, OSError) as failed:
        print(f"NOT MEASURED: Sedona's jars could not be fetched: {failed}")
        return Spark(python, None)
    os.environ["SEDONA_JARS"] = ",".join(
        sorted(glob.glob(os.path.join(folder, "sedona", "*.jar"))))
    return Spark(python, sedona)


def peer_versions(python):
    """Of the packages that the figures depend on."""
    names = ["sahi", "supervision", "geodeep", "onnxruntime", "numpy",
             "opencv-python-headless", "rasterio", "sedonadb", "duckdb", "scipy", "shapely",
             "h3ronpy", "pyogrio", "dbscan"]
    code = ("import importlib.metadata as m, json; "
            f"print(json.dumps({{n: m.version(n) for n in {names!r}}}))")
    said = run([python, "-c", code])
    return {name: said[name] for name in names}


def said_by(*command):
    """The first line that a command prints; empty when there is no such command."""
    try:
        out = subprocess.run(command, capture_output=True, text=True, check=True,
                             cwd=ROOT)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (out.stdout.strip().splitlines() or [""])[0]
