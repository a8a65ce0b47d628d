# The plan and its time; nothing is written.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try make-points a b c --model m --rows 1000 --dry-run
try make-points a --model m --rows 3 --dry-run -o points.gpkg
try make-points a --model m --dry-run -o missing/points.gpkg
ls -A
