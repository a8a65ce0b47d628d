# Operators in a row: rows and layers as by single runs, progress, the plan, refusals.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

toys_pipeline="make-points a b --model m"
elcano make-points a b --model m -q -o points.gpkg
elcano pass points.gpkg:points -q -o passed.gpkg
rows() { ogr2ogr -f CSV /vsistdout/ "$1" rows -lco GEOMETRY=AS_WKT; }
rows passed.gpkg >passed.csv
for line in "! pass -o" "! pass - ! pass ! write" "! pass ! pass ! pass --threads 1 -o"; do
    try pipeline $toys_pipeline $line piped.gpkg
    rows piped.gpkg | cmp - passed.csv
    rm piped.gpkg
done

# Side tables of every step that was read to its end are layers.
try pipeline $toys_pipeline ! pass ! write layers.gpkg
ogrinfo -q layers.gpkg

# What is said for programs names the step.
elcano pipeline $toys_pipeline --warn begun --progress json --threads 1 ! pass ! write more.csv 2>said
grep -m 1 -o '{"step":"make-points","unit":"points"' said
grep -v '^{"step"' said | steady
try pipeline $toys_pipeline --dry-run ! pass ! write none.csv

# Failures name the step whose they are, and leave nothing.
try pipeline $toys_pipeline --fail format ! pass ! pass ! write broken.csv
elcano pipeline $toys_pipeline --fail format --progress json ! pass ! write broken.csv 2>said
grep -v '^{"step"' said
rm said
try pipeline make-points a b ! pass
ls
