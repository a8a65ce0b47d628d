#!/bin/sh
# selftest.sh - shows that the checks here, and tests/cli/run, fail when they should.
# SPDX-License-Identifier: Apache-2.0
# usage: selftest.sh COMPILER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
compiler=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# check fails|passes WHAT COMMAND...
check() {
    wanted=$1 what=$2
    shift 2
    if "$@" >"$work/log" 2>&1; then got=passes; else got=fails; fi
    [ $got = "$wanted" ] && return
    echo "$what: the check $got, and should not have"
    cat "$work/log"
    failed=1
}

# include fails|passes FILE LINE: a tree with that one line, and two private headers.
include() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/$(dirname "$2")" "$work/tree/src/model/heads"
    : >"$work/tree/src/model/tensor.h"
    : >"$work/tree/src/model/heads/head.h"
    echo "$3" >"$work/tree/$2"
    check "$1" "$2 with $3" "$here/includes.sh" "$work/tree"
}

include passes src/base/a.c '#include <elcano/base.h>'
include passes src/detect/a.c '#include <elcano/image.h>'
include passes src/operators/a.c '#include <elcano/layer.h>'
include passes src/model/heads/a.c '#include "model/heads/head.h"'
include passes src/model/a.c '#include "tensor.h"'
include passes src/model/a.c '#include "heads/head.h"'
include passes src/image/a.c '#include <gdal.h>'
include passes src/functions/a.c '#include <elcano/function.h>'
include passes src/operators/nearest/a.c '#include "operators/parts/held.h"'
include passes src/operators/bin/a.c '#include "operators/bin/job.h"'
include passes cli/a.c '#include <elcano/elcano.h>'
include passes include/elcano/geo.h '#include <elcano/base.h>'
include fails src/base/a.c '#include <elcano/table.h>'
include fails src/base/a.c '  #  include <elcano/geo.h>'
include fails src/model/a.c '#include <elcano/image.h>'
include fails src/geometry/a.c '#include "elcano/image.h"'
include fails src/table/a.c '#include <elcano/elcano.h>'
include fails src/detect/a.c '#include "image/handle.h"'
include fails src/detect/a.c '#include "../image/handle.h"'
include fails src/detect/a.c '#include <image/handle.h>'
include fails src/detect/a.c '#include "tensor.h"'
include fails src/operators/a.c '#include "detect/merge.h"'
include fails src/operators/nearest/a.c '#include "operators/join/shape.h"'
include fails src/operators/bin.c '#include "operators/join/shape.h"'
include fails src/functions/a.c '#include <elcano/image.h>'
include fails src/attic/a.c '#include <elcano/base.h>'
include fails cli/a.c '#include "run/plan.h"'
include fails tools/scene/a.c '#include "base/file.h"'
include fails include/elcano/geo.h '#include <elcano/table.h>'
include fails include/elcano/image.h '#include <gdal.h>'
mkdir "$work/empty"
check fails "a tree without a line" "$here/includes.sh" "$work/empty"

# library fails|passes C-TEXT: as shared and as static library.
library() {
    echo "$2" >"$work/a.c"
    "$compiler" -fPIC -c "$work/a.c" -o "$work/a.o"
    "$compiler" -shared "$work/a.o" -o "$work/a.so"
    rm -f "$work/a.a"
    ar rcs "$work/a.a" "$work/a.o"
    check "$1" "shared: $2" "$here/symbols.sh" "$work/a.so"
    check "$1" "static: $2" "$here/symbols.sh" "$work/a.a"
}

library passes 'int elc_a(void) { return 1; } static int b; int *elc_b(void) { return &b; }'
library fails 'int elc_a(void) { return 1; } int helper(void) { return 2; }'
library fails 'int elc_a(void) { return 1; } int counter;'
library fails 'static int a; void *const elcano = &a;'
library fails 'static int none;'

# session fails|passes SCRIPT STDOUT STDERR EXIT: with those beside it.
session() {
    rm -rf "$work/cli"
    mkdir "$work/cli"
    echo "$2" >"$work/cli/a.sh"
    printf "$3" >"$work/cli/a.stdout"
    printf "$4" >"$work/cli/a.stderr"
    [ -z "$5" ] || echo "$5" >"$work/cli/a.exit"
    check "$1" "session: $2" "$here/../cli/run" "$work" "$work/cli/a.sh"
}

session passes 'echo a; echo b >&2; exit 3' 'a\n' 'b\n' 3
session passes 'ls' '' '' ''
session fails 'echo a' 'b\n' '' ''
session fails 'echo a' '' '' ''
session fails ':' 'a\n' '' ''
session fails 'echo b >&2' '' 'a\n' ''
session fails 'exit 1' '' '' ''
session fails 'exit 1' '' '' 2
session fails ':' '' '' 1
exit $failed
