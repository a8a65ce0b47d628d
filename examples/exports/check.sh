#!/bin/sh
# check.sh - exports a network from each framework, and holds Elcano's answers to theirs.
# SPDX-License-Identifier: Apache-2.0
# usage: check.sh ELCANO FOLDER [pytorch | keras | sklearn]...
# Each framework is installed into a virtual environment in FOLDER: some gigabytes.
set -eu
elcano=$1 folder=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- pytorch keras sklearn
for name; do
    venv=$folder/venv-$name
    if ! [ -x "$venv/bin/python" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --require-hashes -r "$here/requirements-$name.txt"
    fi
    case $name in
    pytorch) script=pytorch.py input=$folder/pytorch.png ;;
    keras) script=keras_tf2onnx.py input=$folder/keras.png ;;
    sklearn) script=sklearn_skl2onnx.py input=$folder/sklearn.txt ;;
    *) echo "check.sh: $name: give pytorch, keras or sklearn" >&2; exit 2 ;;
    esac
    "$venv/bin/python" "$here/$script" "$folder"
    "$elcano" model info "$folder/$name.onnx"
    "$elcano" model check "$folder/$name.onnx" "$input"
    "$elcano" model check "$folder/$name.onnx" "$input" --json |
        "$venv/bin/python" "$here/compare.py" "$folder/$name.json"
done
