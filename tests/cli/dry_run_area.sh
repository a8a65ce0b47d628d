# A dry run tells how many chips the run will skip, for an area and for a crop.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

scene --out town.tif --size 1200x800 --objects 20 --seed 5 --code-only 2>/dev/null >&2
python3 "$SOURCE/tools/instrument.py" instrument.onnx
gdal_translate -q -co PROFILE=BASELINE -srcwin 0 0 400 400 town.tif bare.tif 2>/dev/null
rm bare.tif.aux.xml
# A square of 20 px of the town, and one that is nowhere in it.
set -- $(gdalinfo town.tif | sed -n 's/^Upper Left *( *\([0-9.]*\), *\([0-9.]*\)).*/\1 \2/p')
gsd=$(gdalinfo town.tif | sed -n 's/^Pixel Size = (\([0-9.]*\),.*/\1/p')
crs=$(gdalsrsinfo -o epsg town.tif | grep EPSG)
square() {
    awk -v x="$2" -v y="$3" -v g="$gsd" -v p="$4" 'BEGIN {
        a = x + p * g; b = y - p * g; c = a + 20 * g; d = b - 20 * g
        printf "id,WKT\n1,\"POLYGON((%f %f,%f %f,%f %f,%f %f,%f %f))\"\n",
            a, b, c, b, c, d, a, d, a, b }' >"$1.csv"
    ogr2ogr -a_srs "$crs" "$1.gpkg" "$1.csv" -oo GEOM_POSSIBLE_NAMES=WKT
}
square near "$1" "$2" 40
square far "$1" "$2" 90000

# What is rehearsed, and what the run then says.
both() {
    try "$@" --dry-run | grep -v '^time'
    try "$@" -o out.csv --overwrite 2>&1 | sed -n 's/.*; \(.*\) in N s.*/run      \1/p'
}
set -- town.tif --chip 320
both chips "$@"
both chips "$@" --area near.gpkg
both chips "$@" --gsd 0.2 --area near.gpkg
set -- "$@" --model instrument.onnx --threads 2
both detect "$@"
both detect "$@" --area near.gpkg
both detect "$@" --area near.gpkg --part-units 3
both detect "$@" --crop 700,0,100,800
both detect "$@" --area near.gpkg --crop 700,0,100,800
both detect "$@" --area far.gpkg
# An image without a place ends the rehearsal as it would the run.
try chips bare.tif --area near.gpkg --dry-run
try detect bare.tif --model instrument.onnx --area near.gpkg --dry-run
