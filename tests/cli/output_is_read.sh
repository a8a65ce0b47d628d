# A file that is read, by whatever name, is not replaced by the output.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

cat >found.csv <<END
image,class,class_id,score,xmin_px,ymin_px,xmax_px,ymax_px,geometry
"a.tif","car",0,0.9,0,0,10,10,"POLYGON ((0 0,10 0,10 10,0 10,0 0))"
END
printf 'image,class,xmin,ymin,xmax,ymax\na.tif,car,0,0,10,10\n' >truth.csv
ogr2ogr -q w.gpkg found.csv -nln detections -oo GEOM_POSSIBLE_NAMES=geometry
ogr2ogr -q -update w.gpkg found.csv -nln images -oo GEOM_POSSIBLE_NAMES=geometry
ogr2ogr -q -update w.gpkg truth.csv -nln truth
ln -s w.gpkg link.gpkg
mkdir photos
cp w.gpkg before

try evaluate w.gpkg:detections truth.csv -o w.gpkg --overwrite
try evaluate w.gpkg:detections truth.csv -o ./link.gpkg --overwrite
try evaluate link.gpkg:detections truth.csv -o w.gpkg --overwrite
try evaluate found.csv truth.csv --zones w.gpkg:images -o w.gpkg --overwrite
try evaluate found.csv w.gpkg:truth -o w.gpkg --overwrite
try dedupe w.gpkg:detections -o w.gpkg --overwrite
try dedupe found.csv --images w.gpkg:images -o w.gpkg --overwrite
try detect photos --model vehicle --area w.gpkg:images -o w.gpkg --overwrite
try evaluate CSV:found.csv truth.csv -o found.csv --overwrite
cmp w.gpkg before

# A colon is no reason to refuse what is not read.
cp w.gpkg odd:images
cp found.csv odd
try evaluate w.gpkg:detections truth.csv -q -o detections.gpkg --overwrite
cp found.csv odd:found.csv
try evaluate odd:found.csv truth.csv -q -o found.csv --overwrite
try evaluate odd:found.csv truth.csv -q -o odd:found.csv --overwrite
cp before w.gpkg
elcano evaluate "/vsisubfile/0_999999,$PWD/w.gpkg:detections" truth.csv -q -o scores.csv
ls
