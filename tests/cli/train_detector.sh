# A detector of pools from the pools of a town: the same bytes for any number of threads.
# SPDX-License-Identifier: Apache-2.0
scene --out town.tif --pools pools.geojson --size 1200x900 --seed 5 --gsd 0.13 2>scene.log
set -- train detector --labels pools.geojson --images town.tif --epochs 12 --cells 12000
elcano "$@" --threads 1 -o one.onnx >one.rows 2>one.log || cat one.log
elcano "$@" --threads 3 -o three.onnx >three.rows 2>three.log || cat three.log
cmp one.onnx three.onnx && cmp one.rows three.rows
grep -o '"class": "pool"' one.rows
elcano model info one.onnx | grep -E '^  (head|classes|resolution)'
elcano detect town.tif --model one.onnx --score 0.1 -o found.gpkg 2>found.log || cat found.log
elcano evaluate found.gpkg:detections pools.geojson --images town.tif -o scores.csv 2>scores.log || cat scores.log
awk -F, '/pool/ {print ($4 > 0.6 ? "pools are found" : $0)}' scores.csv
elcano "$@" -o one.onnx 2>&1
