# What is wrong with a whole image is told once, and of many warnings the first.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"
scene --out town.tif --size 320x320 --objects 1 >/dev/null 2>&1
gdal_translate -q -of GIF -b 1 town.tif numbers.gif
try chips numbers.gif --chip 64 --part-units 1 --pixels column --stretch none \
    --on-error skip -o skipped.csv
try chips numbers.gif --chip 64 --part-units 1 --pixels column --stretch none \
    --on-error record -o found.csv
wc -l <found.csv
gdal_translate -q -co COMPRESS=DEFLATE -co TILED=YES -co BLOCKXSIZE=16 \
    -co BLOCKYSIZE=16 town.tif whole.tif
head -c 20000 whole.tif >cut.tif
try chips cut.tif --chip 32 --pixels column --on-error skip --threads 1 -o cut.csv |
    cut -c1-60
