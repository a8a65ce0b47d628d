# More like this one: rows whose vectors are nearest, from images to ranks.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/try"

python3 "$HERE/../../tools/networks.py" heads nets
mkdir images
python3 - <<'END'
for i in range(12):
    colour = bytes((20 * i, 240 - 20 * i, 40 + (i * 7 % 12) * 15))
    with open("images/%02d.ppm" % i, "wb") as file:
        file.write(b"P6 32 32 255\n" + colour * 1024)
END
elcano featurize images --model nets/scenes.onnx --quiet -o all.parquet 2>warnings
elcano sql "select image, feature from input where image in ('03.ppm', '09.ppm')" \
    all.parquet --quiet -o these.parquet
elcano sql "select image, feature from input" all.parquet --quiet -o images.parquet

try nearest these.parquet images.parquet --by feature --k 3 -o cosine.csv
cat cosine.csv
try nearest these.parquet images.parquet --by feature --metric euclidean --k 3 -o euclid.csv
cat euclid.csv
# DuckDB's own distances say the same.
elcano sql "select a.image, b.image as image_right,
        list_cosine_distance(a.feature, b.feature) as distance,
        row_number() over (partition by a.image order by distance, b.image) as rank
    from these a, images b qualify rank <= 3 order by a.image, rank" \
    these.parquet images.parquet --quiet -o sql.csv
python3 - <<'END'
import csv
ours, theirs = (list(csv.DictReader(open(name))) for name in ("cosine.csv", "sql.csv"))
for one, other in zip(ours, theirs, strict=True):
    assert (one["image_right"], one["rank"]) == (other["image_right"], other["rank"])
    assert abs(float(one["distance"]) - float(other["distance"])) < 1e-6
END
try nearest these.parquet images.parquet --by feature --max-distance 0.02 --k 5 -o near.csv
cat near.csv
elcano sql "select image, case when image <> '03.ppm' then feature end as feature from input" \
    these.parquet --quiet -o holes.parquet
try nearest holes.parquet images.parquet --by feature --how left -o holes.csv
cat holes.csv
# Two batches of rows without a vector, and one warning.
elcano sql "select i::BIGINT as id, case when i > 100000 then [1.0::FLOAT] end as feature from range(5000) as t(i)" \
    these.parquet --quiet -o empty.parquet
elcano sql "select 7::BIGINT as id, [1.0::FLOAT] as feature" these.parquet --quiet -o one.parquet
elcano nearest empty.parquet one.parquet --by feature --how left -o empty.csv 2>&1 | grep -c "near to nothing"
for threads in 1 2; do
    elcano nearest images.parquet images.parquet --by feature --k 4 --quiet \
        --threads $threads -o "threads$threads.csv"
    cmp threads1.csv "threads$threads.csv"
done

elcano sql "select image, feature[1:3] as feature from input" all.parquet --quiet -o three.parquet
elcano sql "select image, list_concat(feature[1:3], ['nan'::FLOAT]) as feature from input" \
    all.parquet --quiet -o nan.parquet
try nearest these.parquet three.parquet --by feature
try nearest these.parquet nan.parquet --by feature
try nearest these.parquet cosine.csv --by feature
try nearest these.parquet images.parquet --by image
try nearest these.parquet images.parquet --by feature --planar
try nearest these.parquet images.parquet --by feature --max-distance 5m
try nearest these.parquet images.parquet --metric euclidean
