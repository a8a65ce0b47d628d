# What cannot be brought to another CRS is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'id,easting,northing,name\n1,500000,4982950,a\n2,500000,north,b\n' >survey.csv
printf 'geometry,x,y\na,1,2\n' >taken.csv
echo '{"type": "Point", "coordinates": [9, 50]}' >place.geojson
try project survey.csv
try project survey.csv --x easting --y northing -o out.csv
try project survey.csv --from EPSG:32633 --x easting -o out.csv
try project survey.csv --from EPSG:32633 --x easting --y norting -o out.csv
try project survey.csv --from EPSG:32633 --x easting --y northing -o out.csv
try project survey.csv --from nowhere --x easting --y id -o out.csv
try project survey.csv --from EPSG:5773 --x easting --y id -o out.csv
try project taken.csv --from EPSG:32633 --x x --y y -o out.csv
try project place.geojson --x x --y y -o out.csv
try project place.geojson --to EPSG:99999999 -o out.csv
ls
