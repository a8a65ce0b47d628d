# Detections are held against what a map says there.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Metres to the millimetre: their last digits are those of the C library's sine.
show() {
    sed -E -e 's/([0-9]+\.[0-9]{3})[0-9]+/\1/g' -e 's/"(POI|POLY|MULTI)[^"]*"/shape/g' "$1"
}
land() {
    python3 - "$1" <<'END'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT class, land_use, n_detections FROM land_use"):
    print(*row)
END
}

# A lake with an island, a street, a house, a car park, and a runway beyond the sea.
python3 - <<'END'
nodes, ways = [], []
def way(id, points, **tags):
    refs = []
    for x, y in points:
        nodes.append(f'<node id="{len(nodes) + 1}" lon="{x}" lat="{y}"/>')
        refs.append(len(nodes))
    if points[0] == points[-1]:
        refs[-1] = refs[0]
    tag = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
    ways.append(f'<way id="{id}">' + "".join(f'<nd ref="{r}"/>' for r in refs) + tag + "</way>")
def box(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
way(11, box(10.000, 50.000, 10.010, 50.010))
way(12, box(10.004, 50.004, 10.006, 50.006))
way(13, [(10.012, 50.000), (10.012, 50.010)], highway="residential", name="Long Street")
way(14, box(10.014, 50.002, 10.016, 50.004), building="yes", name="The House &amp; Co")
way(15, box(10.014, 50.006, 10.016, 50.008), amenity="parking")
way(16, box(10.018, 50.002, 10.019, 50.004), building="parking", amenity="parking")
way(17, [(10.050, 50.000), (10.060, 50.000)], aeroway="runway", highway="no")
way(18, [(10.050, 50.010), (10.060, 50.010)], highway="footway")
relation = ('<relation id="1"><member type="way" ref="11" role="outer"/>'
    '<member type="way" ref="12" role="inner"/><tag k="type" v="multipolygon"/>'
    '<tag k="natural" v="water"/><tag k="name" v="Lake"/></relation>')
with open("town.osm", "w") as file:
    file.write('<?xml version="1.0"?>\n<osm version="0.6">' + "\n".join(nodes + ways)
               + relation + "</osm>\n")
END
cat >cars.geojson <<'END'
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"id": 1, "class": "car", "what": "in the lake"},
 "geometry": {"type": "Point", "coordinates": [10.002, 50.002]}},
{"type": "Feature", "properties": {"id": 2, "class": "car", "what": "on the island"},
 "geometry": {"type": "Point", "coordinates": [10.005, 50.005]}},
{"type": "Feature", "properties": {"id": 3, "class": "truck", "what": "on the roof"},
 "geometry": {"type": "Polygon", "coordinates": [[[10.0148, 50.0028], [10.0152, 50.0028], [10.0152, 50.0032], [10.0148, 50.0032], [10.0148, 50.0028]]]}},
{"type": "Feature", "properties": {"id": 4, "class": "car", "what": "on the street"},
 "geometry": {"type": "Point", "coordinates": [10.01205, 50.005]}},
{"type": "Feature", "properties": {"id": 5, "class": "bus", "what": "in the car park"},
 "geometry": {"type": "Point", "coordinates": [10.015, 50.007]}},
{"type": "Feature", "properties": {"id": 6, "class": "car", "what": "on the parking house"},
 "geometry": {"type": "Point", "coordinates": [10.0185, 50.003]}},
{"type": "Feature", "properties": {"id": 7, "class": "car", "what": "on the runway"},
 "geometry": {"type": "Point", "coordinates": [10.055, 50.00005]}},
{"type": "Feature", "properties": {"id": 8, "class": "car", "what": "far from all"},
 "geometry": {"type": "Point", "coordinates": [10.2, 50.2]}},
{"type": "Feature", "properties": {"id": 9, "class": "car", "what": "nowhere"},
 "geometry": null},
{"type": "Feature", "properties": {"id": 10, "class": null, "what": "without a class, on the roof"},
 "geometry": {"type": "Point", "coordinates": [10.015, 50.0035]}}]}
END
try check cars.geojson --osm town.osm --rules vehicles -o doubtful.csv
show doubtful.csv
try check cars.geojson --osm town.osm --rules vehicles -q -o doubtful.gpkg
land doubtful.gpkg

# Rules of one's own, for some classes; layers take the place of OSM's themes.
cat >rules.csv <<'END'
class,rule,relation,theme,distance_m,reason
truck|Bus,must,within,parking,,"trucks and ""buses"" park"

