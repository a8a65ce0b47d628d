# Pipelines that cannot be meant.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try pipeline
try pipeline !
try pipeline make-points a --model m !
try pipeline make-points a --model m ! ! pass
try pipeline write points.csv
try pipeline make-points a --model m ! write a.csv ! pass
try pipeline make-points a --model m ! write
try pipeline make-points a --model m ! write a.csv b.csv
try pipeline make-points a --model m -o a.csv ! write b.csv
try pipeline make-points a --model m ! write a.csv --chip 3
try pipeline make-points a --model m ! make-points --model m
try pipeline make-points a --model m ! make-points - --model m
try pipeline make-points a --model m ! pass missing.gpkg
try pipeline make-points a --model m ! pas
try pipeline make-points a --model m ! version
try pipeline make-points a --model m ! pass --rows 3
try pipeline --threads 2 make-points a --model m
elcano make-points a --model m -q -o points.csv
try pipeline pass points.csv ! write points.csv --overwrite
try pipeline pass points.csv ! write other.xyz
try pipeline --help | head -4
try pipeline make-points --help | head -4
ls
