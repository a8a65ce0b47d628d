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
