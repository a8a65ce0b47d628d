"""compare.py - whether Elcano's answers equal the framework's.

usage: elcano model check MODEL INPUT --json | compare.py EXPECTED.json

Compares every number of the output that answers with "shares" of the file, which the
framework gave on the same input, and fails where one differs by more than 1e-5.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys

LIMIT = 1e-5


def main():
    check = json.load(sys.stdin)
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)
    found = check["outputs"][-1]
    if found["words"] is not None and found["words"] != expected["classes"]:
        raise SystemExit(f"classes {found['words']}, not {expected['classes']}")
    if len(found["numbers"]) != len(expected["shares"]):
        raise SystemExit(f"{len(found['numbers'])} numbers, not {len(expected['shares'])}")
    worst = max(abs(a - b) for a, b in zip(found["numbers"], expected["shares"]))
    print(f"{len(found['numbers'])} numbers, which differ by {worst:.1e} at most")
    if not worst <= LIMIT:
        raise SystemExit(f"more than {LIMIT:g}")


if __name__ == "__main__":
    main()
