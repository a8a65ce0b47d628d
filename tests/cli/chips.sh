# Images to chips: rows, files with their places, and what is refused.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

try chips RGB.byte.tif --chip 512 --overlap 64 -o chips.geojson
grep -c '"ul_lon"' chips.geojson
try chips RGB.byte.tif --pixels tif --out-dir chips -o chips.csv
ls chips
try chips RGB.byte.tif --pixels tif --out-dir chips -o chips.csv --overwrite
try chips RGB.byte.tif --pixels tif --out-dir chips -o again.csv
# The stretch of an earlier output gives the very files again.
try chips RGB.byte.tif --stretch p10-90 --pixels tif --out-dir first -o first.gpkg
try chips RGB.byte.tif --stretch-from first.gpkg --pixels tif --out-dir second -o second.gpkg
diff -r first second && ls second | grep -c tif
# Resampled to one ground size, where that is known.
try chips RGB.byte.tif --gsd 600 --chip 256 --pixels tif --out-dir coarse -o coarse.csv
ls coarse
try chips MOS155.png --gsd 600 -o x.csv
try chips MOS155.png --image-gsd 0.1 -o x.csv
try chips MOS155.png --chip 1000 --dry-run
try chips RGB.byte.tif --pixels png -o x.csv
try chips RGB.byte.tif --overlap 600 -o x.csv
try chips RGB.byte.tif --layout yolo --pixels png --out-dir x -o x.csv
try chips missing.tif -o x.csv
(
    # No room: a file may not grow beyond 64 KiB here.
    trap '' XFSZ
    ulimit -f 64
    try chips RGB.byte.tif --pixels tif --out-dir full -q -o -
)
ls -A full
# One option, that of the files and of the rows.
elcano help chips | grep -c '^  --overwrite'
