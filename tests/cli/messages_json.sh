# On --progress json every line of the standard error is an object.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

set -- --model m --progress json
elcano make-points a "$@" --rows 1000 --pause 0.5 -o points.gpkg 2>lines
python3 - <<END
import json
lines = [json.loads(line) for line in open("lines")]
print(sorted(lines[0]), lines[-2]["done"], lines[-1]["rows"], len(lines) < 30)
END
try make-points a "$@" --rows 2 -o points.gpkg
try make-points a "$@" --rows 2 -o points.fgb --warn 'a "quoted" warning' --threads 1
try make-points a "$@" --rows 2 -o other.fgb -q
