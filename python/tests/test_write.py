"""Files that executors write: whole ones or none, readable by others.

SPDX-License-Identifier: Apache-2.0
"""

import json
import threading
import time

import elcano
import geopandas
import pyarrow.parquet
import pytest
from conftest import BUILD, CONNECT, run


@pytest.fixture(scope="session")
def cars(spark, town):
    return elcano.read(spark, "read", town / "truth.geojson")


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_geoparquet_says_what_its_geometries_are(cars, tmp_path):
    elcano.write(cars.repartition(3), tmp_path / "cars")
    parts = sorted((tmp_path / "cars").iterdir())
    assert len(parts) == 3 and files(tmp_path) == ["cars"]
    for part in parts:
        geo = json.loads(pyarrow.parquet.read_schema(part).metadata[b"geo"])
        assert geo["primary_column"] == "geometry"
        assert geo["columns"]["geometry"]["geometry_types"] == ["Polygon"]
        assert geo["columns"]["geometry"]["covering"]["bbox"]


def test_others_read_the_same_shapes(cars, town, tmp_path):
    elcano.write(cars.repartition(3), tmp_path / "cars")
    wanted = geopandas.read_file(town / "truth.geojson").sort_values(["xmin_px", "ymin_px"])
    found = geopandas.read_parquet(tmp_path / "cars").sort_values(["xmin_px", "ymin_px"])
    assert len(found) == 300 and found.crs.is_geographic
    assert (found.geometry.values == wanted.geometry.values).all()
    assert list(found["class"]) == list(wanted["class"])


def test_a_crs_travels_with_the_column(spark, town, tmp_path):
    utm = elcano.read(spark, "project", town / "truth.geojson", to="EPSG:32633")
    elcano.write(utm.where("class = 'car'"), tmp_path / "utm")
    found = geopandas.read_parquet(tmp_path / "utm")
    assert found.crs == "EPSG:32633" and found.total_bounds[0] > 400_000


def test_a_crs_may_be_given(cars, tmp_path):
    elcano.write(cars.selectExpr("geometry AS shape"), tmp_path / "told", crs="EPSG:3857",
                 geometry="shape")
    assert geopandas.read_parquet(tmp_path / "told").crs == "EPSG:3857"


def test_one_file_is_that_of_the_command_line(cars, town, tmp_path):
    elcano.write(cars.coalesce(1), tmp_path / "cars.csv", single=True)
    run(tmp_path, BUILD / "elcano", "read", town / "truth.geojson", "-q", "-o", "wanted.csv")
    assert files(tmp_path) == ["cars.csv", "wanted.csv"]
    assert (sorted((tmp_path / "cars.csv").read_text().splitlines())
            == sorted((tmp_path / "wanted.csv").read_text().splitlines()))


def test_what_is_there_is_kept_unless_told(cars, spark, tmp_path):
    def count():
        return spark.read.parquet(str(tmp_path / "cars")).count()

    elcano.write(cars, tmp_path / "cars")
    with pytest.raises(Exception, match="is there already"):
        elcano.write(cars, tmp_path / "cars")
    elcano.write(cars, tmp_path / "cars", mode="append")
    assert count() == 600
    elcano.write(cars.limit(7), tmp_path / "cars", mode="overwrite")
    assert count() == 7 and files(tmp_path) == ["cars"]


def test_no_rows_are_a_file_with_columns(cars, spark, tmp_path):
    elcano.write(cars.where("class = 'boat'"), tmp_path / "none")
    none = spark.read.parquet(str(tmp_path / "none"))
    assert none.count() == 0 and "geometry" in none.columns


def test_a_task_that_is_tried_again_leaves_no_doubles(cars, spark, tmp_path):
    def twice(batches):
        from pyspark import TaskContext

        for batch in batches:
            yield batch
        if TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("the first attempt fails")

    rows = cars.repartition(2).mapInArrow(twice, cars.schema)
    elcano.write(rows, tmp_path / "cars")
    assert spark.read.parquet(str(tmp_path / "cars")).count() == 300
    assert len(files(tmp_path / "cars")) == 2 and files(tmp_path) == ["cars"]


def test_a_write_that_fails_leaves_nothing(spark, tmp_path):
    rows = spark.range(0, 10_000, 1, 3).selectExpr(
        "id", "if(id = 9999, cast(raise_error('boom') AS string), 'x') AS text")
    with pytest.raises(Exception, match="boom"):
        elcano.write(rows, tmp_path / "rows")
    assert files(tmp_path) == []


