# How dense places lie, as a raster, a picture, and rows.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

info() {
    gdalinfo -stats "$1" | grep -E '^Size|^Origin|^Pixel|ID\["EPSG",[0-9]*\]\]$|Description|Minimum|NoData' |
        sed 's/, Mean.*//'
}
# Four cars and a truck by Vienna, one of the cars twice as heavy, one row without a place.
{
    echo 'class,w,score,geometry'
    echo 'car,1,0.5,POINT (500100 5400100)'
    echo 'car,2,0.5,POINT (500100 5400100)'
    echo 'car,1,0.5,"POLYGON ((500190 5400090, 500210 5400090, 500210 5400110, 500190 5400110, 500190 5400090))"'
    echo 'truck,1,0.5,POINT (500300 5400200)'
    echo 'car,,0.5,POINT (500300 5400200)'
    echo 'car,1,0.5,'
} >places.csv
ogr2ogr -a_srs EPSG:32633 places.gpkg places.csv -oo GEOM_POSSIBLE_NAMES=geometry \
    -oo KEEP_GEOM_COLUMNS=NO -oo AUTODETECT_TYPE=YES
try heatmap places.gpkg --bandwidth 20m -o heat.tif --png heat.png
info heat.tif
file -b heat.png
try heatmap places.gpkg --bandwidth 20m --pixel 2m --kernel quartic --by class --weight w -o by.tif
info by.tif
# The files are there already.
try heatmap places.gpkg --bandwidth 20m -o heat.tif
try heatmap places.gpkg --bandwidth 20m --png heat.png
try heatmap places.gpkg --bandwidth 20m --html heat.tif
try heatmap places.gpkg --bandwidth 30m -o heat.tif --overwrite -q >rows
# The same bytes for any number of threads.
try heatmap places.gpkg --bandwidth 20m --threads 1 --out one.tif -q >rows
try heatmap places.gpkg --bandwidth 20m --threads 5 --out five.tif -q >rows
cmp one.tif five.tif
# Longitude and latitude come to UTM, and anything to the CRS that is asked for.
ogr2ogr -t_srs EPSG:4326 lonlat.gpkg places.gpkg
try heatmap lonlat.gpkg --bandwidth 20m -o utm.tif -q >rows
info utm.tif
try heatmap lonlat.gpkg --bandwidth 20m --crs EPSG:3035 -o laea.tif -q >rows
info laea.tif
# Rates where an image shows half of the places: a kernel cut by its edge counts for what is in it.
printf 'a,geometry\n1,"POLYGON ((500000 5400000, 500100 5400000, 500100 5400300, 500000 5400300, 500000 5400000))"\n2,"POLYGON ((500050 5400000, 500100 5400000, 500100 5400300, 500050 5400300, 500050 5400000))"\n' >images.csv
ogr2ogr -a_srs EPSG:32633 images.gpkg images.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap places.gpkg --bandwidth 20m --per imaged-area --images images.gpkg -o rate.tif -q >rows
info rate.tif
# The area of a cell that is shown counts, wherever the edge runs in it: a place on the edge is twice as dense as in the middle.
for edge in 500100.4 500101.1 500102.2 500103.3; do
    printf 'a,geometry\n1,POINT (%s 5400150)\n' $edge >edge.csv
    printf 'a,geometry\n1,"POLYGON ((499500 5399500, %s 5399500, %s 5401000, 499500 5401000, 499500 5399500))"\n' $edge $edge >half.csv
    for name in edge half; do
        ogr2ogr -a_srs EPSG:32633 $name.gpkg $name.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
    done
    try heatmap edge.gpkg --bandwidth 80m --pixel 4m --per imaged-area --images half.gpkg -o edge.tif -q >rows
    gdallocationinfo -valonly -geoloc edge.tif ${edge%.*} 5400151 | awk '{ exit !($1 > 48.5 && $1 < 51) }' || echo "an edge at $edge"
    rm edge.* half.*
