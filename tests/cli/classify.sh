# Which class a network takes images for: shares, logits and sigmoids, one row or several.
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
printf 'one\r\ntwo\r\nthree\r\n' >three.txt
printf 'one\ntwo\n' >two.txt

# shown FILE: image, window, rank, class, score.
shown() {
    python3 - "$1" <<'END'
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    print(row["image"], row["x_px"], row["y_px"], row["rank"], row["class_id"],
          row["class"], "%.6f" % float(row["score"] or "nan"))
END
}

try classify images --model nets/scenes.onnx -o one.csv
shown one.csv
try classify images --model nets/scenes.onnx --whole --top 2 -o two.csv
shown two.csv
try classify images --model nets/scenes_logits.onnx --whole --top 2 -o logits.csv
shown two.csv >two.shown
shown logits.csv | cmp - two.shown
try classify images --model nets/scenes_each.onnx --whole --top 99 -o each.csv
shown each.csv
try classify images --model nets/scenes_logits.onnx --whole --scores sigmoid --top 99 \
    -o sigmoid.csv
shown each.csv >each.shown
shown sigmoid.csv | cmp - each.shown
try classify images --model nets/scenes_logits.onnx --whole --scores as-is -o as_is.csv
shown as_is.csv
try classify images/red.ppm --model nets/scenes.onnx --classes three.txt --top 3 -o named.csv
shown named.csv
for units in 1 3; do
    elcano classify images --model nets/scenes.onnx --quiet --threads 2 \
        --part-units $units -o "parts$units.csv" 2>warnings
    cmp one.csv "parts$units.csv"
done

try classify images/red.ppm
try classify images/red.ppm --model nets/scenes.onnx --classes two.txt
try classify images/red.ppm --model nets/yolov8.onnx
try classify images/red.ppm --model nets/beside/conv_apart.onnx
try classify images/red.ppm --model nets/row_fixed.onnx
try classify images/red.ppm --model nets/scenes.onnx --channels bgr --bands 1
try classify images/red.ppm --model nets/scenes.onnx --scores maybe
