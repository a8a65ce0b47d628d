# The classifier's commands of docs/learn.md, as they stand there, on small towns.
# SPDX-License-Identifier: Apache-2.0
export XDG_CACHE_HOME="$PWD/cache"

# What the page takes for granted: labels, images, a backbone, and images sorted by class.
mkdir frames other
scene --out frames/town.tif --truth town.geojson --size 900x900 --objects 120 --seed 3 2>said
scene --out other/town.tif --size 600x600 --objects 60 --seed 4 2>said
elcano read town.geojson -q -o parcels.gpkg 2>said
cp "$SOURCE/models/vehicle/vehicle.onnx" backbone.onnx
printf 'id,path\n1,other/town.tif\n2,frames/town.tif\n' >images.csv
python3 - <<'END'
import json, os, subprocess
seen = {}
for f in json.load(open("town.geojson"))["features"]:
    p = f["properties"]
    x, y = (p["xmin_px"] + p["xmax_px"]) // 2 - 32, (p["ymin_px"] + p["ymax_px"]) // 2 - 32
    n = seen.get(p["class"], 0)
    if p["class"] == "bus" or n == 12 or not (0 <= x <= 836 and 0 <= y <= 836):
        continue
    seen[p["class"]] = n + 1
    folder = f"sorted/{p['class']}/place{n % 4}"
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["gdal_translate", "-q", "-of", "PNG", "-srcwin", str(x), str(y), "64",
                    "64", "frames/town.tif", f"{folder}/{n}.png"], check=True,
                   env=dict(os.environ, GDAL_PAM_ENABLED="NO"))
END

awk '/^## Classes/ {here = 1} here && /^```/ {if (inside) exit; inside = 1; next} inside' \
    "$SOURCE/docs/learn.md" >guide.sh
grep -c '^elcano' guide.sh
sh -e guide.sh >rows 2>said || cat said
grep -o '"what": "all", [^,]*, [^,]*, [^,]*' rows
elcano sql 'select count(*) > 0 as seen, count(class) = count(*) as named from input' \
    classes.gpkg -q -o seen.csv && cat seen.csv
sed -E 's/car|truck|bus/a class/' classes.csv
