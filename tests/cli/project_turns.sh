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
try project pole.csv --from EPSG:3413 -o pole.gpkg
