# classify(image, model) in SQL gives what the command classify --whole gives.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$HERE/../../tools/networks.py" heads nets
mkdir images
scene --out town.tif --truth labels.geojson --size 700x500 --objects 40 --seed 3 2>said
elcano chips town.tif --chip 200 --pixels png --out-dir images -q -o chips.csv
gdal_translate -q -ot UInt16 -scale 0 255 90 4000 -srcwin 10 20 120 60 town.tif images/deep.tif
gdal_translate -q -srcwin 3 5 31 33 town.tif images/odd.jpg
gdal_translate -q -b 1 -srcwin 3 5 300 33 town.tif images/grey.png
gdal_translate -q -a_nodata 0 -scale 0 255 0 0 -srcwin 0 0 40 40 town.tif images/blank.tif
rm -f images/*.xml

# The same class and the same score, to the bit, of every image that the command gives.
for name in scenes scenes_logits scenes_each; do
    elcano classify images --model nets/$name.onnx --whole -q -o $name.parquet 2>said
    try sql "SELECT count(*) AS images,
        count(*) FILTER (classify('images/' || image, 'nets/$name.onnx') = class) AS classes,
        count(*) FILTER (classify_score('images/' || image, 'nets/$name.onnx') = score) AS scores
        FROM input" $name.parquet -q -o -
done
# And of an image's bytes.
python3 - <<'END' >bytes.csv
import os
print("image,hex")
for name in sorted(os.listdir("images")):
    print(f"{name},x{open('images/' + name, 'rb').read().hex()}")
END
try sql "SELECT count(*) AS images, count(*) FILTER (classify(unhex(hex[2:]), 'nets/scenes.onnx') = class
    AND classify_score(unhex(hex[2:]), 'nets/scenes.onnx') = score) AS same
    FROM input JOIN bytes USING (image)" scenes.parquet bytes.csv -q -o -
# What is blank or NULL is NULL.
try sql "SELECT classify('images/blank.tif', 'nets/scenes.onnx') AS blank,
    classify_score('images/blank.tif', 'nets/scenes.onnx') AS score,
    classify(NULL::VARCHAR, 'nets/scenes.onnx') AS image, classify(NULL::BLOB, 'x') AS bytes,
    classify('images/odd.jpg', NULL) AS model" bytes.csv -q -o -
# Models of a column, more of them than are kept; names of installed ones.
for i in 0 1 2 3 4 5 6; do cp nets/scenes.onnx nets/s$i.onnx; done
try sql "SELECT count(DISTINCT i) AS models,
    count(DISTINCT classify_score('images/' || image, 'nets/s' || (i % 7) || '.onnx')) AS scores
    FROM input, range(14) AS r(i) WHERE image = 'odd.jpg'" scenes.parquet -q -o -
mkdir installed
cp nets/scenes.onnx installed/town.onnx
export ELCANO_MODELS=$PWD/installed
try sql "SELECT classify('images/' || image, 'town') = class AS same FROM input
    WHERE image = 'grey.png'" scenes.parquet -q -o -
# Nothing is asked before there is a row.
try sql "SELECT count(*) AS n FROM (SELECT classify(image, 'nets/scenes.onnx') AS class FROM input
    WHERE image = 'none') WHERE class <> 'x'" scenes.parquet -q -o -

# Each failure names the image and the network.
refused() {
    try sql "SELECT classify($1, $2) AS class FROM input" chips.csv -q -o -
}
refused "'images/none.png'" "'nets/scenes.onnx'"
refused "'labels.geojson'" "'nets/scenes.onnx'"
refused "'images/odd.jpg'" "'nets/none.onnx'"
refused "'images/odd.jpg'" "'no_such_network'" | sed 's/ (no .*//'
refused "'images/odd.jpg'" "'nets/yolov8.onnx'"
refused "'images/odd.jpg'" "'labels.geojson'"
refused "''::BLOB" "'nets/scenes.onnx'"
refused "'no image'::BLOB" "'nets/scenes.onnx'"
refused "5" "'nets/scenes.onnx'"
# A file that is cut short, and one that says to be immense.
python3 - <<'END' >hostile.csv
import struct, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
def png(side, rows):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress((b"\0" + b"\7\x77\xf7" * side) * rows)) + chunk(b"IEND", b""))
whole = png(64, 64)
print("id,hex")
for i, bytes in enumerate([whole, whole[:30], whole[:70], png(64, 9), png(60000, 0)]):
    print(f"{i},x{bytes.hex()}")
END
for i in 0 1 2 3 4; do
    try sql "SELECT classify(unhex(hex[2:]), 'nets/scenes.onnx') AS class FROM input WHERE id = $i" \
        hostile.csv -q -o -
done