car,must,near,road,5,cars drive
tram,must,near,road,5,so do trams
*,must_not,near,pond,100,no frog may be run over
END
cat >ponds.csv <<'END'
id,name,geometry
7,"Frogs, many",POINT(10.0122 50.005)
END
ogr2ogr -q -f GPKG -a_srs OGC:CRS84 -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO ponds.gpkg ponds.csv
ogr2ogr -q -t_srs EPSG:32632 utm.gpkg cars.geojson
try check cars.geojson --osm town.osm --rules ./rules.csv --layers pond=ponds.gpkg:ponds -o own.csv
show own.csv
try check utm.gpkg --osm town.osm --rules ./rules.csv --layers pond=ponds.gpkg -q -o utm.csv
show utm.csv
try check cars.geojson --rules ./rules.csv --layers pond=ponds.gpkg -o layers.csv
show layers.csv
try check cars.geojson --osm town.osm --rules vehicles --layers water=ponds.gpkg -q -o lakes.csv
show lakes.csv
for rules in ships aircraft buildings; do
    try check cars.geojson --osm town.osm --rules $rules -q -o $rules.csv
    cut -d, -f 3- $rules.csv | show /dev/stdin
done
# What the antimeridian cuts is in the middle of both pieces.
cat >east.geojson <<'END'
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"class": "ship"}, "geometry": {"type": "MultiPolygon",
 "coordinates": [[[[179.9, 0], [180, 0], [180, 0.1], [179.9, 0.1], [179.9, 0]]],
  [[[-180, 0], [-179.8, 0], [-179.8, 0.1], [-180, 0.1], [-180, 0]]]]}}]}
END
cat >reefs.geojson <<'END'
{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"name": "reef"}, "geometry": {"type": "Polygon",
 "coordinates": [[[-179.96, 0.04], [-179.94, 0.04], [-179.94, 0.06], [-179.96, 0.06], [-179.96, 0.04]]]}}]}
END
cat >reefs.csv <<'END'
class,rule,relation,theme,distance_m,reason
*,must_not,within,reef,,aground
END
try check east.geojson --layers reef=reefs.geojson --rules ./reefs.csv -q -o aground.csv
show aground.csv
# Places are columns of numbers, of detections and of layers, which are degrees whatever they are called.
cat >cars.csv <<'END'
id,class,lon,lat
1,car,10.002,50.002
2,car,10.01205,50.005
3,car,,50.005
4,car,10.002,95
END
sed 's/lon,lat/east,north/' cars.csv >named.csv
printf 'lat,lon,name\n50.005,10.0122,Frogs\n' >frogs.csv
try check cars.csv --osm town.osm --rules ./rules.csv --layers pond=frogs.csv -o placed.csv
show placed.csv
try check named.csv --x east --y north --osm town.osm --rules vehicles -q -o named_doubtful.csv
show named_doubtful.csv
# They are points in what is given, and a map of elsewhere is told.
elcano check cars.csv --osm town.osm --rules vehicles -q -o placed.geojson
ogrinfo -q -al placed.geojson | grep -c 'POINT (10'
sed 's/,10\./,11./' cars.csv >elsewhere.csv
try check elsewhere.csv --osm town.osm --rules vehicles -q -o nothing_near.csv
# What was checked can be checked again.
try check doubtful.gpkg --osm town.osm --rules vehicles -q -o again.csv
head -1 again.csv

# The same bytes for any number of threads; distances are those of nearest.
python3 - <<'END'
import random
random.seed(1)
with open("many.csv", "w") as file:
    file.write("id,class,geometry\n")
    for i in range(20000):
        x, y = 9.99 + random.random() * 0.09, 49.99 + random.random() * 0.03
        file.write(f'{i},{random.choice("abcd")},POINT({x} {y})\n')
END
ogr2ogr -q -f GPKG -a_srs OGC:CRS84 -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO many.gpkg many.csv
for threads in 1 3; do
    elcano check many.gpkg --osm town.osm --rules vehicles --threads $threads -q -o $threads.gpkg
done
cmp 1.gpkg 3.gpkg && land 1.gpkg
# What is within is what join finds there, by another index.
ogr2ogr -q -where "natural='water'" lake.gpkg town.osm multipolygons
elcano join many.gpkg lake.gpkg --predicate within -q -o joined.csv
python3 - <<'END'
import csv, sqlite3
wet = {str(r[0]) for r in sqlite3.connect("1.gpkg").execute(
    "SELECT id FROM doubtful WHERE theme = 'water'")}
print(len(wet), wet == {r["id"] for r in csv.DictReader(open("joined.csv"))})
END
cat >street.csv <<'END'
class,rule,relation,theme,distance_m,reason
*,must_not,near,street,100000,all
END
ogr2ogr -q -where "name='Long Street'" street.gpkg town.osm lines
elcano check many.gpkg --layers street=street.gpkg --rules ./street.csv -q -o far.csv
elcano nearest many.gpkg street.gpkg -q -o near.csv
python3 - <<'END'
import csv
far = {r["id"]: r["distance_m"] for r in csv.DictReader(open("far.csv"))}
near = {r["id"]: r["distance_m"] for r in csv.DictReader(open("near.csv"))}
print(len(far), far == near)
END
