# A town in one line: found, placed in blocks and measured, as by single runs.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"
. "$HERE/interrupt"

scene --out town.tif --truth truth.geojson --size 2000x1500 --objects 300 --seed 7 --code-only 2>/dev/null >&2
python3 "$SOURCE/tools/instrument.py" exact.onnx
ogr2ogr -f GeoJSON blocks.geojson truth.geojson -dialect sqlite -sql "
    select 'west' as block, BuildMbr(min(MbrMinX(geometry)), min(MbrMinY(geometry)),
        avg(MbrMinX(geometry)), max(MbrMaxY(geometry))) as geometry from truth"
elcano detect town.tif --model exact.onnx -q -o found.gpkg
elcano join found.gpkg:detections blocks.geojson --predicate within -q -o joined.gpkg
elcano measure joined.gpkg --area -q -o measured.gpkg
line="detect town.tif --model exact.onnx ! join blocks.geojson --predicate within ! measure --area"
try pipeline $line ! write piped.csv
try pipeline $line --threads 1 -o one.csv
cmp piped.csv one.csv
try pipeline $line ! write piped.gpkg
ogrinfo -q piped.gpkg
for file in measured piped; do
    ogr2ogr -f CSV /vsistdout/ $file.gpkg rows -lco GEOMETRY=AS_WKT >$file.txt
done
cmp measured.txt piped.txt && wc -l <piped.txt
rm *.txt *.csv *.gpkg
interrupt SIGINT "$BUILD/elcano" pipeline $line --progress json ! write cancelled.gpkg
ls -A
