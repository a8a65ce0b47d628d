# Rows meet by where they are.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# The shapes of zones are known.
show() {
    sed 's/"POLYGON[^"]*"/area/' "$1"
}

cat >zones.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"zone": "west"}, "geometry": {"type": "Polygon",
 "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}},
{"type": "Feature", "properties": {"zone": "east"}, "geometry": {"type": "Polygon",
 "coordinates": [[[2, 0], [4, 0], [4, 2], [2, 2], [2, 0]],
                 [[2.5, 0.5], [2.5, 1.5], [3.5, 1.5], [3.5, 0.5], [2.5, 0.5]]]}},
{"type": "Feature", "properties": {"zone": "nowhere"}, "geometry": null},
{"type": "Feature", "properties": {"zone": "bow"}, "geometry": {"type": "Polygon",
 "coordinates": [[[10, 0], [12, 2], [12, 0], [10, 2], [10, 0]]]}}]}
END
cat >points.csv <<END
id,lon,lat,score
inside,1,1,0.5
border,2,1,0.25
hole,3,1,1
rim,2.5,1,
outside,9,9,2
bow,11.5,1,4
none,,,8
END
try join points.csv zones.geojson --predicate within --how left -o within.csv
cat within.csv
try join points.csv zones.geojson --predicate intersects -q -o intersects.csv
show intersects.csv
try join points.csv zones.geojson --predicate touches -q -o touches.csv
show touches.csv
try join points.csv zones.geojson --predicate disjoint --how semi -q -o disjoint.csv
cut -d, -f1 disjoint.csv
try join points.csv zones.geojson --predicate intersects --how anti -q -o anti.csv
cut -d, -f1 anti.csv
try join points.csv zones.geojson --ownership -q -o owned.csv
show owned.csv

# Zones with what lies in them.
try join zones.geojson points.csv --predicate intersects --count --sum score \
    --mean score --how left -q -o counts.csv
show counts.csv
try join zones.geojson points.csv --predicate contains --count -q -o counts_inner.csv
show counts_inner.csv

# Within a distance: metres on the ellipsoid, or units of the coordinates.
try join points.csv points.csv --distance 60000m -q -o near.csv
show near.csv
try join points.csv zones.geojson --distance 0.5 --how semi -q -o near_units.csv
cut -d, -f1 near_units.csv

# Another CRS is brought to the left one's.
ogr2ogr -q -t_srs EPSG:32631 utm.gpkg zones.geojson
try join points.csv utm.gpkg --predicate within -q -o utm.csv
grep -c inside utm.csv
# Columns of any names.
printf 'id,e,n\na,1,1\n' >named.csv
try join named.csv zones.geojson --predicate within --x e --y n -q -o named_in.csv
cat named_in.csv

# Tables without rows.
printf 'id,lon,lat\n' >empty.csv
printf '"String","Real","Real"\n' >empty.csvt
printf '{"type": "FeatureCollection", "features": []}' >no_zones.geojson
try join empty.csv zones.geojson --predicate within --how left -q -o none.csv
cat none.csv
try join points.csv no_zones.geojson --predicate within --how left -q -o all.csv
wc -l <all.csv
try join points.csv no_zones.geojson --predicate within -q -o few.csv
wc -l <few.csv

# The same rows from any number of threads, and those of a loop over all pairs.
python3 - <<'END'
import random
random.seed(5)
with open("many.csv", "w") as file:
    file.write("id,lon,lat\n")
    for i in range(4000):
        file.write(f"{i},{random.uniform(0, 9):.3f},{random.randrange(28) / 3:.6f}\n")
with open("boxes.csv", "w") as file:
    file.write("box,WKT\n")
    for i in range(200):
        x, y, w, h = (random.randrange(90) / 10 for _ in range(4))
        file.write(f'{i},"POLYGON (({x} {y},{x + w} {y},{x + w} {y + h},{x} {y + h},{x} {y}))"\n')
END
for predicate in within intersects touches; do
    elcano join many.csv boxes.csv --predicate $predicate -q --threads 1 --overwrite -o one.csv
    elcano join many.csv boxes.csv --predicate $predicate -q --threads 3 --overwrite -o three.csv
    cmp one.csv three.csv
    python3 - $predicate <<'END'
import csv, re, sys
def inside(x, y, b): return b[0] < x < b[2] and b[1] < y < b[3]
def meets(x, y, b): return b[0] <= x <= b[2] and b[1] <= y <= b[3]
rule = {"within": inside, "intersects": meets,
        "touches": lambda *a: meets(*a) and not inside(*a)}[sys.argv[1]]
read = lambda name: list(csv.DictReader(open(name)))
boxes = []
for row in read("boxes.csv"):
    n = [float(v) for v in re.findall(r"[-\d.e]+", row["WKT"][9:])]
    if n[0] < n[4] and n[1] < n[5]:
        boxes.append((row["box"], (n[0], n[1], n[4], n[5])))
expected = [(p["id"], name) for p in read("many.csv") for name, b in boxes
            if rule(float(p["lon"]), float(p["lat"]), b)]
known = {name for name, _ in boxes}
got = [(r["id"], r["box"]) for r in read("three.csv") if r["box"] in known]
assert got == expected and got, (len(got), len(expected))
print("as many", sys.argv[1], "as a loop finds")
END
done 2>warnings
sort -u warnings

# What cannot be meant.
try join points.csv zones.geojson --predicate near -o out.csv
try join points.csv zones.geojson --predicate within --on id -o out.csv
try join points.csv zones.geojson --predicate within --distance 5 -o out.csv
try join points.csv zones.geojson --distance -5 -o out.csv
try join points.csv zones.geojson --ownership --predicate within -o out.csv
try join points.csv zones.geojson --ownership --count -o out.csv
try join points.csv zones.geojson --predicate within --x lon -o out.csv
try join points.csv zones.geojson --predicate within --x lon --y id -o out.csv
try join points.csv zones.geojson --predicate within --count --how semi -o out.csv
try join zones.geojson points.csv --predicate intersects --sum scores -o out.csv
try join zones.geojson points.csv --predicate intersects --mean id -o out.csv
printf 'a,b\n1,2\n' >placeless.csv
try join placeless.csv zones.geojson --predicate within -o out.csv
test ! -e out.csv
