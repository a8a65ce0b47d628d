# What a run has to say of its chips is said once, whatever the parts.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

scene --out town.tif --size 800x600 --objects 60 --seed 5 --code-only 2>/dev/null >&2
python3 "$SOURCE/tools/instrument.py" instrument.onnx
gdal_translate -q -srcwin 100 100 200 160 town.tif left.tif
gdal_translate -q -srcwin 500 300 200 160 town.tif right.tif
for units in 0 1 7 30; do
    try detect left.tif right.tif --model instrument.onnx --chip 32 --overlap 8 \
        --part-units "$units" -o "parts$units.csv" --threads 2
    cmp parts0.csv "parts$units.csv"
done
