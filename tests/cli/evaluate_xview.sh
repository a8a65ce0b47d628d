# Sets of boxes score as a reading of xView's rules says that was written apart.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$SOURCE/tests/score/xview_apart.py" >cases.txt
python3 - "$SOURCE/share/styles/xview.csv" <<'END'
import csv, json, math, subprocess, sys
styles = sys.argv[1]
names = {int(row["class_id"]): row["name"] for row in csv.DictReader(open(styles))}

def cases():
    case = None
    for line in open("cases.txt"):
        kind, *words = line.split()
        if kind == "case":
            if case:
                yield case
            case = {"name": words[0], "found": [], "truth": [], "class": [], "mean": []}
        else:
            case[kind].append(words)
    yield case

def write(path, head, rows):
    with open(path, "w") as file:
        print(head, file=file)
        for row in rows:
            print(*row, sep=",", file=file)

def write_case(case):
    write("found.csv", "image,class,score,xmin_px,ymin_px,xmax_px,ymax_px",
          [[f"{f[0]}.tif", *f[1:]] for f in case["found"]])
    write("truth.csv", "image,class,xmin,ymin,xmax,ymax",
          [[f"{t[0]}.tif", *t[1:]] for t in case["truth"]])
    features = [{"type": "Feature", "geometry": None, "properties": {
        "image_id": f"{t[0]}.tif", "type_id": int(t[1]), "bounds_imcoords": ",".join(t[2:])}}
        for t in case["truth"]]
    json.dump({"type": "FeatureCollection", "features": features}, open("truth.geojson", "w"))

def evaluate(case, truth, *more):
    done = subprocess.run(["elcano", "evaluate", "found.csv", truth, "--scorer", "xview", "-q",
                           "--json", "got.json", "--overwrite", "-o", "out.csv", *more],
                          capture_output=True, text=True)
    assert done.returncode == 0, (case["name"], done.stderr)
    return json.load(open("got.json"))

def same(got, wanted, *what):
    wanted = float(wanted)
    right = got is None if math.isnan(wanted) else got is not None and abs(got - wanted) <= 1e-12
    assert right, (*what, got, wanted)

def compare(case, truth, *more):
    got = evaluate(case, truth, *more)
    for name, value in case["mean"]:
        same(got["xview"][name], value, case["name"], name)
    classes = {c["class"]: c["ap50"] for c in got["classes"]}
    for kind, ap, *_ in case["class"]:
        if kind in ("75", "82", "87"):
            assert kind not in classes
        else:
            shown = names.get(int(kind), kind) if more else kind
            same(classes[shown], ap, case["name"], kind)

numbers = named = 0
for case in cases():
    write_case(case)
    compare(case, "truth.csv")
    numbers += 1
    if all(int(t[1]) in names or int(t[1]) in (75, 82, 87) for t in case["truth"]):
        compare(case, "truth.geojson", "--styles", styles)
        named += 1
print(numbers, "sets by number,", named, "as xView's GeoJSON")
END
