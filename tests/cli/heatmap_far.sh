# Places that are nowhere or far off, and the box that leaves them out.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

near='lon,lat,class\n16.1,48.1,a\n16.11,48.11,b\n'
table() {
    ogr2ogr -a_srs EPSG:32633 "$1.gpkg" "$1.csv" -oo GEOM_POSSIBLE_NAMES=geometry -oo KEEP_GEOM_COLUMNS=NO
}
# One that is nowhere on Earth is left out: in degrees, and in the table's own CRS.
printf "$near"'16,200,a\n' >nowhere.csv
try heatmap nowhere.csv --bandwidth 100m -o nowhere.tif
printf 'a,geometry\n1,POINT (500100 5400100)\n2,POINT (500200 5400100)\n3,POINT (1e9 1e9)\n' >wild.csv
table wild
try heatmap wild.gpkg --bandwidth 100m -o wild.tif
# One far off is named, since it may be there by mistake or not.
printf "$near"'0,0,a\n' >null.csv
try heatmap null.csv --bandwidth 100m -o no.tif
printf "$near"'151,-33,a\n' >far.csv
try heatmap far.csv --bandwidth 100m -o no.tif
printf "$near"'-160,-48.1,a\n' >turned.csv
try heatmap turned.csv --bandwidth 100m -o no.tif
# Bounds leave it out, and the raster is theirs; what is near them counts as far as it reaches.
try heatmap null.csv --bandwidth 100m --bounds 16.09,48.09,16.12,48.12 -o in.tif
try heatmap turned.csv --bandwidth 100m --bounds 16.09,48.09,16.12,48.12 -o same.tif -q >rows
cmp in.tif same.tif
try heatmap null.csv --bandwidth 100m --bounds 16.101,48.09,16.105,48.12 -o part.tif
# Across 180 degrees.
printf 'lon,lat\n179.999,10\n-179.999,10\n0,0\n' >across.csv
try heatmap across.csv --bandwidth 100m --bounds 179.99,9.99,-179.99,10.01 -o across.tif
# At a pole.
printf 'lon,lat\n0,89.999\n90,89.999\n180,89.999\n-90,89.999\n' >pole.csv
try heatmap pole.csv --bandwidth 50m -o pole.tif
# Bounds that are none.
for bounds in 1,2,3 1,2,3,x 16,49,17,48 200,1,210,3 16,48,16,49 -180,-90,180,90 50,50,50.1,50.1; do
    try heatmap null.csv --bandwidth 100m --bounds $bounds -o no.tif
done
ls
