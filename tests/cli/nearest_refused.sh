# What has no nearest is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,lon,lat\n1,0,0\n' >left.csv
printf 'id,x,y\n1,0,0\n' >bare.csv
try nearest left.csv
try nearest left.csv bare.csv -o out.csv
try nearest left.csv left.csv --x lon -o out.csv
try nearest left.csv left.csv --x lon --y latt -o out.csv
try nearest bare.csv bare.csv --x x --y y -o out.csv
try nearest left.csv left.csv --k 0 -o out.csv
try nearest left.csv left.csv --k 10001 -o out.csv
try nearest left.csv left.csv --max-distance -1m -o out.csv
try nearest left.csv left.csv --max-distance far -o out.csv
try nearest left.csv left.csv --max-distance 5m --planar -o out.csv
try nearest left.csv left.csv --how outer -o out.csv
ls
# A table without places is nobody's neighbour.
cat >none.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "nowhere"}, "geometry": null}]}
END
try nearest left.csv none.geojson -o inner.csv
cat inner.csv
try nearest left.csv none.geojson --how left -o outer.csv
cat outer.csv
try nearest bare.csv bare.csv --x x --y y --planar -o plane.csv
cat plane.csv
