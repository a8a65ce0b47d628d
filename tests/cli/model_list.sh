# The networks that a name can mean, and a network given by name.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

mkdir own
echo 'no network' >own/broken.onnx
export ELCANO_MODELS=own
elcano model list | sed -e 's,/.*/models/,.../models/,' -e 's/[0-9,]* bytes/N bytes/'
elcano model list --json | python3 -c '
import json, sys
for one in json.load(sys.stdin):
    print(one["name"], one.get("classes"), one.get("gsd_m"), "error" in one)'
elcano model info vehicles | head -n 1
cp "$SOURCE/models/vehicle/vehicle.onnx" own/mine.onnx
elcano model info mine | head -n 1
try model list --head yolov8
try model info planes | sed "s|in own.*; a|in own ...; a|"
