# The classifier's real frames of docs/learn.md: the command and the table of the page.
# SPDX-License-Identifier: Apache-2.0
if [ ! -d "$DATA/imagery/minsk" ]; then
    echo "SKIPPED: $DATA/imagery/minsk is not here; ELCANO_DATA says where such files are" >&2
    exit 77
fi
export ELCANO_DATA="$DATA" XDG_CACHE_HOME="$PWD/cache"

awk '/^### On real frames/ {here = 1} here && /^```/ {if (inside) exit; inside = 1; next} inside' \
    "$SOURCE/docs/learn.md" >guide.sh
sh -e guide.sh >rows 2>said || cat said
python3 - "$SOURCE/docs/learn.md" <<'END'
import json, re, sys
rows = [json.loads(line)["properties"] for line in open("rows")]
page = open(sys.argv[1]).read().split("### On real frames")[1].split("### How exact")[0]
for name, labels, *scores in re.findall(
        r"\| (\w+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|", page):
    row = next(r for r in rows if r["what"] == "class" and r["name"] == name)
    same = row["labels"] == int(labels) and all(
        abs(row[what] - float(told)) < 0.03 for what, told in zip(("accuracy", "precision"), scores))
    print(name, "as the page has it" if same else (labels, scores, row))
END
