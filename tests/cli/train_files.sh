# The files of a training: both or none, a pipe is written to, and each has its own name.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"
scene --out town.tif --pools pools.geojson --truth cars.geojson --size 900x900 --seed 5 \
    --gsd 0.13 2>said
learn() {
    elcano train detector --labels pools.geojson --images town.tif --epochs 1 --cells 2000 \
        --no-hold-out "$@"
}
learn -q -o pools.onnx >rows 2>said
# The rows, and one class is one class.
learn -o again.onnx 2>&1 >again | steady
cmp rows again && cmp pools.onnx again.onnx
# A pipe stays one.
mkfifo pipe
cat pipe >through &
learn -q -o pipe >rows 2>said
wait
cmp pools.onnx through && test -p pipe && rm pipe
# Chips that are smaller than the usual overlap.
learn -q --chip 64 -o small.onnx >rows 2>said || cat said
elcano model info small.onnx | grep -o "chips .*px"
# A network's name is whole in what is said of it, however long.
name=$(python3 -c 'print("ü" * 120 + ".onnx")')
cp "$SOURCE/models/vehicle/vehicle.onnx" "$name"
learn -q --backbone "$name" -o named.onnx >rows 2>said || cat said
grep -c "learnt on $name" named.onnx
rm -f "$name" ./*.onnx rows again through said
# No name, and one name twice.
set -- train classifier --labels cars.geojson --images town.tif --cache none
try train detector --labels pools.geojson --images town.tif
try "$@" -o same --json same
# The report does not stay without its network: the disk is full.
if [ -c /dev/full ]; then
    try "$@" -o /dev/full --json report.json --block 5m
fi
# Nor does it replace an earlier one then, whatever is in the way.
echo "an earlier report" >report.json
(
    trap '' XFSZ
    ulimit -f 100
    try "$@" -o full.onnx --json report.json --block 5m --overwrite
)
mkdir folder
try "$@" -o folder --json report.json --block 5m --overwrite
cat report.json
rmdir folder && rm report.json
ls -A
