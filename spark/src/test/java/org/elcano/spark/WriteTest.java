// WriteTest.java - df.write().format("elcano"): what the command line reads back.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTest {
  @TempDir Path folder;

  private static Dataset<Row> cars() {
    return Town.spark().read().format("elcano").load(Town.at("truth.geojson"));
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.selectExpr("hex(geometry)", "class", "lon").collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .collect(Collectors.toList());
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  @AfterEach
  void noMemoryIsHeldAndNothingHiddenIsLeft() {
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
    File[] hidden = folder.toFile().listFiles(file -> file.getName().startsWith("."));
    assertEquals(List.of(), Arrays.asList(hidden));
  }

  @Test
  void aFolderOfPartsIsTheTable() {
    cars().repartition(3).write().format("elcano").mode(SaveMode.Append).save(at("cars"));
    assertEquals(3, new File(at("cars")).list().length);
    assertEquals(rows(cars()), rows(Town.spark().read().parquet(at("cars"))));
  }

  @Test
  void oneFileIsReadByTheCommandLine() throws Exception {
    cars().repartition(1).write().format("elcano").mode(SaveMode.Append)
        .option("single", true).option("file_format", "gpkg").save(at("cars.gpkg"));
    Town.elcano("read", at("cars.gpkg"), "-q", "-o", at("again.parquet"));
    assertEquals(rows(cars()), rows(Town.spark().read().parquet(at("again.parquet"))));
  }

  @Test
  void listsOfFloatsAreReadBack() {
    Dataset<Row> made = Town.spark().range(7).selectExpr("id",
        "IF(id = 4, NULL, slice(transform(sequence(0, id), x -> CAST(x / 4 AS FLOAT)), 1,"
            + " CAST(id AS INT))) AS feature");
    made.repartition(1).write().format("elcano").mode(SaveMode.Append).save(at("lists"));
    Dataset<Row> parquet = Town.spark().read().parquet(at("lists")).select("id", "feature");
    assertEquals("ARRAY<FLOAT>", parquet.schema().apply("feature").dataType().sql());
    List<String> wanted = made.collectAsList().stream().map(Row::toString).sorted().toList();
    assertEquals(wanted, parquet.collectAsList().stream().map(Row::toString).sorted().toList());
  }

  @Test
  void oneFileOfManyPartitionsIsRefused() {
    Exception why =
        assertThrows(
            Exception.class,
            () -> cars().repartition(3).write().format("elcano").mode(SaveMode.Append)
                .option("single", true).option("file_format", "gpkg").save(at("cars.gpkg")));
    assertTrue(why.toString().contains("repartition(1)"), why.toString());
  }

  @Test
  void aSchemaOfOnesOwnIsNotRead() {
    assertThrows(
        Exception.class,
        () -> Town.spark().read().schema("a int").format("elcano").load(Town.at("truth.geojson"))
            .collectAsList());
  }
}
