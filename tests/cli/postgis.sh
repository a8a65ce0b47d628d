# Tables of a PostGIS database, written and read, on a server of the session's own.
# SPDX-License-Identifier: Apache-2.0
[ "${ELCANO_POSTGRES:-}" ] || exec "$HERE/postgres" sh "$0"
. "$HERE/toys"
. "$HERE/interrupt"
db=PG:dbname=postgres

# Every type and every bit, NULLs, odd texts; what is stated of the table.
cat >types.geojson <<'END'
{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"n":1,"big":20000000000,"x":0.1234567890123456,"ok":true,"at":"2024-05-01T10:20:30.123Z","day":"2024-05-01","text":"a\tb\\N 'q' \"d\"\né","list":[1,2],"Odd \"name'":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
{"type":"Feature","properties":{"n":2,"text":""},"geometry":null},
{"type":"Feature","properties":{"n":null,"x":1e300,"text":"\\N"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}}]}
END
try pass types.geojson -o "$db:types"
psql -c '\d types'
psql -Atc 'SELECT fid, n, big, x, ok, at, day, text, list, ST_AsText(geometry) FROM types'
elcano pass types.geojson -q -o before.csv
elcano pass "$db:types" -q -o after.csv
cmp before.csv after.csv && echo the same
try pass types.geojson -o "$db:types"
try pass types.geojson -o "postgresql:///postgres:types" --overwrite

# Kinds of shapes, heights, CRSs with and without a number, none, tables in schemas.
cat >shapes.py <<'END'
import json, sys
json.dump({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"n": i}, "geometry": {"type": t, "coordinates": c}}
    for i, (t, c) in enumerate(eval(sys.argv[1]))]}, open("shapes.geojson", "w"))
END
kind() {
    python3 shapes.py "$1"
    elcano pass shapes.geojson -q --overwrite -o "$db:shapes"
    psql -Atc "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE
        attrelid = 'shapes'::regclass AND attname = 'geometry'" \
        -c "SELECT ST_AsEWKT(geometry) FROM shapes ORDER BY fid"
}
kind '[("Point",[1,2,3]), ("Point",[4,5,6])]'
kind '[("Point",[1,2,3]), ("Point",[4,5])]'
kind '[("Point",[1,2]), ("LineString",[[1,2],[3,4]])]'
printf 'name,x,y\na,500000,4982950.4\n' >xy.csv
"$BUILD/elcano" project xy.csv --from EPSG:32633 --to EPSG:32633 --x x --y y -q -o utm.gpkg
psql -q -c 'CREATE SCHEMA other'
elcano pass utm.gpkg -q -o "$db:other.utm"
psql -Atc 'SELECT ST_AsEWKT(geometry), name FROM other.utm'
elcano pass "$db:other.utm" -q -o - | cut -c 40-
own='+proj=laea +lat_0=10 +lon_0=20 +ellps=WGS84'
for table in one two; do
    ogr2ogr -f GPKG -a_srs "$own" own.gpkg utm.gpkg
    elcano pass own.gpkg -q -o "$db:$table"
done
psql -Atc "SELECT srid, srtext LIKE '%Azimuthal%' FROM spatial_ref_sys WHERE srid > 900000" \
    -c 'SELECT ST_SRID(geometry) FROM one UNION ALL SELECT ST_SRID(geometry) FROM two'
printf 'a,geometry\n1,POINT (1 2)\n' >none.csv
elcano pass none.csv -q -o "$db:none"
psql -Atc 'SELECT a, ST_AsEWKT(geometry) FROM none'
elcano make-points a b --model m --rows 2 -q -o "$db:points"
psql -Atc 'SELECT count(*) FROM points' -c 'SELECT * FROM points_files'

# What others made: a view, arrays, json, geography, numbers of any length.
psql -q <<'END'
CREATE TABLE made (id serial PRIMARY KEY, a int[], j jsonb, u numeric(30,5), b bytea,
    t time, at timestamp, g geography(Point, 4326));
INSERT INTO made (a, j, u, b, t, at, g) VALUES ('{1,2}', '{"k": [1]}', 1.5, '\x0001',
    '10:20:30', '2024-05-01 10:20:30', 'POINT(7 51)'), (NULL, NULL, NULL, NULL, NULL, NULL,
    NULL);
CREATE VIEW seen AS SELECT a, g FROM made WHERE id = 1;
CREATE TABLE plain (k text);
INSERT INTO plain VALUES ('no place');
END
for table in made seen plain public.plain; do
    elcano pass "$db:$table" -q -o -
done

# Rows of one SRID are that, though the column states none; of two they are no table. A
# geography is in longitude and latitude.
psql -q <<'END'
CREATE TABLE alike (n int, geometry geometry);
INSERT INTO alike VALUES (0, NULL), (1, 'SRID=32633;POINT(500000 5000000)');
CREATE TABLE mixed (n int, geometry geometry);
INSERT INTO mixed VALUES (0, NULL), (1, 'SRID=4326;POINT(1 2)'),
    (2, 'SRID=32633;POINT(500000 5000000)');
CREATE TABLE globe (n int, g geography);
INSERT INTO globe VALUES (1, 'POINT(7 51)');
END
elcano pass "$db:alike" -q -o alike.gpkg
ogrinfo -al -so alike.gpkg 2>/dev/null | grep -c 'UTM zone 33N'
try pass "$db:mixed" -o -
elcano pass "$db:globe" -q -o -

# Names with blanks and other letters; ones that PostgreSQL would cut.
try pass types.geojson -o "$db:Ünï Ça"
try pass "$db:Ünï Ça" -q -o - | wc -l
try pass types.geojson -o "$db:$(printf '%080d' 0 | tr 0 a)"

# A failure half-way, and a cancelled run, leave the old table as it was, and no other.
{
    echo n,geometry
    seq 1 3000 | sed 's/$/,POINT (1 2)/'
    echo '4,1 north'
} >broken.csv
try pass broken.csv -o "$db:types" --overwrite
interrupt SIGINT "$toys" make-points a --model m --rows 1000 --pause 20 --warn begun \
    -o "$db:types" --overwrite
sh -c 'timeout -s KILL 1 "$@"; exit $?' - "$toys" make-points a --model m --rows 1000 \
    --pause 20 -o "$db:types" --overwrite 2>err || echo killed
psql -Atc 'SELECT count(*) FROM types'
psql -Atc "SELECT count(*) FROM pg_class WHERE relname ~ '^elcano_'"

# Passwords are in no message; neither is a table read and replaced in one run.
secret="$db password=hunter2 options='-c geqo=off'"
try pass "$secret:types" -o "$secret:types" --overwrite
try pass types.geojson -o "$secret:types"
try pass "$secret:types" --progress json -o "$secret:copy"
try pass "$secret:nix" -o - | cut -d';' -f1
try pass "PG:dbname=nix password=hunter2:t" -o - | sed 's/socket.*failed/socket failed/'
try pass "PG:dbname=postgres password=hunter2 2:t" -o -
try pass "PG:dbname=postgres password='hunter2:t" -o -
try pass types.geojson -o "postgresql://tester:hunter2@127.0.0.1:1/nix:t" | cut -d'?' -f1
psql -q -c 'CREATE DATABASE bare TEMPLATE template0'
try pass types.geojson -o "PG:dbname=bare:t"
# By another name it can be: the reader is through when the writer takes its place.
try pass "$db:types" -o "postgresql:///postgres:types" --overwrite