done
# What cannot be used is told; a few small images say what they can; none at all is refused.
cat >odd.csv <<'END'
a,geometry
1,"POLYGON ((500000 5400000, 500100 5400100, 500100 5400000, 500000 5400100, 500000 5400000))"
2,"POLYGON ((1e12 0, 2e12 0, 2e12 1e12, 1e12 0))"
3,
END
ogr2ogr -a_srs EPSG:32633 odd.gpkg odd.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap lonlat.gpkg --bandwidth 1km --per imaged-area --images odd.gpkg --crs EPSG:32632 -o odd.tif
ogr2ogr -a_srs EPSG:32633 -where "a <> '1'" none.gpkg odd.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap lonlat.gpkg --bandwidth 1km --per imaged-area --images none.gpkg --crs EPSG:32632 -o none.tif
printf 'a,geometry\n1,"POLYGON ((0 0, 1 0, 1 1, 0 0))"\n' >odd.csv
try heatmap lonlat.gpkg --bandwidth 1km --per imaged-area --images odd.csv -o none.tif
rm odd.* none.*
# A page of its own: the same bytes for any number of threads, and nothing that it would fetch by itself.
try heatmap places.gpkg --bandwidth 20m --by class --html heat.html -q >rows
try heatmap places.gpkg --bandwidth 20m --by class --html again.html --threads 5 -q >rows
cmp heat.html again.html
grep -c 'data:image/png;base64' heat.html
grep -oE "default-src [^;]*|img-src [^;]*" heat.html
try heatmap places.gpkg --bandwidth 20m --png same.html --html same.html
# What is read is never written, whatever it is called and whichever option names it; nor is one file written twice.
cp places.gpkg kept.gpkg
ln -s places.gpkg link.gpkg
ln places.gpkg hard.gpkg
mkdir -p folder
ln -s ../folder folder/again
try heatmap places.gpkg:places --bandwidth 20m --html places.gpkg --overwrite
try heatmap places.gpkg --bandwidth 20m --png ./places.gpkg --overwrite
try heatmap link.gpkg --bandwidth 20m --html "$PWD/hard.gpkg" --overwrite | sed "s:$PWD:PWD:"
try heatmap hard.gpkg --bandwidth 20m --png folder/../link.gpkg --overwrite
try heatmap places.gpkg --bandwidth 20m --per imaged-area --images images.gpkg:images --html images.gpkg --overwrite
try pipeline measure places.gpkg ! heatmap --bandwidth 20m --html places.gpkg --overwrite
try heatmap places.gpkg --bandwidth 20m --png x.png --html ./x.png
try heatmap places.gpkg --bandwidth 20m --png folder/x.png --html folder/again/x.png
try heatmap places.gpkg --bandwidth 20m -o h.tif --png h.tif
try heatmap places.gpkg --bandwidth 20m --out heat.tif --html ./heat.tif --overwrite
cmp places.gpkg kept.gpkg
rm -r kept.gpkg link.gpkg hard.gpkg folder
# An image that failed was not looked at.
printf 'a,error,geometry\n1,,"POLYGON ((500000 5400000, 500100 5400000, 500100 5400300, 500000 5400300, 500000 5400000))"\n2,broken,"POLYGON ((500100 5400000, 500400 5400000, 500400 5400300, 500100 5400300, 500100 5400000))"\n' >failed.csv
ogr2ogr -a_srs EPSG:32633 failed.gpkg failed.csv -oo EMPTY_STRING_AS_NULL=YES -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap places.gpkg --bandwidth 20m --per imaged-area --images failed.gpkg -o failed.tif -q >rows
cmp failed.tif rate.tif
rm failed.*
# Metres that are none on the ground are not used, or told.
ogr2ogr -t_srs EPSG:3857 web.gpkg places.gpkg
try heatmap web.gpkg --bandwidth 20m -o web.tif
try heatmap web.gpkg --bandwidth 20m --crs EPSG:3857 -o web.tif --overwrite
rm web.*
# Longitude and latitude in columns, by their usual names.
printf 'port,Longitude,Latitude,ships\na,15.001,48.75,2\nb,15.002,48.75,3\nc,,48.75,3\n' >ports.csv
try heatmap ports.csv --bandwidth 20m --weight ships -o ports.tif
printf 'e,n,far\n15,48,5400000\n' >en.csv
try heatmap en.csv --bandwidth 20m -o no.tif
try heatmap en.csv --bandwidth 20m --x e -o no.tif
try heatmap en.csv --bandwidth 20m --x e --y n -o ports.tif --overwrite
try heatmap en.csv --bandwidth 20m --x e --y far -o no.tif
rm ports.* en.csv
# The raster is a GeoTIFF, and no table.
try heatmap places.gpkg --bandwidth 20m -o h.csv
elcano help heatmap | grep -ci '^formats of -o'
elcano help bin | grep -ci '^formats of -o'
# What cannot be meant.
try heatmap places.gpkg -o no.tif
try heatmap places.gpkg --bandwidth 20m
try heatmap places.gpkg --bandwidth 0m -o no.tif
try heatmap places.gpkg --bandwidth 20m --pixel -1 -o no.tif
try heatmap places.gpkg --bandwidth 20m --pixel 30m -o no.tif
try heatmap places.gpkg --bandwidth 20m --pixel 0.00001 -o no.tif
try heatmap places.gpkg --bandwidth 20m --by nothing -o no.tif
try heatmap places.gpkg --bandwidth 20m --weight class -o no.tif
try heatmap places.gpkg --bandwidth 20m --by score -o no.tif
try heatmap places.gpkg --bandwidth 20m --crs EPSG:4326 -o no.tif
try heatmap places.gpkg --bandwidth 20m --crs EPSG:2263 -o no.tif
try heatmap places.gpkg --bandwidth 20m --images images.gpkg -o no.tif
try heatmap places.gpkg --bandwidth 20m --per imaged-area -o no.tif
try heatmap places.gpkg --bandwidth 20m --out no.tif -o no.tif
try heatmap places.gpkg --bandwidth 20m -o places.gpkg --overwrite
try heatmap places.gpkg --bandwidth 20m -o missing/no.tif
printf 'a,geometry\n1,"POINT (0 0)"\n' >bare.csv
try heatmap bare.csv --bandwidth 20m -o no.tif
printf 'a,b\n1,2\n' >table.csv
try heatmap table.csv --bandwidth 20m -o no.tif
ogr2ogr -where "0 = 1" empty.gpkg places.gpkg
try heatmap empty.gpkg --bandwidth 20m -o no.tif
printf 'a,geometry\n1,"POINT (0 0)"\n2,"POINT (100 50)"\n' >far.csv
ogr2ogr -a_srs EPSG:4326 far.gpkg far.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap far.gpkg --bandwidth 20km -o no.tif
awk 'BEGIN { print "id,geometry"; for (i = 0; i < 300; i++) print i ",POINT (500000 " 5400000 + i ")" }' >many.csv
ogr2ogr -a_srs EPSG:32633 many.gpkg many.csv -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
try heatmap many.gpkg --bandwidth 20m --by id -o no.tif
ls
