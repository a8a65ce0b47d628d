# Rows are counted by the cells that they are in, and by what images show of these.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Numbers to six digits: their last are those of the C library's sine.
show() {
    sed -E -e 's/([0-9]+\.[0-9]{6})[0-9]+/\1/g' "$1"
}

cat >cars.csv <<END
class,score,acquired,lon,lat
car,0.5,2026-05-01T23:59:59Z,10.0001,50.0001
car,0.7,2026-05-02T00:00:00Z,10.0002,50.0002
bus,,2026-05-01T12:00:00Z,10.0003,50.0003
car,0.9,,10.01,50.01
,1,1969-12-31T23:00:00Z,-190,0.5
car,0.1,2026-05-01T00:00:00Z,170,0.5
nowhere,1,2026-05-01T00:00:00Z,10,91
missing,1,2026-05-01T00:00:00Z,,50
END
try bin cars.csv --quad 12 --sum score --mean score -o quad.csv
show quad.csv
try bin cars.csv --geohash 5 --by class -q -o geohash.csv
cut -d, -f1-3 geohash.csv
try bin cars.csv --geohash 4 --day acquired -q -o days.csv
cut -d, -f1-3 days.csv
try bin cars.csv --hex 100km --by class --day acquired -q -o hex.csv
cut -d, -f1-4 hex.csv

# Cells across the antimeridian and round the poles are cut, and go round them.
printf 'lon,lat\n180,0.01\n-179.999,0.02\n0,90\n90,89.9\n0,-90\n' >edges.csv
try bin edges.csv --hex 500km -q -o edges.csv.geojson
elcano measure edges.csv.geojson --area --valid -q -o measured.csv
cut -d, -f2- measured.csv | sed -E 's/([0-9]{6})[0-9]*\.[0-9]+/\1/'

# Zones: one each, with their columns; those without rows too.
cat >zones.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"zone": "west", "count": 7}, "geometry":
 {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}},
{"type": "Feature", "properties": {"zone": "east", "count": 8}, "geometry":
 {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]}},
{"type": "Feature", "properties": {"zone": "empty", "count": 9}, "geometry":
 {"type": "Polygon", "coordinates": [[[5, 5], [6, 5], [6, 6], [5, 5]]]}},
{"type": "Feature", "properties": {"zone": "none", "count": 0}, "geometry": null}]}
END
printf 'class,lon,lat\ncar,0.5,0.5\nbus,1,0.5\ncar,1.5,0.5\ncar,3,3\n' >points.csv
try bin points.csv --zones zones.geojson --by class -o zoned.csv
cut -d, -f1-10 zoned.csv | sed 's/"[A-Z].*/shape/'

# What images show: half of the west twice, and a little of the east.
cat >images.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"image": "a", "error": null}, "geometry":
 {"type": "Polygon", "coordinates": [[[0, 0], [0.5, 0], [0.5, 1], [0, 1], [0, 0]]]}},
{"type": "Feature", "properties": {"image": "b", "error": null}, "geometry":
 {"type": "Polygon", "coordinates": [[[0, 0], [0.5, 0], [0.5, 1], [0, 1], [0, 0]]]}},
{"type": "Feature", "properties": {"image": "c", "error": null}, "geometry":
 {"type": "Polygon", "coordinates": [[[0.4, 0], [1.1, 0], [1.1, 0.1], [0.4, 0.1], [0.4, 0]]]}},
{"type": "Feature", "properties": {"image": "failed", "error": "not read"}, "geometry":
 {"type": "Polygon", "coordinates": [[[5, 5], [6, 5], [6, 6], [5, 6], [5, 5]]]}}]}
END
try bin points.csv --zones zones.geojson --images images.geojson --per imaged-area -o rates.csv
cut -d, -f1,3-6,7- rates.csv | sed 's/"[A-Z].*//' | show /dev/stdin
# An outline that is nowhere shows nothing, and is told.
sed '5s/\[0.5, 1\]/[0.5, 100]/' images.geojson >nowhere.geojson
try bin points.csv --zones zones.geojson --images nowhere.geojson --per imaged-area -o nowhere.csv
rm nowhere.*
# The parts of all cells are the union of the images, whatever the cells.
elcano overlay images.geojson --op dissolve --by error -q -o union.geojson
elcano measure union.geojson --area -q -o union.csv
for cells in "--hex 10km" "--quad 11" "--geohash 4" "--zones zones.geojson"; do
    elcano bin points.csv $cells --images images.geojson -q --overwrite -o seen.csv 2>/dev/null
    elcano sql "SELECT count(*) AS cells, sum(count) AS n, sum(imaged_m2) AS area FROM input" \
        seen.csv -q --overwrite -o sums.csv
    python3 - union.csv sums.csv "$cells" <<END
import csv, sys
whole = float(next(csv.DictReader(open(sys.argv[1])))["area_m2"])
sums = next(csv.DictReader(open(sys.argv[2])))
print(sys.argv[3], sums["cells"], "cells", sums["n"], "rows",
      "all of the union" if abs(float(sums["area"]) / whole - 1) < 1e-4 else sums["area"])
END
done

# Random points, against Python's own tiles and geohashes, and joins with the hexagons.
python3 - <<END
import random
random.seed(5)
with open("many.csv", "w") as file:
    file.write("id,lon,lat\n")
    for i in range(20000):
        file.write(f"{i},{random.gauss(13, 0.05):.9f},{random.gauss(52, 0.03):.9f}\n")
END
elcano bin many.csv --quad 15 -q -o tiles.csv
elcano bin many.csv --geohash 6 -q -o hashes.csv
python3 - <<END
import collections, csv, math

def tile(lon, lat, zoom=15):
    x = int((lon + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return "".join(str((x >> i & 1) + 2 * (y >> i & 1)) for i in reversed(range(zoom)))

def geohash(lon, lat, letters=6):
    sides, bits = [[-180.0, 180.0], [-90.0, 90.0]], 0
    for i in range(5 * letters):
        side, value = sides[i % 2], (lon, lat)[i % 2]
        middle = sum(side) / 2
        bits = bits * 2 + (value >= middle)
        side[value < middle] = middle
    return "".join("0123456789bcdefghjkmnpqrstuvwxyz"[bits >> 5 * i & 31]
                   for i in reversed(range(letters)))

points = [(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(open("many.csv"))]
for name, cell in ("tiles.csv", tile), ("hashes.csv", geohash):
    wanted = collections.Counter(cell(*p) for p in points)
    got = {r["cell"]: int(r["count"]) for r in csv.DictReader(open(name))}
    print(name, len(got), "cells", "as Python's" if got == wanted else "NOT as Python's")
END
elcano bin many.csv --hex 500m -q -o hexes.geojson
elcano aggregate many.csv hexes.geojson --predicate intersects -q -o counted.csv
elcano sql "SELECT count(*) AS cells, sum(count) AS rows, sum((count <> count_aggregated)::INT) AS differ
    FROM input" counted.csv -q -o compared.csv
cat compared.csv
# The same rows for any number of threads.
for threads in 1 3; do
    elcano bin many.csv --hex 500m --threads $threads -q -o hex$threads.csv
done
cmp hex1.csv hex3.csv && wc -l <hex1.csv
