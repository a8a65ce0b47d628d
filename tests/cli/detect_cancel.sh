# A run that is cancelled in its middle leaves nothing behind.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/data"
. "$HERE/interrupt"

for copy in a b c d e f g h i j k l; do
    cp MOS155.png $copy.png
done
set -- "$BUILD/elcano" detect '[a-l].png' --model vehicle.onnx --progress json -o out.gpkg
interrupt SIGINT "$@"
interrupt SIGTERM "$@"
ls -A | grep -v 'png$'
