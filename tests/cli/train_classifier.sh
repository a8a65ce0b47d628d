# Classes learnt from labels on the vehicle network's features, as one ONNX file.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

# What of the table is the same everywhere.
digest() {
    python3 -c '
import json, sys
for line in sys.stdin:
    p = json.loads(line)["properties"]
    good = p["accuracy"] is None or p["accuracy"] > 0.9
    print(p["what"], p["name"], p["taken_for"], p["labels"], "good" if good else "bad")'
}
# The class that a network gives the middle of an image.
answer() {
    elcano model check "$1" "$2" --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["answers"][0]["class"])'
}
# A chip of 64 px round an object of a class, of the second town.
cut() {
    python3 - "$1" <<END
import json, subprocess, sys
for f in json.load(open("other.geojson"))["features"]:
    p = f["properties"]
    x, y = (p["xmin_px"] + p["xmax_px"]) // 2 - 32, (p["ymin_px"] + p["ymax_px"]) // 2 - 32
    if p["class"] == sys.argv[1] and 0 <= x <= 1536 and 0 <= y <= 1536:
        subprocess.run(["gdal_translate", "-q", "-of", "PNG", "-srcwin", str(x), str(y), "64",
                        "64", "other.tif", sys.argv[1] + ".png"], check=True)
        break
END
}
scene --out town.tif --truth labels.geojson --size 1600x1600 --objects 240 --seed 3 2>said
scene --out other.tif --truth other.geojson --size 1600x1600 --objects 240 --seed 4 2>said
cp "$SOURCE/models/vehicle/vehicle.onnx" .
elcano train classifier --labels labels.geojson --images town.tif --backbone vehicle.onnx \
    --cache kept -o crops.onnx --json crops.json -q >rows
digest <rows
for class in car truck bus; do
    cut $class
    answer crops.onnx $class.png
done
elcano model info crops.onnx | grep -E '^  (classes|chips) |^ .*(license|resolution|task) ='
ls kept | wc -l
# It needs no option to be used: what images of half the resolution show is found as well.
gdal_translate -q -outsize 50% 50% -r average other.tif half.tif
elcano classify half.tif --model crops.onnx -q -o half.csv
python3 -c '
import csv
rows = list(csv.DictReader(open("half.csv")))
print(len(rows), sorted({r["width_px"] for r in rows}), sorted({r["class"] for r in rows}))'
# The same file for any number of threads, with features that were kept and without.
elcano train classifier --labels labels.geojson --images town.tif --backbone vehicle.onnx \
    --cache kept -o again.onnx --threads 1 -q >rows
cmp crops.onnx again.onnx
elcano train classifier --labels labels.geojson --images town.tif --backbone vehicle.onnx \
    --cache none -o again.onnx --overwrite --threads 3 -q >rows
cmp crops.onnx again.onnx
# What was kept is looked at before it is believed.
printf x | dd of="$(ls kept/*)" bs=1 seek=100 conv=notrunc 2>said
elcano train classifier --labels labels.geojson --images town.tif --backbone vehicle.onnx \
    --cache kept -o again.onnx --overwrite -q >rows
cmp crops.onnx again.onnx
# What was learnt on may have a tensor of the name that comes out.
elcano train classifier --labels labels.geojson --images town.tif --backbone crops.onnx \
    --tensor probabilities --cache none -o twice.onnx -q >rows
answer twice.onnx car.png
rm twice.onnx
# The report says of each label what it was taken for.
python3 -c '
import json
r = json.load(open("crops.json"))
print(r["classes"], r["labels"], len(r["chips"]), sorted({c["fold"] for c in r["chips"]}))
places = {}
for c in r["chips"]:
    places.setdefault(c["place"], set()).add(c["fold"])
print(max(map(len, places.values())), len(places) == r["places"])'
# Folders are classes.
mkdir -p sorted/car sorted/truck
python3 - <<'END'
import json, subprocess
count = {}
for f in json.load(open("labels.geojson"))["features"]:
    p = f["properties"]
    x, y = (p["xmin_px"] + p["xmax_px"]) // 2 - 32, (p["ymin_px"] + p["ymax_px"]) // 2 - 32
    kind = "car" if p["class"] == "car" else "truck"
    count[kind] = count.get(kind, 0) + 1
    if count[kind] <= 6 and 0 <= x <= 1536 and 0 <= y <= 1536:
        subprocess.run(["gdal_translate", "-q", "-of", "PNG", "-srcwin", str(x), str(y), "64",
                        "64", "town.tif", "sorted/%s/%d.png" % (kind, count[kind])],
                       check=True)
END
rm sorted/*/*.xml
elcano train classifier --images sorted --backbone vehicle.onnx --cache none --image-gsd 0.125 \
    --folds 3 -o sorted.onnx -q 2>&1 >rows
digest <rows | sed -n 1,3p
# What cannot be meant.
try train
try train dogs
try train classifier --images town.tif --labels labels.geojson
try train classifier --labels labels.geojson -o no.onnx
try train classifier --images town.tif -o no.onnx --cache none
try train classifier --images town.tif --labels labels.geojson -o crops.onnx --cache none
try train classifier --images town.tif --labels labels.geojson -o missing/no.onnx --cache none
try train classifier --images town.tif --labels labels.geojson -o no.onnx --chip 30 --cache none
try train classifier --images town.tif --labels labels.geojson -o no.onnx --tensor pool --backbone vehicle.onnx
try train classifier --images town.tif --labels labels.geojson -o no.onnx --backbone no.onnx
try train classifier --images other.png --labels labels.geojson -o no.onnx --cache none
try train classifier --images town.tif --labels labels.geojson -o no.onnx --folds 1
printf 'image,xmin,ymin,xmax,ymax,class\ntown,10,10,20,20,a\ntown,40,10,50,20,a\n' >one.csv
try train classifier --images town.tif --labels one.csv -o no.onnx --cache none
printf 'image,xmin,ymin,xmax,ymax,class\nelse,10,10,20,20,a\nelse,40,10,50,20,b\n' >else.csv
try train classifier --images town.tif --labels else.csv -o no.onnx --cache none
printf 'image,xmin,ymin,xmax,ymax,class\ntown,1,1,9,9,a\ntown,40,10,50,20,b\n' >few.csv
try train classifier --images town.tif --labels few.csv -o no.onnx --cache none --block 1km
ls *.onnx
