# Places on the map: detections in one CRS, the truth in another, and zones in a third.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - <<'END'
import json
def box(x, y, side=0.00005):
    return {"type": "Polygon", "coordinates": [[[x, y], [x + side, y], [x + side, y + side],
                                                [x, y + side], [x, y]]]}
def write(name, rows):
    features = [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]
    json.dump({"type": "FeatureCollection", "features": features}, open(name, "w"))
write("truth.geojson", [({"class": "car"}, box(11 + i / 1000, 48)) for i in range(4)])
write("found.geojson", [({"class": "car", "score": 0.9 - i / 10},
                         box(11 + i / 1000 + 0.00001, 48)) for i in range(3)] +
      [({"class": "car", "score": 0.1}, box(11.5, 48.5))])
write("zones.geojson", [({"name": "west"}, box(10.9995, 47.9995, 0.002)),
                        ({"name": "all <of> it"}, box(10, 47, 2)),
                        ({"name": None}, box(0, 0, 1))])
END
ogr2ogr -t_srs EPSG:32632 truth.gpkg truth.geojson
ogr2ogr -t_srs EPSG:3857 zones.gpkg zones.geojson
try evaluate found.geojson truth.gpkg --zones zones.gpkg --report map.html -o scores.gpkg
ogr2ogr -f CSV /vsistdout/ scores.gpkg classes | cut -d, -f1-17
ogr2ogr -f CSV /vsistdout/ scores.gpkg zones
# 0.00001 degrees of longitude there are 0.746 m (geodesic, WGS 84).
ogr2ogr -f CSV /vsistdout/ scores.gpkg -sql \
    "SELECT round(position_error_m, 2) AS m FROM classes WHERE class = 'all'"
grep -c 'all &lt;of&gt; it' map.html
grep -o '<tr>.*missed.*' map.html | sed 's/<[^>]*>/ /g' # what was missed, and where
try evaluate found.geojson zones.gpkg -q -o other.csv
