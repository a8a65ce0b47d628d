#!/bin/sh
# includes.sh - reads the #include lines and fails on an arrow that the design forbids.
# SPDX-License-Identifier: Apache-2.0
# usage: includes.sh ROOT
set -eu
cd "$1"

# Each room, and the rooms whose public header it may include besides its own.
arrows='
base
table base
run base table
files base
geo base
geometry base geo
image base geo
model base files
detect base geo geometry image model
classify base image model
learn base
sql base table geo function files
layer base table geo geometry sql
label base table geo geometry layer
score base
map base geo files
job base table run layer
serve base table geo geometry image layer files
function base table geo geometry
functions base table geo geometry classify function
operators base table run geo geometry image model detect classify layer label score sql map learn files
cli base table run geo geometry image model detect layer label score learn job serve function sql elcano
tools base table run geo geometry image model detect layer label score learn job serve function sql elcano
'

# Operators whose folder another one includes from; all else that several share is in
# operators/parts or operators/pixels.
operators='
chips detect
detect dedupe
networks chips detect
train_classifier chips networks
train_detector chips networks
'

lines() {
    find include src cli tools -name '*.[ch]' -exec \
        grep -Hn '^[[:space:]]*#[[:space:]]*include' {} + 2>/dev/null | sort
}

lines | awk -F: -v arrows="$arrows" -v operators="$operators" '
BEGIN {
    n = split(arrows, row, "\n")
    for (i = 1; i <= n; i++) {
        m = split(row[i], word, " ")
        if (m) known[word[1]] = may[word[1], word[1]] = 1
        for (j = 2; j <= m; j++) may[word[1], word[j]] = 1
    }
    n = split(operators, row, "\n")
    for (i = 1; i <= n; i++) {
        m = split(row[i], word, " ")
        for (j = 2; j <= m; j++) shared[word[1], word[j]] = 1
    }
}
function bad(why) { print $1 ":" $2 ": " room " includes " target ": " why; failures++ }
function exists(path,    line, found) {
    found = (getline line <path) >= 0
    close(path)
    return found
}
function stem(path) { sub(/.*\//, "", path); sub(/\.h$/, "", path); return path }
{
    public = $1 ~ /^include\//
    n = split($1, part, "/")
    room = public ? stem($1) : part[1] == "src" ? part[2] : part[1]
    folder = $1
    sub(/\/[^\/]*$/, "", folder)
    angle = $3 ~ /</
    target = $3
    sub(/^[^<"]*[<"]/, "", target)
    sub(/[>"].*$/, "", target)

    if (public && room == "elcano")
        next                                   # it includes them all
    else if (!(room in known))
        bad("a room that tests/arch/includes.sh does not know")
    else if (target ~ /^elcano\//) {
        if (!((room, stem(target)) in may)) bad("not an arrow of the design")
    } else if (public) {
        if (target !~ /^(std[a-z]*|math|float|limits|inttypes)\.h$/)
            bad("a public header needs no library but <elcano/...> and C")
    } else if (!angle) {
        split(target, to, "/")
        own = part[3]
        sub(/\.[ch]$/, "", own)
        if (target ~ /^\.\.?\//)
            bad("say the path from src/")
        else if (target ~ /^operators\/.*\// && to[2] != own &&
                 to[2] !~ /^(parts|pixels)$/ && !((own, to[2]) in shared))
            bad("a file of another operator; what both need is in operators/parts")
        else if (!exists(folder "/" target) && target !~ "^" room "/")
            bad("a private header of another room")
    } else if (target ~ /^(src|base|table|run|geo|geometry|image|model|detect|layer)\//)
        bad("Elcano'"'"'s private headers are included with quotes")
}
END {
    if (!NR) { print "no #include line was found under " ENVIRON["PWD"]; failures++ }
    exit failures > 0
}'
