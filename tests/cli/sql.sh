# Tables are asked by SQL.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >vehicles.geojson <<END
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"class": "car", "score": 0.9, "zone": 1},
 "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}},
{"type": "Feature", "properties": {"class": "bus", "score": 0.5, "zone": 2},
 "geometry": {"type": "Point", "coordinates": [11.6, 48.2]}},
{"type": "Feature", "properties": {"class": "car", "score": 0.7, "zone": 2},
 "geometry": {"type": "Point", "coordinates": [11.7, 48.3]}},
{"type": "Feature", "properties": {"class": null, "score": null, "zone": null},
 "geometry": null}]}
END
printf 'id,name\n1,"harbour"\n2,"old town"\n' >zones.csv
mkdir other
printf 'id,name\n1,"another"\n' >other/zones.csv

# Groups, in the order that is asked for; geometries pass through.
try sql "SELECT class, count(*) AS n, sum(zone) AS zones FROM input GROUP BY ALL ORDER BY ALL" \
    vehicles.geojson -q -o counts.csv
cat counts.csv
try sql "SELECT * FROM vehicles WHERE score > 0.6 ORDER BY score" vehicles.geojson -q -o -
# Tables by their files' names, by the layer's, by one that is given.
try sql "SELECT v.class, z.name, o.name AS other FROM input v JOIN zones z ON v.zone = z.id
    LEFT JOIN o ON v.zone = o.id" vehicles.geojson zones.csv o=other/zones.csv -q -o -
try sql --query 'SELECT count(*) AS n FROM "vehicles"' vehicles.geojson:vehicles nowhere.csv -q -o -
# Functions of Elcano's, over columns and over WKT.
try sql "SELECT class, st_x(geometry) AS x FROM input WHERE st_within(geometry,
    'POLYGON ((11 48, 11.65 48, 11.65 49, 11 49, 11 48))')" vehicles.geojson -q -o -
try sql "SELECT id, st_point(id, 48) AS place FROM input" zones.csv --crs EPSG:4326 -q -o -
# Types of every kind, and one row a second column of which has its name.
try sql "SELECT 1::UTINYINT AS a, 2.5 AS a, [1, 2] AS _l, {'k': 'v'} AS s, DATE '2024-05-01' AS d,
    TIMESTAMPTZ '2024-05-01 12:00:00+02:00' AS t FROM input LIMIT 1" zones.csv -q -o types.csv
cat types.csv
# A long scan is one thread's, so that sums are the same to the last digit.
for threads in 1 4; do
    try sql "SELECT sum(i / 7.0) AS s, max(i) AS m FROM range(300000) r(i), input GROUP BY i % 3" \
        zones.csv --threads $threads -q -o sum$threads.csv
done
cmp sum1.csv sum4.csv && cat sum1.csv
try help sql | head -20
