# Without -o a pipe gets GeoJSONSeq; so does -o - .
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano make-points a --model m --rows 2 -q >plain
elcano make-points a --model m --rows 2 -q -o - | cmp - plain
python3 -c '
import json
for line in open("plain"):
    feature = json.loads(line.lstrip("\x1e"))
    print(feature["geometry"], feature["properties"]["n"])'
