# What this build can do, as a table and as JSON.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

try operators
elcano operators --json | python3 -c '
import json, sys
for op in json.load(sys.stdin):
    print(op["name"], [option["name"] for option in op["options"]])'
try operators detect
try operators --jsno
