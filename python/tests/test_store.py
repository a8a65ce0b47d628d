"""Images in an object store: Hadoop's paths, read by GDAL.

SPDX-License-Identifier: Apache-2.0
"""

import elcano
import pytest
from conftest import ids
from store import BUCKET

pytestmark = pytest.mark.classic  # the JVM was told where the store is when it started


def test_a_file_of_a_bucket_is_read_by_gdal(spark, town, store):
    store.folder = town
    store.asked.clear()
    found = elcano.read(spark, "detect", f"s3a://{BUCKET}/town.tif", model=town / "exact.onnx")
    wanted = elcano.read(spark, "detect", town / "town.tif", model=town / "exact.onnx")
    boxes = ["xmin_px", "ymin_px", "xmax_px", "ymax_px", "class"]
    assert (sorted(found.select(*boxes).collect()) == sorted(wanted.select(*boxes).collect()))
    assert "town.tif" in store.asked


def test_a_folder_of_a_bucket_is_listed(spark, town, store):
    store.folder = town
    images = elcano.read(spark, "catalog", f"s3a://{BUCKET}/frames")
    assert images.count() == len(list((town / "frames").glob("*.tif"))) > 0
    assert len(ids(images)) == images.count()
