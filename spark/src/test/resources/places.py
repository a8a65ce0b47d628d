"""Two tables of places that joins find hard, in the folder where it runs.

Points on corners, borders and the antimeridian, boxes of all sizes, lines, doubles, what is
empty, NULL or not valid; and columns of equal names.
SPDX-License-Identifier: Apache-2.0
"""

import json
import random


def box(x, y, w, h):
    return {"type": "Polygon",
            "coordinates": [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]]}


def point(x, y):
    return {"type": "Point", "coordinates": [x, y]}


def line(*points):
    return {"type": "LineString", "coordinates": [list(p) for p in points]}


ODD = [
    None,
    {"type": "Polygon", "coordinates": []},
    {"type": "GeometryCollection", "geometries": []},
    {"type": "Polygon", "coordinates": [[[0, 0], [4, 4], [4, 0], [0, 4], [0, 0]]]},
    {"type": "MultiPoint", "coordinates": [[1, 1], [9, 9]]},
    {"type": "MultiPolygon", "coordinates": [box(-3, -3, 2, 2)["coordinates"],
                                             box(7, 7, 2, 2)["coordinates"]]},
    box(170, 0, 20, 10),
    box(-190, -5, 15, 12),
    box(-180, 0, 5, 5),
    box(-20, -20, 60, 50),
    point(180, 5),
    point(-180, 5),
    point(179.5, 5),
    point(-175, 5),
    point(185, 5),
    line((178, 1), (182, 4)),
]


def shapes(seed, points, boxes):
    draw = random.Random(seed)
    for _ in range(points):
        yield point(draw.randrange(-20, 40) / 2, draw.randrange(-20, 40) / 2)
    for _ in range(boxes):
        x, y = draw.randrange(-10, 18), draw.randrange(-10, 18)
        yield box(x, y, draw.choice([1, 1, 2, 3, 8]), draw.choice([1, 1, 2, 5]))
    for _ in range(10):
        yield line(*((draw.randrange(-10, 20), draw.randrange(-10, 20)) for _ in range(3)))
    yield from ODD


def write(name, shapes, fields):
    rows = [{"type": "Feature", "properties": fields(i), "geometry": shape}
            for i, shape in enumerate(shapes)]
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": rows}, file)


write("left.geojson", shapes(1, 120, 30),
      lambda i: {"id": i, "class": "abc"[i % 3], "value": i / 4})
write("right.geojson", [*shapes(2, 20, 60), box(0, 0, 5, 5), box(0, 0, 5, 5)],
      lambda i: {"ID": i, "zone": f"z{i % 7}", "value": None if i % 5 == 0 else i,
                 "ID_right": -i})
write("nothing.geojson", [None], lambda i: {"id": i})
with open("points.csv", "w", encoding="utf-8") as file:
    print("name,lon,lat", file=file)
    for i, shape in enumerate(shapes(3, 100, 0)):
        if shape and shape["type"] == "Point":
            print("p%d,%s,%s" % (i, *shape["coordinates"]), file=file)
    print("none,,", file=file)
