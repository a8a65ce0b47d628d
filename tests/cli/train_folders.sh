# Labels are of the image that they name, though others are called so in another folder.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"
# Two images with a row of red and blue squares: those of b/1.ppm are where a/1.ppm has none.
mkdir -p images/a images/b labels/a labels/b
python3 - <<'END'
head = b"P6 512 64 255\n"
for folder, down in (("a", 0), ("b", 32)):
    rows = bytearray(bytes((90, 120, 90)) * 512 * 64)
    with open(f"labels/{folder}/1.txt", "w") as out:
        for i in range(16):
            x, kind = 32 * i + 8, i % 2
            for y in range(down + 8, down + 24):
                for k in range(x, x + 16):
                    at = 3 * (512 * y + k)
                    rows[at:at + 3] = bytes((220, 20, 20)) if kind else bytes((20, 20, 220))
            out.write(f"{kind} {(x + 8) / 512} {(down + 16) / 64} {16 / 512} {16 / 64}\n")
    open(f"images/{folder}/1.ppm", "wb").write(head + bytes(rows))
open("labels/classes.txt", "w").write("blue\nred\n")
END
learn() {
    try train classifier --backbone "$SOURCE/models/vehicle/vehicle.onnx" \
        --cache none --image-gsd 0.13 --folds 2 --overwrite -o squares.onnx --json said.json "$@" |
        sed "s|$SOURCE/||; /Feature/d"
}
learn --chip 16 --images images --labels labels
python3 - <<'END'
import json
said = json.load(open("said.json"))["chips"]
print(sorted({(c["image"], c["chip"][1]) for c in said}), len(said))
END
# A folder without labels has none, and a name without a folder is of neither.
rm labels/b/1.txt
learn --chip 16 --images images --labels labels
sed 's/^/1.ppm,/' >both.csv <<'END'
8,8,24,24,blue
40,8,56,24,red
END
sed -i '1i image,xmin,ymin,xmax,ymax,class' both.csv
learn --chip 16 --images images --labels both.csv
try train detector --labels both.csv --images images -o squares.onnx --overwrite
# What one image does not hold, another may: nothing lies outside.
scene --out town.tif --truth cars.geojson --size 900x900 --seed 5 --gsd 0.13 2>log
mkdir halves
gdal_translate -q -srcwin 0 0 450 900 town.tif halves/left.tif
gdal_translate -q -srcwin 450 0 450 900 town.tif halves/right.tif
learn --images halves --labels cars.geojson --block 5m
