# An operator on tables reads what OGR reads.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano make-points a --model m --rows 2 -q -o points.gpkg
try pass points.gpkg:points -q -o copy.csv
cat copy.csv
try pass points.gpkg:points points.gpkg:files -q -o other.csv
cmp copy.csv other.csv
