# A town in frames that overlap: each planted vehicle is one row, and whole.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

scene --out town.tif --truth truth.geojson --size 2000x1500 --objects 300 --seed 7 --code-only 2>/dev/null >&2
python3 "$SOURCE/tools/instrument.py" exact.onnx
elcano chips town.tif --chip 700 --overlap 300 --pixels tif --out-dir frames -q >/dev/null
ls frames/*.tif | wc -l
try detect frames --model exact.onnx -o frames.gpkg
try dedupe frames.gpkg:detections --images frames.gpkg:images --within any -o counted.gpkg
# The same in the run itself, whatever the threads; parts know too little.
try detect frames --model exact.onnx --dedupe -o run.gpkg
elcano detect frames --model exact.onnx --dedupe --threads 3 -q -o threads.gpkg 2>/dev/null
cmp run.gpkg threads.gpkg
rows() { ogr2ogr -f CSV /vsistdout/ $1 detections -select id,n_images; }
rows counted.gpkg >counted.csv
rows run.gpkg | cmp - counted.csv
ogrinfo -q run.gpkg images -where "image = 'town_0_0.tif'" | grep -c POLYGON
try detect frames --model exact.onnx --dedupe --part-units 2 -o parts.gpkg
# Against the truth: the same class, and a place nearer than 0.1 m, one to one.
ogr2ogr -f GeoJSON counted.geojson counted.gpkg detections
python3 - <<'END'
import json, math
def centres(path):
    out = []
    for f in json.load(open(path))["features"]:
        ring = f["geometry"]["coordinates"][0][:4]
        out.append((sum(p[0] for p in ring) / 4, sum(p[1] for p in ring) / 4,
                    f["properties"]["class"]))
    return out
truth, found = centres("truth.geojson"), centres("counted.geojson")
def metres(a, b):
    return math.hypot((a[0] - b[0]) * 111320 * math.cos(math.radians(a[1])),
                      (a[1] - b[1]) * 111200)
right = sum(any(t[2] == f[2] and metres(t, f) < 0.1 for f in found) for t in truth)
print(len(truth), "planted,", len(found), "rows,", right, "right")
END
