# The page of join, whose columns depend on its inputs.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

elcano join --help | sed '/^formats of -o/,$d'
elcano operators --json | python3 -c '
import json, sys
for op in json.load(sys.stdin):
    if op["name"] == "join":
        print(json.dumps(op["outputs"], indent=1))'
