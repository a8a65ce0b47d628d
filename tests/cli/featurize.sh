# What a network sees of images: found or named tensors, pooled or not, of chips and of
# whole images; the same for any number of threads and parts.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$HERE/../../tools/networks.py" heads nets
python3 "$HERE/../model/odd_networks.py" nets
mkdir images
python3 - <<'END'
def image(name, width, height, colour):
    pixels = bytes(v for y in range(height) for x in range(width) for v in colour(x, y))
    with open("images/" + name, "wb") as file:
        file.write(b"P6 %d %d 255\n" % (width, height) + pixels)
image("blue.ppm", 40, 48, lambda x, y: (0, 51, 255))
image("green.ppm", 64, 32, lambda x, y: (0, 204, 2 * x))
image("red.ppm", 32, 32, lambda x, y: (255, 51, 102))
END

# shown FILE: image, window and vector.
shown() {
    python3 - "$1" <<'END'
import csv, json, sys
for row in csv.DictReader(open(sys.argv[1])):
    vector = json.loads(row["feature"])
    print(row["image"], row["x_px"], row["y_px"], row["width_px"], row["height_px"],
          len(vector), *["%.5f" % v for v in vector[:4]])
END
}

try featurize images --model nets/scenes.onnx -o found.csv
shown found.csv
try featurize images --model nets/backbone.onnx -o backbone.csv
cmp found.csv backbone.csv
try featurize images --model nets/scenes.onnx --tensor relu --pool max -o max.csv
shown max.csv
try featurize images --model nets/scenes.onnx --tensor relu --pool none --whole -o all.csv
shown all.csv
try featurize images --model nets/scenes.onnx --whole --chip 64 -o whole.csv
shown whole.csv
try featurize images --model nets/scenes.onnx --overlap 0.5 --mean 0.5 --std 2 -o half.csv
shown half.csv
for threads in 1 2; do
    for units in 0 1 3; do
        elcano featurize images --model nets/scenes.onnx --overlap 0.5 --quiet \
            --threads $threads --part-units $units -o "half$threads$units.parquet" 2>warnings
        cmp half10.parquet "half$threads$units.parquet"
    done
done
elcano sql 'select image, x_px, len(feature) as n, feature[3] as blue from input
    order by blue desc, image, x_px limit 3' half10.parquet --quiet -o blue.csv
cat blue.csv

head -c 2000 images/red.ppm >images/cut.ppm
echo "no network" >text.onnx
try featurize images --model nets/scenes.onnx
try featurize images --model nets/scenes.onnx --on-error record -o bad.csv
python3 - <<'END'
import csv
for row in csv.DictReader(open("bad.csv")):
    print(row["image"], len(row["feature"]) > 0, row["error"])
END
try featurize images/red.ppm --model nets/scenes.onnx --tensor pol
try featurize images/red.ppm --model nets/unknown_head.onnx
try featurize images/red.ppm --model nets/row_fixed.onnx
try featurize images/red.ppm --model nets/conv_apart.onnx
try featurize images/red.ppm --model nets/beside/conv_apart.onnx --chip 64 -o apart.csv
try featurize images/red.ppm --model text.onnx
try featurize images/red.ppm --model nets/scenes.onnx --scale 1e9 --mean 0 --std 1e-40
try featurize images/red.ppm --model nets/scenes.onnx --whole --gsd 1
try featurize images/red.ppm --model nets/scenes.onnx --chip 33
try featurize images/red.ppm --model nets/scenes.onnx --memory 1 -o large.csv
