# A table of chips in place of images: windows, files and pixels give the rows that the
# images give, with the places of the table; for any number of threads, and in a pipeline.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$HERE/../../tools/networks.py" heads nets
mkdir scenes
scene --out scenes/a.tif --size 200x160 --seed 3 2>said
scene --out scenes/b.tif --size 70x64 --seed 4 2>said
quiet() {
    elcano "$@" --quiet 2>>warnings
}

# compare DIRECT FILE: what differs between the rows of images and those of a table.
compare() {
    python3 - "$1" "$2" <<'END'
import csv, sys
here, there = [list(csv.DictReader(open(name))) for name in sys.argv[1:]]
more = sorted(set(there[0]) - set(here[0]))
differ = [(a["image"], name, a[name], b.get(name)) for a, b in zip(here, there)
          for name in a if a[name] != b.get(name)]
print(sys.argv[2], len(here), "of", len(there), "rows; more columns:", *more)
print(*differ[:3], sep="\n" if differ else "", end="\n" if differ else "")
END
}

quiet featurize scenes --chip 32 --overlap 8 --model nets/scenes.onnx -o direct.csv
quiet chips scenes --chip 32 --overlap 8 -o windows.parquet
quiet chips scenes --chip 32 --overlap 8 --pixels png --out-dir files -o files.gpkg
quiet chips scenes --chip 32 --overlap 8 --pixels column -o pixels.parquet
try featurize windows.parquet --folder scenes --model nets/scenes.onnx -o windows.csv
try featurize files.gpkg:chips --folder files --model nets/scenes.onnx -o files.csv
try featurize pixels.parquet --model nets/scenes.onnx -o pixels.csv
try pipeline chips scenes --chip 32 --overlap 8 --pixels column ! \
    featurize --model nets/scenes.onnx -o piped.csv
for made in windows files pixels piped; do
    compare direct.csv $made.csv
done
for threads in 1 3; do
    quiet featurize pixels.parquet --model nets/scenes.onnx --threads $threads -o $threads.csv
    cmp pixels.csv $threads.csv
done

# Pixels of 16 bits, resampled, and classes: the stretch is the whole image's.
gdal_translate -q -ot UInt16 -scale 0 255 100 3000 scenes/a.tif deep.tif
quiet classify deep.tif --chip 32 --gsd 0.25 --top 2 --model nets/scenes.onnx -o deep.csv
quiet chips deep.tif --chip 32 --gsd 0.25 -o chips.csv
try classify chips.csv --top 2 --model nets/scenes.onnx -o classes.csv
compare deep.csv classes.csv

# What is no table of chips, what is not there, and options of images.
try featurize direct.csv --folder scenes --model nets/scenes.onnx -o again.csv
head -1 again.csv | tr , '\n' | grep -c seen
elcano sql 'select id, class from input' classes.csv --quiet -o no.csv
try featurize no.csv --model nets/scenes.onnx
try featurize windows.parquet --model nets/scenes.onnx
try featurize windows.parquet --folder scenes --model nets/scenes.onnx --gsd 1
try featurize windows.parquet scenes --model nets/scenes.onnx
rm scenes/b.tif
try featurize windows.parquet --folder scenes --model nets/scenes.onnx --on-error skip -o left.csv
wc -l <left.csv
try featurize windows.parquet --folder scenes --model nets/scenes.onnx --on-error record -o bad.csv
cut -d'"' -f10- bad.csv | grep -c 'no such file'
elcano sql "select * replace (1000 as x_px) from input limit 1" windows.parquet --quiet -o far.parquet
try featurize far.parquet --folder scenes --model nets/scenes.onnx
elcano sql "select * replace (cast(null as bigint) as x_px) from input limit 1" windows.parquet --quiet -o half.parquet
try featurize half.parquet --folder scenes --model nets/scenes.onnx
elcano sql "select * replace (height + 4294967296 as height) from input limit 1" pixels.parquet --quiet -o long.parquet
try featurize long.parquet --model nets/scenes.onnx
elcano sql "select * replace (7 as height) from input limit 1" pixels.parquet --quiet -o short.parquet
try featurize short.parquet --model nets/scenes.onnx
try classify bad.csv --folder scenes --model nets/scenes.onnx -o told.csv
