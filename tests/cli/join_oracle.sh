# Random tables joined as SQLite joins them, row for row.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 - <<'END'
import csv, random
random.seed(4)
words = ["", "a", "b", "ab", "A", "\u00e9", "1", "01", "x y", "it's", "a,b"]
for name, rows in ("left", 3000), ("right", 2000):
    with open(name + ".csv", "w", newline="") as file:
        file.write("n,k,w,s\n")
        for i in range(rows):
            k = random.choice(["", random.randrange(1000)])
            w = random.choice(words)
            s = random.randrange(40) / 4
            file.write(f'{i},{k},{chr(34) + w + chr(34) if w else ""},{s}\n')
END
oracle() {
    python3 - "$@" <<'END'
import csv, sqlite3, sys
query, got = sys.argv[1], sys.argv[2]
db = sqlite3.connect(":memory:")
for name in "left", "right":
    db.execute(f'create table "{name}" (n integer, k integer, w text, s real)')
    with open(name + ".csv", newline="") as file:
        rows = [[value or None for value in row] for row in csv.reader(file)][1:]
    db.executemany(f'insert into "{name}" values (?, ?, ?, ?)', rows)
text = lambda v: "" if v is None else "%g" % v if isinstance(v, float) else str(v)
expected = [[text(v) for v in row] for row in db.execute(query)]
with open(got, newline="") as file:
    rows = list(csv.reader(file))[1:]
assert len(expected) == len(rows) > 0, (len(expected), len(rows))
for a, b in zip(expected, rows):
    assert a == b, (a, b)
print(len(rows), "rows are SQLite's")
END
}
join() { elcano join left.csv right.csv -q --overwrite -o got.csv "$@"; }

join --on k --threads 3
oracle 'select a.n, a.k, a.w, a.s, b.n, b.w, b.s from "left" a join "right" b
        on a.k = b.k order by a.n, b.n' got.csv
join --on k,w --how left --threads 2
oracle 'select a.n, a.k, a.w, a.s, b.n, b.s from "left" a left join "right" b
        on a.k = b.k and a.w = b.w order by a.n, b.n' got.csv
join --on s=k --how left
oracle 'select a.n, a.k, a.w, a.s, b.n, b.w, b.s from "left" a left join "right" b
        on a.s = b.k order by a.n, b.n' got.csv
join --on w,s --how semi
oracle 'select * from "left" a where exists (select 1 from "right" b
        where a.w = b.w and a.s = b.s) order by a.n' got.csv
join --on k,w --how anti
oracle 'select * from "left" a where not exists (select 1 from "right" b
        where a.k = b.k and a.w = b.w) order by a.n' got.csv
