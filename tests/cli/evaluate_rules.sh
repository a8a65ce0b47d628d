# The cases of tests/score, written as xView's GeoJSON and as CSV, score as the rules say.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - "$SOURCE/tests/score" <<'END'
import csv, json, subprocess, sys
ids = [11, 12, 13, 15, 17, 18, 19, 20, 21, 23, 24, 25]  # of the first of xView's classes

def cases(path):
    case = None
    for line in open(path):
        kind, *words = line.split()
        if kind == "case":
            if case:
                yield case
            case = {"name": words[0], "found": [], "truth": [], "stats": [], "class": []}
        else:
            case[kind].append([float(w) for w in words])
    yield case

def write_found(case):
    with open("found.csv", "w") as file:
        print("image,class,score,xmin_px,ymin_px,xmax_px,ymax_px", file=file)
        for f in case["found"]:
            print(f'"{int(f[0]):03}.tif","{ids[int(f[1])]}"', *map(repr, f[2:]), sep=",",
                  file=file)

def write_xview(case):
    features = [{"type": "Feature", "geometry": None, "properties": {
        "image_id": f"{int(t[0]):03}.tif", "type_id": ids[int(t[1])],
        "bounds_imcoords": ",".join(map(repr, t[4:]))}} for t in case["truth"]]
    json.dump({"type": "FeatureCollection", "features": features}, open("truth.geojson", "w"))

def write_csv(case):
    with open("truth.csv", "w") as file:
        print("image,class,difficult,xmin,ymin,xmax,ymax", file=file)
        for t in case["truth"]:
            print(f"{int(t[0]):03}.tif,{ids[int(t[1])]},{int(t[2] == 2)}", *map(repr, t[4:]),
                  sep=",", file=file)

def evaluate(truth, scorer, *more):
    done = subprocess.run(["elcano", "evaluate", "found.csv", truth, "--scorer", scorer, "-q",
                           "--json", "got.json", "--overwrite", "-o", "out.csv", *more],
                          capture_output=True, text=True)
    assert done.returncode == 0, (case["name"], done.stderr)
    return json.load(open("got.json"))

def same(got, wanted, what):
    got = [-1 if g is None else g for g in got]
    assert all(abs(a - b) <= 1e-9 for a, b in zip(got, wanted)), (what, got, wanted)

styles = sys.argv[1] + "/../../share/styles/xview.csv"
for scorer in "xview", "voc":
    right = 0
    for case in cases(f"{sys.argv[1]}/{scorer}_cases.txt"):
        if not case["truth"]:
            continue
        write_found(case)
        if scorer == "xview":
            write_xview(case)
            got = evaluate("truth.geojson", scorer, "--styles", styles)
            numbers = [got["xview"][k] for k in ("map", "precision", "recall", "f1")]
        else:
            write_csv(case)
            got = evaluate("truth.csv", scorer)
            numbers = [got["all"]["ap50"], got["all"]["ap75"]]
        same(numbers, case["stats"][0], case["name"])
        right += 1
    print(right, "cases are as the rules of", scorer, "say")
END
