# What SQL can call: as a list, by a name, as JSON; and that docs/functions.md says the same.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

elcano functions | sed -n '/^measures/,/^$/p'
elcano functions ST_GeomFromWKT
elcano functions st_point | grep -c example
elcano functions --json | python3 -c '
import json, sys
for family in json.load(sys.stdin):
    print(family["name"], len(family["functions"]))'
try functions st_withn
try functions st_x st_y
try functions st_x --json
cp "$SOURCE/docs/functions.md" page.md
elcano functions --json | "$SOURCE/scripts/functions" page.md
diff "$SOURCE/docs/functions.md" page.md && echo "docs/functions.md is up to date"
