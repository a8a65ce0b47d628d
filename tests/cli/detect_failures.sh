# An image that fails ends the run, is left out, or is a row that says why.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

head -c 200000 RGB.byte.tif >short.tif
rm RGB.byte.tif
set -- --model vehicle.onnx --threads 1 --score 0.707
try detect . "$@" -o fail.gpkg
try detect . "$@" -o skip.gpkg --on-error skip
try detect . "$@" -o record.gpkg --on-error record
ls *.gpkg
for file in skip record; do
    python3 - "$file.gpkg" <<'END'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT image, COUNT(*), COUNT(class), COUNT(error) FROM detections GROUP BY image"):
    print(sys.argv[1], *row)
END
done
