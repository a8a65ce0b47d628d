# Networks tried once: detectors, classifiers, maps, rows of numbers; and what looks wrong.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$HERE/../model/odd_networks.py" nets
python3 "$HERE/../../tools/networks.py" heads nets
python3 - <<'END'
def image(name, side, kind, bands):
    pixels = bytes((x * 3 + y * 5 + b * 40) % 256
                   for y in range(side) for x in range(side) for b in range(bands))
    with open(name, "wb") as file:
        file.write(b"%s %d %d 255\n" % (kind, side, side) + pixels)
image("rgb.ppm", 100, b"P6", 3)
image("grey.pgm", 64, b"P5", 1)
image("small.ppm", 20, b"P6", 3)
END
echo "1, 2.5;  -4" >numbers.txt
echo "1, two" >words.txt
echo "no image" >text.tif
head -c 90 nets/classifier.onnx >cut.onnx

# check ARGUMENT...: without the time that it took.
check() {
    try model check "$@" | sed -e 's/^  time .* ms on/  time        N ms on/'
}

check nets/yolov8.onnx rgb.ppm
check nets/yolov8.onnx grey.pgm --score 0.8
check nets/yolov8.onnx small.ppm --bands 3,2,1
check nets/yolov8.onnx --scale 1
check nets/end_to_end.onnx
check nets/all_equal.onnx
check nets/all_low.onnx rgb.ppm
check nets/all_high.onnx
check nets/in_shares.onnx
check nets/far_away.onnx
check nets/logits.onnx
check nets/queries_nan.onnx
check nets/classifier.onnx
check nets/classifier_named.onnx
check nets/logits_row.onnx
check nets/nan_row.onnx
check nets/segmentation_map.onnx
check nets/label_map.onnx
check nets/sure_map.onnx
check nets/height_map.onnx
check nets/one_number.onnx
check nets/row_fixed.onnx
check nets/maps.onnx
check nets/maps_whole.onnx
check nets/texts_and_whole.onnx
check nets/empty_output.onnx
check nets/row_open.onnx numbers.txt
check nets/ambiguous.onnx --head yolov8
elcano model check nets/row_open.onnx numbers.txt --json | python3 -c '
import json, sys
check = json.load(sys.stdin)
print(check["input"]["numbers"], check["outputs"][0]["numbers"], check["generated"])'
elcano model check nets/yolov8.onnx rgb.ppm --json | python3 -c '
import json, sys
check = json.load(sys.stdin)
print(check["boxes"], check["answers"][0], check["doubts"], check["seconds"] > 0)'

elcano model info nets/maps.onnx | grep -v -e sha-256 -e runtime
try model check cut.onnx
try model check nets/yolov8.onnx text.tif
try model check nets/yolov8.onnx missing.tif
try model check nets/yolov8.onnx rgb.ppm --bands 1,2,4
try model check nets/yolov8.onnx --bands 1,2,3
try model check nets/row_open.onnx numbers.txt --bands 1
try model check nets/yolov8.onnx rgb.ppm --chip 100
try model check nets/five_channels.onnx rgb.ppm
try model check nets/row_fixed.onnx numbers.txt
try model check nets/row_open.onnx words.txt
try model check nets/row_open.onnx rgb.ppm
try model check nets/two_inputs.onnx
try model check nets/weights_apart.onnx
try model check
try model check a b c
try model info nets/yolov8.onnx --score 0.5
try model list --chip 64
try detect rgb.ppm --model nets/classifier.onnx -o rows.geojson
