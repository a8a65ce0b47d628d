# A training that is stopped leaves nothing behind.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/interrupt"

scene --out town.tif --truth labels.geojson --size 2000x2000 --objects 600 --seed 3 2>said
set -- "$BUILD/elcano" train classifier --labels labels.geojson --images town.tif \
    --chip 256 --cache kept --progress json -o crops.onnx --json crops.json
interrupt SIGINT "$@"
interrupt SIGTERM "$@"
ls -A
