# Shapes across the antimeridian stay in one piece, and what has no place is told.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >zones.csv <<END
geometry,n
"POLYGON ((170 -10,190 -10,190 10,170 10,170 -10))",z
POINT(1e300 1),far
POINT(190 1),turned
END
printf 'lon,lat\n0,0\n180,0\n-175,5\n' >points.csv
try project zones.csv --from OGC:CRS84 -o zones.gpkg
try join points.csv zones.gpkg --predicate within -o -
try project zones.gpkg -o zones_again.csv
cat zones_again.csv
# Formats of longitude and latitude have them cut.
try read zones.gpkg -q -o zones.geojson
cat zones.geojson
try read zones.gpkg -q -o zones.kml
grep -o '<coordinates>[^<]*' zones.kml

# From metres, and back.
cat >utm.csv <<END
geometry,n
"POLYGON ((700000 -100000, 900000 -100000, 900000 100000, 700000 -100000))",u
END
try project utm.csv --from EPSG:32660 -o utm.gpkg
try join points.csv utm.gpkg --predicate within -o -
try project utm.gpkg --to EPSG:32660 -o back.csv
sed 's/\.[0-9]*//g' back.csv

cat >pole.csv <<END
geometry,n
"POLYGON ((1000000 1000000, -1000000 1000000, -1000000 -1000000, 1000000 -1000000, 1000000 1000000))",pole
END
# A ring round a pole is opened at 180 degrees and led along the pole.
try project pole.csv --from EPSG:3413 -o turned.csv
sed 's/\(\.[0-9]\{6\}\)[0-9]*/\1/g' turned.csv

# Distances in metres, of shapes beyond 180 and from a CRS that lies across it.
printf 'lon,lat\n0,2\n-175,2\n175,2\n185,2\n' >asked.csv
printf 'geometry,k\n"POLYGON ((170 -10,190 -10,190 10,170 10,170 -10))",z\n' >beyond.csv
try pipeline read beyond.csv ! project --from OGC:CRS84 -q ! write beyond.gpkg
try join asked.csv beyond.gpkg --distance 1km -q --overwrite -o near.csv
sed 's/"POLYGON[^"]*"/P/; s/\.[0-9]*,1$/,1/' near.csv
try aggregate asked.csv beyond.gpkg --distance 0m -q -o counts.csv
sed 's/^.*,//' counts.csv
cat >across.csv <<END
geometry,k
"POLYGON ((600000 -100000, 900000 -100000, 900000 100000, 600000 100000, 600000 -100000))",u
END
cat >polar.csv <<END
geometry,k
"POLYGON ((-500000 -500000, 500000 -500000, 500000 500000, -500000 500000, -500000 -500000))",p
END
project() { elcano project $1.csv --from $2 --to $2 -q -o $1.gpkg; }
project across EPSG:32660
project polar EPSG:3413
printf 'lon,lat\n0,0.5\n100,0.5\n180,0.5\n' >there.csv
try nearest there.csv across.gpkg -q --overwrite -o near.csv
sed 's/"POLYGON[^"]*"/P/; s/\.[0-9]*,1$/,1/' near.csv
printf 'lon,lat\n0,89\n-45,90\n170,88\n-170,86\n10,60\n' >north.csv
try nearest north.csv polar.gpkg -q --overwrite -o near.csv
sed 's/"POLYGON[^"]*"/P/; s/\.[0-9]*,1$/,1/' near.csv
try join north.csv polar.gpkg --distance 1km -q --overwrite -o near.csv
cut -d, -f1,2 near.csv
# A hole round the pole is not filled.
cat >holed.csv <<END
geometry,k
"POLYGON ((-900000 -900000, 900000 -900000, 900000 900000, -900000 900000, -900000 -900000), (-500000 -500000, 500000 -500000, 500000 500000, -500000 500000, -500000 -500000))",p
END
project holed EPSG:3413
try nearest north.csv holed.gpkg -q --overwrite -o near.csv
sed 's/"POLYGON[^"]*"/P/; s/\.[0-9]*,1$/,1/' near.csv
elcano project holed.gpkg -q -o turned_hole.csv
sed 's/\(\.[0-9]\{6\}\)[0-9]*/\1/g' turned_hole.csv
