# Parquet is written and read, whole or not at all.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"
. "$HERE/interrupt"

cat >a.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "first", "n": 1},
 "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}},
{"type": "Feature", "properties": {"name": null, "n": 2}, "geometry": null}]}
END
try project a.geojson --to EPSG:32632 -o utm.parquet
try project utm.parquet --to EPSG:4326 -q -o -
try measure utm.parquet --planar --bounds -q -o again.geoparquet
try sql "SELECT n, xmin > 600000 AS east FROM input ORDER BY n" again.geoparquet -q -o -
try project a.geojson --to EPSG:32632 -o utm.parquet
try project a.geojson --to EPSG:32632 -q -o utm.parquet --overwrite
# No geometry, no rows.
printf 'a,b\n1,"x"\n' >plain.csv
try sql "SELECT * FROM input WHERE a > 1" plain.csv -q -o none.parquet
try sql "SELECT count(*) AS n FROM input" none.parquet -q -o -
# What is no Parquet.
cp plain.csv wrong.parquet
try measure wrong.parquet
try measure nowhere.parquet
# Ctrl-C leaves nothing.
interrupt SIGINT "$BUILD/elcano" sql "SELECT i, i::VARCHAR AS t, random() AS r FROM
    range(100000000000) x(i), input" plain.csv --progress json -o long.parquet
ls -A
