"""Detections through the package: the rows of the command line, from files and frames.

SPDX-License-Identifier: Apache-2.0
"""

import sys

import elcano
import numpy
import pytest
from conftest import BUILD, CONNECT, ROOT, ids, rows_of_command_line, run

VEHICLES = ROOT / "models/vehicle/vehicle.onnx"
COLUMNS = ["id", "image", "class", "score", "xmin_px", "ymin_px", "xmax_px", "ymax_px",
           "lon", "lat"]


def values(row):
    return tuple(value if isinstance(value, str) else round(float(value), 5)
                 for value in (row[name] for name in COLUMNS))


def of_spark(found):
    return sorted(values(row) for row in found.select(*COLUMNS).collect())


def of_shell(town, image):
    rows = rows_of_command_line(town, "detect", image, "--model", "exact.onnx")
    numbers = COLUMNS[3:]
    return sorted(values({**row, **{name: float(row[name]) for name in numbers}})
                  for row in rows)


@pytest.mark.parametrize("parts", ["auto", 1, 2, 5])
def test_parts_of_an_image_are_settled(spark, town, parts):
    found = elcano.detect(spark, town / "town.tif", model=town / "exact.onnx", parts=parts)
    assert of_spark(found) == of_shell(town, "town.tif")


def test_a_folder_has_the_rows_of_the_command_line(spark, town):
    found = elcano.detect(spark, town / "frames", model=town / "exact.onnx", parts=2)
    assert of_spark(found) == of_shell(town, "frames")


def test_a_catalogue_is_a_frame_of_images(spark, town):
    images = elcano.read(spark, "catalog", town / "frames")
    found = images.transform(elcano.detect(town / "exact.onnx"))
    assert of_spark(found) == of_shell(town, "frames")


def test_bytes_of_files_are_images(spark, town):
    files = spark.read.format("binaryFile").load(str(town / "frames"))
    found = files.transform(elcano.detect(town / "exact.onnx", columns=["path", "length"]))
    assert of_spark(found) == of_shell(town, "frames")
    assert found.columns[:2] == ["path", "length"]


def test_chips_with_their_pixels_are_images(spark, town):
    chips = elcano.read(spark, "chips", town / "town.tif", chip=700, overlap=300,
                        pixels="column")
    found = chips.transform(elcano.detect(town / "exact.onnx", columns=["x_px", "y_px"]))
    assert found.count() == len(of_shell(town, "frames"))
    lon, lat = COLUMNS.index("lon"), COLUMNS.index("lat")
    assert ({(row[lon], row[lat]) for row in of_spark(found)}
            == {(row[lon], row[lat]) for row in of_shell(town, "frames")})


def test_sparks_own_images_are_looked_at(spark, town):
    run(town, BUILD / "elcano", "chips", "town.tif", "--chip", "700", "--overlap", "300",
        "--pixels", "png", "--bands", "1,2,3", "--out-dir", "pictures", "-q", "-o", "p.csv")
    images = spark.read.format("image").load(str(town / "pictures/*.png"))
    found = images.transform(elcano.detect(VEHICLES, columns=["image.width"]))
    wanted = rows_of_command_line(town, "detect", "pictures", "--model", VEHICLES)
    assert ids(found) == sorted(row["id"] for row in wanted)
    assert found.columns[0] == "width" and len(wanted) > 100


def test_sparks_own_images_are_classified_as_on_the_command_line(spark, town):
    run(town, sys.executable, ROOT / "tools/networks.py", "heads", "nets")
    run(town, BUILD / "elcano", "chips", "town.tif", "--chip", "250", "--pixels", "png",
        "--bands", "1,2,3", "--out-dir", "small", "-q", "-o", "small.csv")
    model = town / "nets/scenes_logits.onnx"
    images = spark.read.format("image").load(str(town / "small/*.png"))
    found = images.selectExpr(
        "regexp_replace(image.origin, '.*/', '') image",
        f"elcano.classify(image, '{model}') class",
        f"elcano.classify_score(image, '{model}') score")
    rows = rows_of_command_line(town, "classify", "small", "--model", model, "--whole")
    assert ([(row.image, row["class"], row.score) for row in found.orderBy("image").collect()]
            == [(row["image"], row["class"], float(numpy.float32(row["score"]))) for row in rows])
    assert len(rows) == 48


def test_another_model_on_the_executor_is_refused(spark, town, tmp_path):
    model = tmp_path / "exact.onnx"
    model.write_bytes((town / "exact.onnx").read_bytes())
    look = elcano.detect(model)
    model.write_bytes(model.read_bytes() + b"\0")
    frame = elcano.read(spark, "catalog", town / "frames")
    with pytest.raises(Exception, match="is another file on the executor"):
        ids(frame.transform(look))


@pytest.mark.skipif(not CONNECT, reason="Spark has addArtifacts for files through Connect alone")
def test_a_model_that_the_session_brings_is_found(spark, town, tmp_path):
    (tmp_path / "brought.onnx").write_bytes((town / "exact.onnx").read_bytes())
    spark.addArtifacts(str(tmp_path / "brought.onnx"), file=True)
    (tmp_path / "brought.onnx").unlink()
    images = elcano.read(spark, "catalog", town / "frames")
    found = images.transform(elcano.detect("brought.onnx"))
    assert found.count() == len(of_shell(town, "frames"))
    parts = elcano.detect(spark, town / "frames", model="brought.onnx", parts=1)
    assert parts.count() == len(of_shell(town, "frames"))


def test_a_frame_without_images_is_told(spark):
    with pytest.raises(ValueError, match="this one has id"):
        spark.range(3).transform(elcano.detect("m.onnx"))
