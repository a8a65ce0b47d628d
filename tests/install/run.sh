#!/bin/sh
# run.sh - installs into an empty folder, and builds and runs a program against that copy.
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD COMPILER
set -eu
build=$1 compiler=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/usr

fail() {
    echo "$*"
    exit 1
}

cmake --install "$build" --prefix "$prefix" >"$work/log" || fail "$(cat "$work/log")"
pc=$(find "$prefix" -name elcano.pc)
[ -n "$pc" ] || fail "no elcano.pc under $prefix"
export PKG_CONFIG_PATH="${pc%/*}"
library=$(pkg-config --variable=libdir elcano)

# shellcheck disable=SC2046 # words, as pkg-config means them
"$compiler" -std=c17 -Wall -Wextra -Werror "$source/examples/count.c" -o "$work/count" \
    $(pkg-config --cflags --libs elcano) || fail "examples/count.c did not build"
said=$(LD_LIBRARY_PATH=$library "$work/count") || fail "examples/count.c ended with $?"
version=$(pkg-config --modversion elcano)
case $said in
*"elcano $version, operators: "*) ;;
*) fail "examples/count.c said '$said', without elcano $version" ;;
esac
LD_LIBRARY_PATH=$library ldd "$work/count" | grep -q "$library/libelcano.so.0 " ||
    fail "examples/count.c runs with another library than the installed one"

[ -e "$library/elcano/libonnxruntime.so.1" ] || fail "ONNX Runtime was not installed"
[ -e "$library/elcano/libduckdb.so" ] || fail "DuckDB was not installed"
if [ -x "$build/elcano" ]; then
    "$prefix/bin/elcano" operators >/dev/null || fail "the installed command does not run"
    "$prefix/bin/elcano" model list | grep -q "file .*/share/elcano/models/vehicles.onnx" ||
        fail "the installed command does not find the installed network"
    for rules in vehicles ships aircraft buildings osm; do
        [ -s "$prefix/share/elcano/rules/$rules.csv" ] || fail "no rules $rules"
    done
    for page in elcano elcano-detect; do
        [ -s "$prefix/share/man/man1/$page.1" ] || fail "no man page $page(1)"
    done
fi
echo "$said"
