# An output that cannot be written is refused before any work.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try make-points a --model m --pause 10000 -o points.xyz
try make-points a --model m --pause 10000 -o missing/points.gpkg
touch there.gpkg
try make-points a --model m --pause 10000 -o there.gpkg
try make-points there.gpkg --model m --overwrite -o there.gpkg
try make-points a --model there.gpkg --overwrite -o ./there.gpkg
ls -A
