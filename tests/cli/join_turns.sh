# Points of any turn are where they are, for zones of any turn.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

printf 'lon,lat,id\n175,1,a\n535,1,b\n-905,1,c\n3055,1,d\n185,1,e\n-535,1,f\n176,60,none\n' >turns.csv
turned() {
    west=$1
    east=$2
    cat <<END
geometry,z
"POLYGON (($west 0,$east 0,$east 5,$west 5,$west 0))",$west
END
}
for zone in '170 190' '-190 -170' '890 910' '-910 -890'; do
    turned $zone >turned.csv
    elcano project turned.csv --from OGC:CRS84 --to OGC:CRS84 -q --overwrite -o turned.gpkg
    for what in '--predicate within' --ownership '--distance 0.5' '--distance 1km'; do
        elcano join turns.csv turned.gpkg $what -q --overwrite -o met.csv
        echo "$zone $what:" $(sed 1d met.csv | cut -d, -f3)
    done
done
turned 170 190 >turned.csv
elcano project turned.csv --from OGC:CRS84 -q -o zones.geojson
try aggregate turns.csv zones.geojson --predicate within -q -o -
try bin turns.csv --geohash 2 -q -o -
try bin turns.csv --quad 5 -q -o -

# Within degrees of each other across 180, whatever the shapes are.
wkt() { printf 'id,geometry\n%s,"%s"\n' "$1" "$2" >$1.csv; }
wkt point 'POINT (179.8 1)'
wkt line 'LINESTRING (179.5 1, 179.8 1)'
wkt area 'POLYGON ((179.5 0, 179.8 0, 179.8 2, 179.5 2, 179.5 0))'
wkt beyond 'LINESTRING (-179.9 1, -179.8 1)'
for shape in point line area beyond; do
    elcano project $shape.csv --from OGC:CRS84 -q -o $shape.gpkg
done
for shape in point line area; do
    for far in 0.25 0.35; do
        elcano join $shape.gpkg beyond.gpkg --distance $far -q --overwrite -o met.csv
        elcano join beyond.gpkg $shape.gpkg --distance $far -q --overwrite -o back.csv
        echo "$shape, $far: $(sed 1d met.csv | wc -l) and $(sed 1d back.csv | wc -l)"
    done
done
