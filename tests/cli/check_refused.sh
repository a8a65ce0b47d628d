# What cannot be checked is refused, and nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# Where tables are looked for differs from build to build.
looked() {
    try "$@" | sed 's/ in [^;]*; a file/ in FOLDERS; a file/'
}
point() {
    echo "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\",
\"properties\": {$1}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [1, 2]}}]}"
}
point '"class": "car"' >cars.geojson
point '"kind": "car"' >kinds.geojson
point '"class": 7' >numbers.geojson
point '"class": "car", "land_use": 7' >taken.geojson
printf 'class,name\ncar,a\n' >bare.csv
printf 'class,geometry\ncar,POINT(1 2)\n' >nowhere.csv
printf 'class,lon,lat\ncar,1,2\ncar,east,2\n' >words.csv
cat >town.osm <<'END'
<?xml version="1.0"?>
<osm version="0.6"><node id="1" lat="2" lon="1"><tag k="amenity" v="parking"/></node></osm>
END
head='class,rule,relation,theme,distance_m,reason'

try check cars.geojson -o out.csv
try check cars.geojson --osm town.osm -o out.csv
try check cars.geojson --rules vehicles -o out.csv
looked check cars.geojson --osm town.osm --rules vehicle -o out.csv
looked check cars.geojson --osm town.osm --rules cars -o out.csv
try check cars.geojson --osm town.osm --rules ./none.csv -o out.csv
try check cars.geojson --osm none.osm --rules vehicles -o out.csv
try check cars.geojson --osm cars.geojson --rules vehicles -o out.csv
try check cars.geojson --layers water --rules vehicles -o out.csv
try check cars.geojson --layers =cars.geojson --rules vehicles -o out.csv
try check cars.geojson --layers none=cars.geojson --rules vehicles -o out.csv
try check cars.geojson --layers water=none.gpkg --rules vehicles -o out.csv
try check cars.geojson --layers water=nowhere.csv --rules vehicles -o out.csv
try check cars.geojson --layers water=bare.csv --rules vehicles -o out.csv
try check cars.geojson --layers pond=cars.geojson --rules vehicles -o out.csv
try check kinds.geojson --osm town.osm --rules vehicles -o out.csv
try check numbers.geojson --osm town.osm --rules vehicles -o out.csv
try check taken.geojson --osm town.osm --rules vehicles -o out.csv
try check bare.csv --osm town.osm --rules vehicles -o out.csv
try check words.csv --osm town.osm --rules vehicles -o out.csv
try check cars.geojson --layers water=words.csv --rules vehicles -o out.csv
try check cars.geojson --x lon --osm town.osm --rules vehicles -o out.csv
try check nowhere.csv --osm town.osm --rules vehicles -o out.csv

# What is read is not written: a layer of the map is as much read as the table.
printf '%s\n*,must,near,road,5,off\n' "$head" >near.csv
cp cars.geojson road.geojson
try check cars.geojson --layers road=road.geojson --rules ./near.csv -o road.geojson --overwrite
try check cars.geojson --layers road=road.geojson --rules ./near.csv -o ./cars.geojson --overwrite
try check cars.geojson --layers road=road.geojson:road --rules ./near.csv -o ./road.geojson --overwrite
try check cars.geojson --layers road=road.geojson --rules ./near.csv -o near.csv --overwrite
cmp cars.geojson road.geojson
rm near.csv road.geojson

# Rules and themes that cannot be meant.
while read -r row; do
    printf '%s\n*,must,within,water,,fine\n%s\n' "$head" "$row" >rules.csv
    try check cars.geojson --osm town.osm --rules ./rules.csv -o out.csv
done <<'END'
*,shall,within,water,,x
*,must,inside,water,,x
*,must,within,waater,,x
*,must,within,,,x
,must,within,water,,x
*,must,near,water,,x
*,must,near,water,-1,x
*,must,near,water,100001,x
*,must,within,water,5,x
*,must,within,water,,
*,must,within,water
*,must,within,water,,"x
END
echo 'class,rule,relation,theme,reason' >rules.csv
try check cars.geojson --osm town.osm --rules ./rules.csv -o out.csv
: >rules.csv
try check cars.geojson --osm town.osm --rules ./rules.csv -o out.csv
printf 'theme,layer,tags,distance_m\nwater,areas,natural=water,\n' >themes.csv
try check cars.geojson --osm town.osm --rules vehicles --themes ./themes.csv -o out.csv
printf 'theme,layer,tags,distance_m\nwater,multipolygons,natural,\n' >themes.csv
try check cars.geojson --osm town.osm --rules vehicles --themes ./themes.csv -o out.csv
printf 'theme,layer,tags,distance_m\nwater,multipolygons,natural=water,\n' >themes.csv
try check cars.geojson --osm town.osm --rules vehicles --themes ./themes.csv -o out.csv
ls

# A map without areas is told, and that nothing is doubtful for it.
try check cars.geojson --osm town.osm --rules vehicles -o out.csv
cat out.csv
