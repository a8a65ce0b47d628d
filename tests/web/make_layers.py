#!/usr/bin/env python3
"""make_layers.py - the layers that the page is tested with, made of a town's truth.

SPDX-License-Identifier: Apache-2.0
usage: make_layers.py FOLDER   (has town.geojson; gets vehicles, doubtful, many, kinds, classless, zones,
imagery and pacific)
"""
import json
import random
import sys

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"


def write(folder, name, features):
    with open(f"{folder}/{name}.geojson", "w", encoding="utf-8") as out:
        json.dump({"type": "FeatureCollection", "features": features}, out)


def middle(feature):
    ring = feature["geometry"]["coordinates"][0]
    return [sum(p[i] for p in ring) / len(ring) for i in (0, 1)]


def vehicles(features):
    chance = random.Random(1)
    for number, feature in enumerate(features):
        day = 1 + number % 28
        feature["properties"] = {
            "id": f"{number:016x}",
            "class": feature["properties"]["class"],
            "score": round(chance.uniform(0.3, 1), 3),
            "image": "town.tif",
            "model": HOSTILE,
            "acquired": f"2024-05-{day:02}T10:00:00Z",
        }
    return features


def point(lon, lat, name, score):
    return {
        "type": "Feature",
        "properties": {"class": name, "score": score},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def kinds(places):
    """More classes than an address has room for, one object each."""
    return [point(*places[i % len(places)], f"kind {i:03}, which needs a name that is long", 0.9)
            for i in range(300)]


def classless(lon, lat):
    """Empty texts and NULL beside classes, a metre apart."""
    names = ["car", "car", "car", "bus", "", "", None, None, None, None]
    return [point(lon + i * 1e-5, lat, name, 0.9) for i, name in enumerate(names)]


def box(west, south, east, north):
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def pacific():
    """Islands on both sides of the antimeridian, one of them cut by it."""
    cut = {"type": "MultiPolygon",
           "coordinates": [box(179, -17, 180, -16), box(-180, -17, -178, -16)]}
    return [point(177, -18, "isle", 0.9), point(-175, -21, "isle", 0.8),
            {"type": "Feature", "properties": {"class": "cut", "score": 0.7},
             "geometry": cut}]


def main(folder):
    with open(f"{folder}/town.geojson", encoding="utf-8") as file:
        found = vehicles(json.load(file)["features"])
    places = [middle(feature) for feature in found]
    west, east = min(p[0] for p in places), max(p[0] for p in places)
    south, north = min(p[1] for p in places), max(p[1] for p in places)
    write(folder, "vehicles", found)
    write(folder, "doubtful",
          [point(x, y, HOSTILE, 0.5) for x, y in places[:: len(places) // 5]])
    chance = random.Random(2)
    write(folder, "many",
          [point(chance.gauss(11.5, 0.02), chance.gauss(48.1, 0.012), "car", 0.9)
           for _ in range(20000)])
    ring = box(west, south, east, north)
    write(folder, "zones", [{"type": "Feature", "properties": {"name": HOSTILE},
                             "geometry": {"type": "Polygon", "coordinates": ring}}])
    write(folder, "imagery", [point(*places[0], "car", 0.9)])
    write(folder, "kinds", kinds(places))
    write(folder, "classless", classless(*places[0]))
    write(folder, "pacific", pacific())


main(sys.argv[1])
