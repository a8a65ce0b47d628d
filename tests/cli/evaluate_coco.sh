# The cases of tests/score, written as COCO's JSON and a CSV, score as pycocotools says.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - "$SOURCE/tests/score/coco_cases.txt" <<'END'
import json, subprocess, sys
cases, case = [], None
for line in open(sys.argv[1]):
    kind, *words = line.split()
    if kind == "case":
        case = {"name": words[0], "images": int(words[1]), "classes": int(words[2]),
                "found": [], "truth": [], "stats": []}
        cases.append(case)
    elif kind == "most":
        case["most"] = words[0]
    elif kind in ("found", "truth", "stats"):
        case[kind].append([float(w) for w in words])

def write(case):
    truth = {"images": [{"id": i, "file_name": f"{i:03}.tif"} for i in range(case["images"])],
             "categories": [{"id": k, "name": f"class {k}"} for k in range(case["classes"])],
             "annotations": [{"id": n + 1, "image_id": int(t[0]), "category_id": int(t[1]),
                              "iscrowd": int(t[2]), "area": t[3],
                              "bbox": [t[4], t[5], t[6] - t[4], t[7] - t[5]]}
                             for n, t in enumerate(case["truth"])]}
    json.dump(truth, open("truth.json", "w"))
    with open("found.csv", "w") as file:
        print("image,class,score,xmin_px,ymin_px,xmax_px,ymax_px", file=file)
        for f in case["found"]:
            print(f'"{int(f[0]):03}.tif","class {int(f[1])}"', *map(repr, f[2:]), sep=",",
                  file=file)

right = 0
for case in cases:
    write(case)
    limit = ["--per-image", case["most"]] if case["most"] != "0" else []
    done = subprocess.run(["elcano", "evaluate", "found.csv", "truth.json", "-q", "--json",
                           "got.json", "--overwrite", "-o", "out.csv", *limit],
                          capture_output=True, text=True)
    assert done.returncode == 0, (case["name"], done.stderr)
    got = json.load(open("got.json"))
    all_, coco = got["all"], got["coco"]
    numbers = [all_["ap"], all_["ap50"], all_["ap75"], all_["ap_small"], all_["ap_medium"],
               all_["ap_large"], coco["ar1"], coco["ar10"], coco["ar"], coco["ar_small"],
               coco["ar_medium"], coco["ar_large"]]
    numbers = [-1 if n is None else n for n in numbers]
    apart = max(abs(a - b) for a, b in zip(numbers, case["stats"][0]))
    assert apart <= 1e-9, (case["name"], numbers, case["stats"])
    right += 1
print(right, "cases are pycocotools'")
END
