#!/bin/sh
# symbols.sh - fails on a symbol of the library that does not start with elc_.
# SPDX-License-Identifier: Apache-2.0
# usage: symbols.sh LIBRARY...   (.so: what it exports; .a: all that is not static)
set -eu
failed=0
for library in "$@"; do
    case $library in
    *.a) names=$(nm -g --defined-only -P "$library") ;;
    *) names=$(nm -D --defined-only -P "$library") ;;
    esac
    names=$(echo "$names" | awk 'NF > 1 && $2 != "A" {print $1}' | sort -u)
    # The linker's own three appear when a library asks for them.
    names=$(echo "$names" | grep -vx -e __bss_start -e _edata -e _end || :)
    [ -n "$names" ] || { echo "$library: no symbol at all"; failed=1; }
    others=$(echo "$names" | grep -v '^elc_' || :)
    [ -z "$others" ] || {
        echo "$library: symbols without elc_:" $others
        failed=1
    }
done
exit $failed
