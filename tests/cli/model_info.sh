# What is known of a network, for people and for programs; and of what is none.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"

elcano model info vehicle.onnx | grep -v runtime
elcano model info vehicle.onnx --json | python3 -c '
import json, sys
info = json.load(sys.stdin)
print(info["head"], info["classes"])'
printf 'a\r\nb\n\nc\n' >names
elcano model info vehicle.onnx --classes names --channels bgr | grep -e classes -e pixels
: >empty
try model info vehicle.onnx --classes empty
try model info vehicle.onnx --classes missing
try model info vehicle.onnx --mean 1,2,3
try model info vehicle.onnx --head nothing
try model info missing.onnx
try model info MOS155.png
