# Rows that are dense together get the number of their cluster, or become its shape.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Numbers to six digits: their last are those of the C library's sine.
show() {
    sed -E -e 's/([0-9]+\.[0-9]{6})[0-9]+/\1/g' -e 's/ -0\.000000/ 0.000000/g' "$1"
}

# Two rows of five, a border row between both, which goes to the lower one, and noise.
cat >plane.csv <<END
id,class,x,y
b,bus,10,0
b,car,11,0
b,car,12,0
b,car,13,0
a,car,0,0
a,car,1,0
a,bus,2,0
a,car,3,0
between,car,6.5,0
noise,car,100,100
nowhere,,,
END
try cluster plane.csv --x x --y y --eps 3.5 --min-points 4 -o rows.csv
show rows.csv
try cluster plane.csv --x x --y y --eps 3.5 --min-points 4 --by class -q -o by.csv
show by.csv
try cluster plane.csv --x x --y y --eps 3.5 --min-points 4 --shapes hull -q -o hull.csv
show hull.csv
try cluster plane.csv --x x --y y --eps 1 --min-points 1 --by id --shapes hull -q -o id.csv
show id.csv

# Metres on the ellipsoid: just so far counts, also across the antimeridian and a pole.
cat >globe.csv <<END
id,lon,lat
east,179.9999,0
west,-179.9999,0
also west,-179.9998,0
across the pole,90,89.9999
from the pole,-90,89.9999
a turn,20,50
a turn further,-340,50.0001
END
for eps in 22.26m 22.27m; do
    try cluster globe.csv --eps $eps --min-points 2 -q -o globe$eps.csv
    show globe$eps.csv
done
try cluster globe.csv --eps 50m --min-points 2 --shapes hull -q -o hulls.csv
show hulls.csv

# Any geometry, at its middle; a box across the antimeridian is there.
cat >shapes.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"id": 1}, "geometry":
 {"type": "Polygon", "coordinates": [[[10, 50], [10.0002, 50], [10.0002, 50.0002], [10, 50]]]}},
{"type": "Feature", "properties": {"id": 2}, "geometry":
 {"type": "Point", "coordinates": [10.0001, 50.0001]}},
{"type": "Feature", "properties": {"id": 3}, "geometry":
 {"type": "MultiPolygon", "coordinates": [
  [[[179.9999, 0], [180, 0], [180, 0.0001], [179.9999, 0.0001], [179.9999, 0]]],
  [[[-180, 0], [-179.9999, 0], [-179.9999, 0.0001], [-180, 0.0001], [-180, 0]]]]}},
{"type": "Feature", "properties": {"id": 4}, "geometry":
 {"type": "Point", "coordinates": [-179.99995, 0.0001]}},
{"type": "Feature", "properties": {"id": 5}, "geometry":
 {"type": "GeometryCollection", "geometries": []}},
{"type": "Feature", "properties": {"id": 6}, "geometry": null}]}
END
try cluster shapes.geojson --eps 15m --min-points 2 -o shapes.csv
cut -d, -f1,2 shapes.csv
try cluster shapes.geojson --eps 15m --min-points 2 --shapes buffer -q -o buffers.csv
cut -d, -f1-6 buffers.csv | show /dev/stdin

# A town in another CRS: the same clusters, for any number of threads.
scene --out town.tif --truth truth.geojson --size 2000x2000 --objects 500 --seed 3 >.out 2>&1
ogr2ogr -q -t_srs EPSG:32633 utm.gpkg truth.geojson
elcano cluster truth.geojson --eps 8m --min-points 4 --threads 1 -q -o 1.csv
elcano cluster utm.gpkg --eps 8m --min-points 4 --threads 3 -q -o 3.csv
for name in 1 3; do
    elcano sql "SELECT cluster, lon, lat FROM input ORDER BY ALL" $name.csv -q -o sorted$name.csv
done
cmp sorted1.csv sorted3.csv && cut -d, -f1 sorted1.csv | sort -u | wc -l
elcano cluster truth.geojson --eps 8m --min-points 4 --shapes hull --threads 1 -q -o 1.geojson
elcano cluster truth.geojson --eps 8m --min-points 4 --shapes hull --threads 3 -q -o 3.geojson
sed 's/"name": .*//' 1.geojson >one && sed 's/"name": .*//' 3.geojson >three && cmp one three
