// Vehicles by image, and as GeoParquet:
//   SCENES=scenes OUT=found spark-shell --jars elcano-spark-4.2.0.jar \
//       --conf spark.sql.catalog.elcano=org.elcano.spark.Catalog -i found.scala
// SPDX-License-Identifier: Apache-2.0
val found = spark.read.format("elcano").option("operator", "detect").load(sys.env("SCENES"))
found.groupBy("image", "class").count().orderBy("image", "class").show()
found.where("score > 0.5").write.format("elcano").mode("append").option("exists", "error").save(sys.env("OUT"))
System.exit(0)
