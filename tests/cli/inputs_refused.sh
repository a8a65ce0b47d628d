# Too few inputs, too many, and an option that only the operator misses.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try make-points --model m
try make-points a
try pass
try pass a b c
try pass missing.gpkg
try version now
try model
try model infos m.onnx
