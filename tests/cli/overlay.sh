# Two tables laid over each other, and the geometries of one changed.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >fields.csv <<END
id,name,geometry
1,a,"POLYGON((0 0,4 0,4 4,0 4,0 0))"
2,b,"POLYGON((4 0,8 0,8 4,4 4,4 0))"
3,c,
4,d,"POLYGON((20 20,22 22,22 20,20 22,20 20))"
5,e,"LINESTRING(1 1,9 1)"
6,a,"POINT(3 3)"
END
cat >zones.csv <<END
id,zone,geometry
10,x,"POLYGON((2 2,6 2,6 6,2 6,2 2))"
11,y,"POLYGON((8 0,10 0,10 4,8 4,8 0))"
12,z,
13,w,"LINESTRING(0 3,12 3)"
END
printf 'id,geometry\n' >none.csv
for op in intersection difference symmetric-difference union; do
    try overlay fields.csv zones.csv --op $op -o $op.csv
    cat $op.csv
done
# One table: its rows stay.
try overlay fields.csv --op buffer --distance=-1 -o buffer.csv
cat buffer.csv
try overlay fields.csv --op make-valid -q -o valid.csv
cat valid.csv
try overlay fields.csv --op simplify --tolerance 1 -q -o simple.csv
try overlay fields.csv --op dissolve --by name -q -o dissolved.csv
cat dissolved.csv
# With nothing, all of the other is left.
try overlay none.csv zones.csv --op union -o empty.csv
# Two CRSs: the second table is brought to that of the first.
wkt() { ogr2ogr -a_srs $2 $1.gpkg $1.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO; }
printf 'a,geometry\n1,"POLYGON((500000 5400000,501000 5400000,501000 5401000,500000 5401000,500000 5400000))"\n' >utm.csv
printf 'b,geometry\n2,"POLYGON((15 48,16 48,16 49,15 49,15 48))"\n3,"POLYGON((15 91,16 91,16 92,15 91))"\n' >degrees.csv
wkt utm EPSG:32633
wkt degrees EPSG:4326
try overlay utm.gpkg degrees.gpkg --op intersection -o both.gpkg
try measure both.gpkg --planar --area -q -o both.csv
awk -F, 'NR > 1 { printf "%.3f\n", $NF }' both.csv
try overlay degrees.gpkg utm.gpkg --op difference -q -o hole.gpkg
try measure hole.gpkg --valid -q -o hole.csv
sed 's/".*"//' hole.csv
# A buffer in metres, whatever the CRS.
try overlay utm.gpkg --op buffer --distance 1km -q -o wide.gpkg
try measure wide.gpkg --area -q -o wide.csv
awk -F, 'NR > 1 { printf "%.0f ha\n", $NF / 1e4 }' wide.csv
# Names that both have, and the same bytes again.
try overlay fields.csv fields.csv --op intersection -q -o self.csv
head -1 self.csv
try overlay fields.csv fields.csv --op intersection --threads 3 -q -o again.csv
cmp self.csv again.csv
for op in intersection difference symmetric-difference union; do
    try overlay fields.csv zones.csv --op $op --threads 5 -q -o again_$op.csv
    cmp $op.csv again_$op.csv
done
try overlay fields.csv --op dissolve --by name --threads 5 -q -o again_dissolved.csv
cmp dissolved.csv again_dissolved.csv
# Rows that threads change together come in their order.
for n in 1 3; do
    try overlay fields.csv --op buffer --distance 1 --threads $n -q -o buffer$n.csv
done
cmp buffer1.csv buffer3.csv
# Of columns of degrees, points, on either side.
printf 'id,lon,lat\na,1,1\nb,,\nc,9,9\n' >degrees.csv
cat >square.geojson <<END
{"type": "Feature", "properties": {"s": 1}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}}
END
try overlay degrees.csv square.geojson --op intersection -q -o shared.csv
cat shared.csv
try overlay square.geojson degrees.csv --op symmetric-difference -q -o alone.csv
cat alone.csv
try overlay degrees.csv --op dissolve -q -o one.csv
cat one.csv
