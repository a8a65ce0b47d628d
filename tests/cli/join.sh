# Images get the columns of a table that is kept elsewhere.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >images.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "a.tif", "catalog_id": "1040010012345678"},
 "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}},
{"type": "Feature", "properties": {"name": "b.tif", "catalog_id": "103001004E123400"},
 "geometry": {"type": "Point", "coordinates": [12.5, 49.1]}},
{"type": "Feature", "properties": {"name": "c.tif", "catalog_id": null},
 "geometry": {"type": "Point", "coordinates": [13.5, 50.1]}}]}
END
cat >records.csv <<END
catalog_id,cloud,name,acquired
"103001004E123400",0.25,Bremen,2024-05-01
"1040010012345678",0.5,Augsburg,2024-05-02
"1040010012345678",0.75,Augsburg,2024-06-02
,1,nowhere,2024-07-02
END
try join images.geojson records.csv --on catalog_id -o joined.gpkg
ogrinfo -q joined.gpkg rows
try join images.geojson records.csv --on catalog_id --how left -q -o left.csv
cat left.csv
try join images.geojson records.csv --on catalog_id --how anti -q -o -
try join records.csv images.geojson --on catalog_id --how semi -q -o semi.csv
cat semi.csv

# Without quotes an id is a number, and text is compared with it, with a warning.
printf 'record,cloud\n1040010012345678,0.5\n0042,0.1\n' >plain.csv
try join images.geojson plain.csv --on catalog_id=record -q -o plain_joined.csv
cat plain_joined.csv

# Names that a database takes for one.
printf 'CATALOG_ID,Name,ID\n"1040010012345678",x,7\n' >upper.csv
try join images.geojson upper.csv --on catalog_id=CATALOG_ID -q -o upper.gpkg
ogrinfo -q upper.gpkg rows
# The table without places gets those of the other.
try join records.csv images.geojson --on catalog_id -q -o places.geojson
grep -c '"type": "Point"' places.geojson
# Both have places: the right ones are a column of text.
try join images.geojson images.geojson --on catalog_id -q -o both.csv
cat both.csv
# A table of a header line only has no types, and matches nothing.
printf 'cloud,sky\n' >header.csv
try join records.csv header.csv --on cloud --how left -q -o unmatched.csv
cat unmatched.csv