def test_a_write_that_is_cancelled_leaves_nothing(spark, tmp_path):
    def slow(batches):
        for batch in batches:
            time.sleep(0.05)
            yield batch

    rows = spark.range(0, 10_000_000, 1, 4).mapInArrow(slow, "id long")
    seen = []

    def work():
        try:
            elcano.write(rows, tmp_path / "rows")
        except Exception as failure:
            seen.append(failure)

    worker = threading.Thread(target=work)
    worker.start()
    while not any(tmp_path.glob(".rows.elcano-*/.part-*")):
        assert worker.is_alive()
        time.sleep(0.05)
    if CONNECT:
        spark.interruptAll()
    else:
        spark.sparkContext.cancelAllJobs()
    worker.join(60)
    assert seen and ("cancel" in str(seen[0]).lower() or "interrupt" in str(seen[0]).lower())
    until = time.time() + 20  # tasks let go a little later
    while files(tmp_path) and time.time() < until:
        time.sleep(0.1)
    assert files(tmp_path) == []


@pytest.mark.classic
def test_files_are_brought_to_other_file_systems(cars, spark, tmp_path):
    (tmp_path / "far").mkdir()
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    hadoop.set("fs.viewfs.mounttable.elcano.link./far", f"file://{tmp_path}/far")
    elcano.write(cars.repartition(2), "viewfs://elcano/far/cars")
    assert files(tmp_path / "far") == ["cars"]
    assert len(geopandas.read_parquet(tmp_path / "far/cars")) == 300


@pytest.mark.parametrize("column, why", [
    ("array(1) AS list", "column list is ARRAY<INT>, which files of tables do not hold"),
    ("class AS _class", "names with a leading _"),
])
def test_what_files_do_not_hold_is_told(cars, tmp_path, column, why):
    with pytest.raises(Exception, match=why):
        elcano.write(cars.selectExpr("geometry", column), tmp_path / "cars")
    assert files(tmp_path) == []


def test_narrow_types_are_widened(cars, spark, tmp_path):
    rows = cars.selectExpr("cast(class_id AS smallint) AS a", "cast(lon AS decimal(20, 8)) AS b",
                           "cast('2026-01-02 03:04:05' AS timestamp_ntz) AS c")
    elcano.write(rows, tmp_path / "cars")
    assert [kind for _, kind in spark.read.parquet(str(tmp_path / "cars")).dtypes] == [
        "int", "double", "timestamp"]


@pytest.mark.parametrize("kind, suffix", [("tif", "tif"), ("png", "png")])
def test_images_come_back_as_they_were(spark, town, tmp_path, kind, suffix):
    chips = elcano.read(spark, "chips", town / "town.tif", chip=500, bands="1,2,3",
                        pixels="column").withColumnRenamed("id", "name")
    elcano.write_images(chips, tmp_path / "chips", format=kind)
    wanted = {row.name: row.data for row in chips.select("name", "data").collect()}
    assert files(tmp_path / "chips") == sorted(f"{name}.{suffix}" for name in wanted)
    again = elcano.read(spark, "chips", tmp_path / "chips", chip=500, pixels="column")
    found = {row.image.split(".")[0]: row.data for row in again.select("image", "data").collect()}
    assert found == wanted


def test_image_structs_of_spark_are_written(spark, town, tmp_path):
    chips = elcano.read(spark, "chips", town / "town.tif", chip=500, bands="1,2,3",
                        pixels="column").withColumnRenamed("id", "name")
    elcano.write_images(chips, tmp_path / "png", format="png")
    images = spark.read.format("image").load(str(tmp_path / "png")).selectExpr(
        "image", "regexp_extract(image.origin, '([^/]*)[.]png', 1) AS name")
    elcano.write_images(images, tmp_path / "tif", image="image")
    assert ([name.split(".")[0] for name in files(tmp_path / "tif")]
            == [name.split(".")[0] for name in files(tmp_path / "png")])


def test_two_images_of_one_name_are_refused(spark, town, tmp_path):
    chips = elcano.read(spark, "chips", town / "town.tif", chip=500, bands="1,2,3",
                        pixels="column").selectExpr("'one' AS name", "*")
    with pytest.raises(Exception, match="two rows are to be the file one.tif"):
        elcano.write_images(chips, tmp_path / "chips")
    assert files(tmp_path) == []
