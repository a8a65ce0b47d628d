"""Vehicles by image, and as GeoParquet: found.py SCENES OUT

elcano comes by `pip install ./python`, the jar by `make spark`.
SPDX-License-Identifier: Apache-2.0
"""

import sys

import elcano
from pyspark.sql import SparkSession

scenes, out = sys.argv[1:]
spark = elcano.session(SparkSession.builder.master("local[2]").appName("found"))
found = elcano.read(spark, "detect", scenes)
found.groupBy("image", "class").count().orderBy("image", "class").show()
elcano.write(found.where("score > 0.5"), out)
spark.stop()
