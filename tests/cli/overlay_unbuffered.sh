# A geometry that has no buffer in metres is NULL and told, and the others have theirs.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >places.csv <<END
geometry,name
POINT (2 50),sound
POINT (1 95),beyond the pole
"LINESTRING (0 0, 60 0)",too long
POINT (3 50),sound too
END
ogr2ogr -a_srs OGC:CRS84 places.gpkg places.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try overlay places.gpkg --op buffer --distance 5km -o wide.csv
sed 's/POLYGON.*))/POLYGON/' wide.csv
