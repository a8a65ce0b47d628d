# A small file says what classes are called, which group they are of, and how sure they
# must be.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

scene --out town.tif --size 800x600 --objects 60 --seed 7 --code-only 2>/dev/null >&2
python3 "$SOURCE/tools/instrument.py" noisy.onnx --noisy-scores
LC_ALL=C sed 's/names/nomes/' noisy.onnx >nameless.onnx
cat >styles.csv <<END
class_id,name,group,colour,least_score
0,"Car","small","#d62728",0.8
1,"truck","large",,
2,"bus","large","#ffffff",0.1
END
count() {
    ogr2ogr -f CSV /vsistdout/ "$1" -dialect sqlite -sql "SELECT class, \"group\", colour,
        count(*) AS n, min(score) >= 0.8 AS sure FROM detections GROUP BY 1, 2, 3 ORDER BY 1"
}
detect() { elcano detect town.tif --model "$@" -q; }
detect noisy.onnx -o plain.gpkg
ogr2ogr -f CSV /vsistdout/ plain.gpkg -dialect sqlite -sql "SELECT class,
    count(*) AS n, sum(score >= 0.8) AS sure FROM detections GROUP BY 1 ORDER BY 1"
detect noisy.onnx --styles styles.csv -o styled.gpkg
count styled.gpkg
# The same for parts, and for a network without names; --score is for all classes.
detect noisy.onnx --styles styles.csv --part-units 2 --chip 256 -o parts.gpkg
detect noisy.onnx --styles styles.csv --chip 256 -o one.gpkg
cmp parts.gpkg one.gpkg
detect nameless.onnx --styles styles.csv --head yolov8 -o nameless.gpkg
count nameless.gpkg
detect noisy.onnx --styles styles.csv --score 0.5 --keep Car,bus -o kept.gpkg
count kept.gpkg
try detect town.tif --model noisy.onnx --styles styles.csv --keep car -o x.gpkg
# Without groups or colours there are no such columns.
printf 'name,least_score\n"bus",0.9\n' >bare.csv
detect noisy.onnx --styles bare.csv -o bare.gpkg
ogrinfo -q -so bare.gpkg detections | grep -c 'group\|colour' || true
printf 'class_id,name\n0,"a"\n0,"b"\n' >twice.csv
try detect town.tif --model noisy.onnx --styles twice.csv -o x.gpkg
printf 'name,least_score\n"bus",90\n' >percent.csv
try detect town.tif --model noisy.onnx --styles percent.csv -o x.gpkg
ls x.gpkg 2>&1 || true
