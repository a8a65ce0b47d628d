#!/bin/sh
# run.sh - the page in a real browser: a rendered town and its vehicles, served and used.
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD   (pictures of the page: BUILD/web-tests/*.png)
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
modules=$here/../../build/deps/browser/node_modules
chromium=$(command -v chromium || command -v chromium-browser || :)

skip() {
    echo "SKIPPED: the page is not tested in a browser: $*; scripts/setup installs it" >&2
    exit 77
}
[ -n "$chromium" ] || skip "there is no chromium"
command -v node >/dev/null || skip "there is no node"
[ -d "$modules/playwright-core" ] || skip "playwright-core is not in build/deps/browser"

work=$build/web-tests
rm -rf "$work"
mkdir -p "$work"
"$build/scene" --out "$work/town.tif" --truth "$work/town.geojson" --size 1600x1200 \
    --objects 200 --seed 7 >/dev/null
python3 "$here/make_layers.py" "$work"
NODE_MODULES=$modules CHROMIUM=$chromium ELCANO=$build/elcano \
    timeout 360 node --test --test-concurrency=1 "$here/page.test.mjs" "$here/keep.test.mjs" "$here/heat.test.mjs"
