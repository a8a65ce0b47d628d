# One row an object, of a table that anyone may have written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - <<'END'
import json
def box(x, y, w=1.8, h=4.5):
    x, y, w, h = 11 + x / 74490, 48 + y / 111200, w / 74490, h / 111200
    return {"type": "Polygon", "coordinates": [[[x - w / 2, y - h / 2], [x + w / 2, y - h / 2],
            [x + w / 2, y + h / 2], [x - w / 2, y + h / 2], [x - w / 2, y - h / 2]]]}
def write(name, rows):
    json.dump({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": p, "geometry": g} for p, g in rows]}, open(name, "w"))
def car(name, image, x, score, time="2024-05-01T10:00:00Z"):
    return ({"name": name, "image": image, "class": "car", "score": score, "time": time},
            box(x, 0))
cars = [car("a", "A", 0, 0.9), car("b", "B", 0.4, 0.5), car("next", "B", 2.9, 0.5),
        car("later", "C", 0.1, 0.9, "2024-05-01T10:05:00Z")]
write("found.geojson", cars + [({"name": "nowhere", "image": "A", "class": "car", "score": 1,
                                 "time": "2024-05-01T10:00:00Z"}, None)])
write("images.geojson", [({"image": "A"}, box(-40, 0, 90, 50)), ({"image": "B"}, box(30, 0, 90, 50)),
                         ({"image": "C"}, box(0, 0, 200, 200))])
write("nothing.geojson", [])
write("imageless.geojson", [({"class": "car"}, box(0, 0))])
write("texts.geojson", [({"image": "A", "time": "noon"}, box(0, 0))])
write("points.geojson", [({"image": i}, {"type": "Point", "coordinates": [11, 48]}) for i in "AB"])
END
names() { ogr2ogr -f CSV /vsistdout/ "$1" -select name,n_images; }
try dedupe found.geojson -o scored.gpkg
names scored.gpkg
try dedupe found.geojson --images images.geojson -o kept.gpkg
names kept.gpkg
try dedupe found.geojson --images images.geojson --within any -o any.gpkg -q
names any.gpkg
try dedupe found.geojson --within any --tolerance 3 -o wide.gpkg -q
names wide.gpkg
# In another CRS, and what was deduplicated once.
ogr2ogr -t_srs EPSG:32632 utm.gpkg found.geojson
try dedupe utm.gpkg --images images.geojson -o utm_kept.gpkg -q
names utm_kept.gpkg
try dedupe kept.gpkg:detections --within any -o again.gpkg -q
names again.gpkg
# What cannot be done leaves nothing behind.
try dedupe nothing.geojson -o x.gpkg
try dedupe imageless.geojson -o x.gpkg
try dedupe texts.geojson -o x.gpkg
try dedupe texts.geojson -o texts.gpkg --within any
try dedupe points.geojson -o x.gpkg
try dedupe points.geojson --tolerance 1 -q -o -
try dedupe found.geojson --images imageless.geojson -o x.gpkg
try dedupe found.geojson --images nothing.geojson -o x.gpkg
try dedupe found.geojson --tolerance 0 -o x.gpkg
try dedupe found.geojson --within never -o x.gpkg
ls x.gpkg 2>&1 || true
