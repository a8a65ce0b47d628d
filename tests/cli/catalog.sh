# Folders of mixed deliveries become one table, whatever is broken in them.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

show() {
    python3 - "$1" image driver width_px bands crs place site error <<'END'
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    print(*(row.get(name) or "-" for name in sys.argv[2:]))
END
}

mkdir -p deliveries/site=north deliveries/old empty
mv RGB.byte.tif deliveries/site=north/
mv MOS155.png deliveries/
rm vehicle.onnx
head -c 200000 deliveries/site=north/RGB.byte.tif >deliveries/old/short.tif
echo notes >deliveries/readme.txt
(cd deliveries/site=north && python3 -m zipfile -c ../pack.zip RGB.byte.tif)

try catalog deliveries/ --recursive -o images.csv
show images.csv
try catalog deliveries/ --no-recursive -o flat.csv
show flat.csv
try catalog deliveries/ --on-error skip -o skip.csv
show skip.csv
try catalog deliveries/ --on-error fail -o fail.csv
try catalog deliveries/ --sample 0.5 --seed 7 -o sample.csv
show sample.csv
try catalog deliveries/ --dry-run
printf 'deliveries/site=north/RGB.byte.tif\n# and\ndeliveries/old\n' >list.txt
try catalog @list.txt -o list.csv
show list.csv
try catalog empty -o none.csv
try catalog nothere -o nothere.csv
try catalog deliveries/ --sample 1.5
for format in gpkg geojson geojsonl shp; do
    try catalog deliveries/site=north -o "images.$format" --quiet
done
python3 - <<'END'
import json, sqlite3
print(*sqlite3.connect("images.gpkg").execute("SELECT image, crs, bands FROM images"))
feature = json.load(open("images.geojson"))["features"][0]
print(feature["properties"]["image"], feature["geometry"]["type"])
END
