# Every kind of failure has its code, and leaves no file.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

for kind in argument not_found exists io format model unsupported memory internal; do
    try make-points a.tif --model m --fail $kind -o points.gpkg
done
try make-points a.tif --model m --fail cancelled -o points.gpkg
ls -A
