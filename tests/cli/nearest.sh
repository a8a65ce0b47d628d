# Rows get the rows of another table that are nearest to them.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Metres to the millimetre: their last digits are those of the C library's sine.
show() {
    sed -E -e 's/([0-9]+\.[0-9]{3})[0-9]+/\1/g' -e 's/"(LINE|POLY|GEO)[^"]*"/shape/g' "$1"
}

cat >left.csv <<END
id,lon,lat
origin,0,0
date line,179.99,0
by the pole,10,89.9
without,,
on two,5,5
END
cat >right.csv <<END
id,lon,lat
north,0,1
east of 180,-179.99,0
across the pole,-170,89.9
first,5,5
second,5,5
without,,5
END
try nearest left.csv right.csv -o one.csv
show one.csv
try nearest left.csv right.csv --k 2 --how left -q -o two.csv
show two.csv
try nearest left.csv right.csv --max-distance 20km --k 9 -q -o reach.csv
show reach.csv
try nearest left.csv right.csv --max-distance 1 --how left -q -o units.csv
show units.csv
try nearest left.csv right.csv --planar -q -o plane.csv
show plane.csv

# Any geometry: inside is 0, and names that are there already are kept.
cat >places.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"rank": "road", "distance_m": 1}, "geometry":
 {"type": "LineString", "coordinates": [[-1, 0.5], [1, 0.5]]}},
{"type": "Feature", "properties": {"rank": "field", "distance_m": 2}, "geometry":
 {"type": "Polygon", "coordinates": [[[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]]}},
{"type": "Feature", "properties": {"rank": "empty", "distance_m": 3}, "geometry":
 {"type": "GeometryCollection", "geometries": []}},
{"type": "Feature", "properties": {"rank": "nowhere", "distance_m": 4}, "geometry": null}]}
END
try nearest left.csv places.geojson --max-distance 100km -o near.csv
show near.csv
try nearest places.geojson places.geojson --k 2 --how left -q -o both.csv
show both.csv

# Another CRS is brought to the left one's.
ogr2ogr -q -t_srs EPSG:32631 utm.gpkg places.geojson
try nearest left.csv utm.gpkg --max-distance 100km -q -o utm.csv
show utm.csv
printf 'easting,northing\n166021.443,0\n' >named.csv
try nearest named.csv utm.gpkg --x easting --y northing -o found.csv
show found.csv

# The same rows for any number of threads.
python3 - <<END
import random
random.seed(1)
for name, n in ("many", 20000), ("more", 5000):
    with open(name + ".csv", "w") as file:
        file.write("id,lon,lat\n")
        for i in range(n):
            file.write(f"{i},{random.randrange(-180, 181)},{random.randrange(-90, 91)}\n")
END
for threads in 1 3; do
    elcano nearest many.csv more.csv --k 3 --threads $threads -q -o $threads.csv
done
cmp 1.csv 3.csv && wc -l <1.csv
