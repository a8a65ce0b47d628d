# Outlines against outlines: oriented boxes, and what is wrong with some.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Narrow ships that cross: one envelope, and hardly any area that they share.
mkdir labels
cat >labels/a.txt <<END
imagesource:x
gsd:0.5
0 4 4 0 44 40 40 44 ship 0
100 100 120 100 120 120 100 120 ship 0
200 0 240 0 240 10 200 10 harbor 1
END
cat >found.csv <<END
image,class,score,geometry
"a.tif","ship",0.9,"POLYGON((40 0,44 4,4 44,0 40,40 0))"
"a.tif","ship",0.8,"POLYGON((0 4,4 0,44 40,40 44,0 4))"
"a.tif","ship",0.7,"POLYGON((110 95.8578643762690495,124.1421356237309505 110,110 124.1421356237309505,95.8578643762690495 110,110 95.8578643762690495))"
END
# What says how they were compared, and how good they are.
said() {
    python3 -c 'import json, sys
got = json.load(open(sys.argv[1]))
print(got["shapes"], *(round(got["all"][k], 4) for k in ("ap50", "ap75", "precision", "recall")))' \
        "$1"
    rm -f "$1"
}
try evaluate found.csv labels --score 0 --json got.json -q -o classes.csv
said got.json
try evaluate found.csv labels --score 0 --shapes box --json got.json -q -o boxes.csv
said got.json

# A square and the same turned by 45 degrees: an IoU of 1 / sqrt(2).
try evaluate found.csv labels --score 0 --iou 0.7071 --json got.json -q -o under.csv
said got.json
try evaluate found.csv labels --score 0 --iou 0.7072 --json got.json -q -o over.csv
said got.json

# Outlines beside boxes in pixels, as WKT; a row without is its box.
cat >both.csv <<END
image,class,score,xmin_px,ymin_px,xmax_px,ymax_px,shape_px
"a.tif","ship",0.8,0,0,44,44,"POLYGON((0 4,4 0,44 40,40 44,0 4))"
"a.tif","ship",0.7,100,100,120,120,
END
try evaluate both.csv labels --json got.json -q -o both.gpkg
said got.json
cut -d, -f-7 both.csv >plain.csv
try evaluate plain.csv labels --json got.json -o plain.gpkg
said got.json
try evaluate plain.csv labels --shapes polygon -q -o forced.csv

# What crosses itself has the area of its halves; what has none meets nothing.
cat >odd.csv <<END
image,class,score,geometry
"a.tif","ship",0.9,"POLYGON((100 100,120 120,120 100,100 120,100 100))"
"a.tif","ship",0.8,"POLYGON((100 100,120 120,100 100))"
"a.tif","ship",0.7,"MULTIPOLYGON(((100 100,110 100,110 120,100 120,100 100)),((110 100,120 100,120 120,110 120,110 100)))"
END
try evaluate odd.csv labels --score 0 --json got.json -q -o odd.gpkg
said got.json

for shape in 'POLYGON((0 0,1 nan,1 1,0 0))' 'POLYGON((0 0,1 1e12,1 1,0 0))' 'POINT(1 1)' \
    'POLYGON((0 0,1' 'POLYGON EMPTY' 'GEOMETRYCOLLECTION(POINT(1 1))' 'no'; do
    { head -1 both.csv; echo "\"a.tif\",\"ship\",0.8,0,0,44,44,\"$shape\""; } >bad.csv
    try evaluate bad.csv labels --shapes polygon -q -o bad.gpkg
done

# On the map: another CRS, and turned there.
python3 - <<'END'
import json, math
def ring(x, y, angle, w=20, h=6):
    c, s = math.cos(angle), math.sin(angle)
    p = [(x + a * c - b * s, y + a * s + b * c) for a, b in
         ((-w, -h), (w, -h), (w, h), (-w, h), (-w, -h))]
    return {"type": "Polygon", "coordinates": [p]}
def write(name, rows):
    json.dump({"type": "FeatureCollection",
               "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}},
               "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in rows]},
              open(name, "w"))
at = [(500000 + 100 * i, 5400000) for i in range(4)]
write("truth.geojson", [({"class": "ship"}, ring(*p, 0.7)) for p in at])
write("found.geojson", [({"class": "ship", "score": 0.9}, ring(*p, 0.7 if i < 2 else -0.7))
                        for i, p in enumerate(at)])
END
ogr2ogr -t_srs EPSG:4326 found.gpkg found.geojson
try evaluate found.gpkg truth.geojson --score 0 --json got.json -q -o map.csv
said got.json
try evaluate found.gpkg truth.geojson --score 0 --shapes box --json got.json -q -o map_boxes.csv
said got.json
