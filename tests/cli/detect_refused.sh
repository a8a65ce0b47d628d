# Bad input gets one line, its code and no file.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

set -- --model vehicle.onnx -o out.gpkg
head -c 200000 RGB.byte.tif >short.tif
echo text >text.tif
: >empty.tif
mkdir empty

try detect missing.tif "$@"
try detect text.tif "$@"
try detect empty.tif "$@"
try detect empty "$@"
try detect short.tif "$@"
try detect vehicle.onnx "$@"
try detect MOS155.png "$@" --bands 4,2,1
try detect MOS155.png "$@" --keep cat
try detect MOS155.png "$@" --area missing.gpkg
try detect MOS155.png "$@" --crs EPSG:1
try detect MOS155.png "$@" --chip 100000
try detect MOS155.png "$@" --overlap 700
try detect MOS155.png --model text.tif -o out.gpkg
try detect MOS155.png --model missing.onnx -o out.gpkg
try detect MOS155.png --model planes -o out.gpkg | sed 's/(no .*; a/(no ...; a/'
try detect --model vehicle.onnx -o out.gpkg
try detect MOS155.png --model vehicle.onnx -o missing/out.gpkg
try detect MOS155.png --model vehicle.onnx -o out.tif
ls -A
