# What was done, in one line, unless it is not wanted.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try make-points a b --model m --rows 1000 -o points.gpkg --threads 1 --warn 'this is careful'
try make-points a b --model m --rows 4 -o points.gpkg
try make-points a b --model m --rows 4 -o points.gpkg --overwrite -q
try make-points a b --model m --rows 4 --overwrite --output=points.geojson
try make-points a --model m --rows 0 -o none.csv
ls -A
