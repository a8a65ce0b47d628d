# What cannot be counted by cells is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'class,score,time,lon,lat\ncar,0.5,soon,0,0\n' >points.csv
printf 'id,x,y\n1,0,0\n' >plane.csv
printf 'id,name\n1,a\n' >bare.csv
try bin points.csv -o out.csv
try bin points.csv --hex 100m --quad 3 -o out.csv
try bin points.csv --hex 100 -o out.csv
try bin points.csv --hex 0m -o out.csv
try bin points.csv --quad 31 -o out.csv
try bin points.csv --geohash 0 -o out.csv
try bin points.csv --zones missing.gpkg -o out.csv
try bin points.csv --zones plane.csv -o out.csv
try bin points.csv --hex 100m --by kind -o out.csv
try bin points.csv --hex 100m --sum kind -o out.csv
try bin points.csv --hex 100m --sum class -o out.csv
try bin points.csv --hex 100m --day score -o out.csv
try bin points.csv --hex 100m --day time -o out.csv
try bin points.csv --hex 100m --per imaged-area -o out.csv
try bin points.csv --hex 100m --images points.csv -o out.csv
try bin bare.csv --hex 100m -o out.csv
try bin plane.csv --hex 100m --x x --y y -o out.csv
# More cells than can be held: a world of hexagons.
cat >world.geojson <<END
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
 {"type": "Polygon", "coordinates": [[[-90, -60], [90, -60], [90, 60], [-90, 60], [-90, -60]]]}}]}
END
try bin points.csv --hex 10m --images world.geojson -o out.csv
try bin points.csv --quad 20 --images world.geojson -o out.csv
ls
# A table without rows has no cells, and its columns.
printf 'lon,lat\n' >none.csv
try bin none.csv --hex 1km -q -o none_cells.csv
cat none_cells.csv
