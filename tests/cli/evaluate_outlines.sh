# The outlines of tests/score score as pycocotools says with shapely's IoU.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - "$SOURCE/tests/score/shape_cases.txt" <<'END'
import json, subprocess, sys

def cases(path):
    case = None
    for line in open(path):
        kind, *words = line.split()
        if kind == "case":
            if case:
                yield case
            case = {"name": words[0], "found": [], "truth": [], "stats": []}
        else:
            case[kind].append(words)
    yield case

def write(path, head, rows, first):
    with open(path, "w") as file:
        print(head, file=file)
        for row in rows:
            points = list(zip(row[first::2], row[first + 1::2]))
            ring = ",".join(" ".join(p) for p in points + points[:1])
            print(f'"{row[0]}.tif","{row[1]}"', *row[2:first], f'"POLYGON(({ring}))"', sep=",",
                  file=file)

right = 0
for case in cases(sys.argv[1]):
    write("found.csv", "image,class,score,geometry", case["found"], 3)
    write("truth.csv", "image,class,geometry", case["truth"], 2)
    for threads in "1", "3":
        done = subprocess.run(["elcano", "evaluate", "found.csv", "truth.csv", "--truth-format",
                               "layer", "--per-image", "100", "--threads", threads, "--json",
                               "got.json", "--overwrite", "-q", "-o", "out.csv"],
                              capture_output=True, text=True)
        assert done.returncode == 0, (case["name"], done.stderr)
        got = json.load(open("got.json"))
        assert got["shapes"] == "polygon"
        all_, coco = got["all"], got["coco"]
        numbers = [all_[k] for k in ("ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large")]
        numbers += [coco[k] for k in ("ar1", "ar10", "ar", "ar_small", "ar_medium", "ar_large")]
        for a, b in zip(numbers, map(float, case["stats"][0])):
            assert abs((-1 if a is None else a) - b) <= 1e-9, (case["name"], numbers)
    right += 1
print(right, "cases of outlines are as pycocotools and shapely say")
END
