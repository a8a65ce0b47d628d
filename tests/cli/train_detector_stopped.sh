# A training that is stopped leaves the last head that was whole, or nothing.
# SPDX-License-Identifier: Apache-2.0
scene --out town.tif --pools pools.geojson --size 900x900 --seed 5 --gsd 0.13 2>said
# Stops the command once it tells of so many units, and prints its code.
stop_at() {
    python3 - "$@" <<'END'
import json, signal, subprocess, sys

unit, done = sys.argv[1], int(sys.argv[2])
child = subprocess.Popen(sys.argv[3:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
sent = False
for line in child.stderr:
    now = json.loads(line) if line.startswith("{") else {}
    if not sent and now.get("unit") == unit and now["done"] >= done:
        child.send_signal(signal.SIGINT)
        sent = True
print("exit", child.wait(), "stopped" if sent else "whole")
END
}
# How long the head of a file learnt, and how good it was.
head_of() {
    grep -ao '[0-9]* cells, [0-9]* epochs' "$1"
    grep -ao '"ap50": *[0-9.a-z]*' "$1"
}
set -- elcano train detector --labels pools.geojson --images town.tif --epochs 12 \
    --cells 6000 --threads 1 --progress json
"$@" -o whole.onnx >whole.rows 2>said
# In the last training: the head that was measured, with its scores and epochs.
stop_at epochs 12 "$@" --keep-best -o last.onnx
head_of whole.onnx >whole
head_of last.onnx >last
cmp whole last && ! cmp -s whole.onnx last.onnx && echo "the one that was measured"
# At its mistakes: the first, at most a third as long, which is not measured.
stop_at "chips looked at again" 1 "$@" --keep-best -o first.onnx
head_of first.onnx | sed 's/[0-9]* cells, [1-5] epochs/5 epochs or fewer/'
# Nothing, where it is not asked for.
stop_at epochs 12 "$@" -o nothing.onnx
ls *.onnx
