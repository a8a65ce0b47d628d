// ElcanoSourceTest.java - operators as a data source: the same rows as the command line.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElcanoSourceTest {
  private static Dataset<Row> read(String operator, String path, String... options) {
    var reader = Town.spark().read().format("elcano").option("operator", operator);
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }
    return reader.load(path);
  }

  private static TreeSet<String> texts(Dataset<Row> rows, String column) {
    TreeSet<String> all = new TreeSet<>();
    rows.select(column).collectAsList().forEach(row -> all.add(String.valueOf(row.get(0))));
    return all;
  }

  private static TreeSet<String> textsOfCsv(String name, String column) {
    return texts(Town.spark().read().option("header", true).csv(Town.at(name)), column);
  }

  @AfterEach
  void noMemoryIsHeld() {
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
  }

  @Test
  void catalogHasARowForEachImage() throws IOException {
    Dataset<Row> rows = read("catalog", Town.at("frames"), "recursive", "true");
    Town.elcano("catalog", "frames", "--recursive", "-q", "-o", "catalog.csv", "--overwrite");
    assertEquals(textsOfCsv("catalog.csv", "image"), texts(rows, "image"));
    assertEquals(rows.count(), texts(rows, "image").size());
  }

  /** In other numbers of partitions: OperatorsTest. */
  @Test
  void detectFindsTheSameInPartitions() throws IOException {
    Town.elcano("detect", "frames", "--model", "exact.onnx", "-q", "-o", "found.csv", "--overwrite");
    TreeSet<String> ids = textsOfCsv("found.csv", "id");
    assertTrue(ids.size() > 300);
    List<String> found =
        read("detect", Town.at("frames"), "model", Town.at("exact.onnx"), "partitions", "3")
            .select("id").as(Encoders.STRING()).collectAsList();
    assertEquals(ids, new TreeSet<>(found));
    assertEquals(ids.size(), found.size());
  }

  /** One image in many parts: what lies on their borders is settled by group. */
  @Test
  void partsOfAnImageAreCombined() throws IOException {
    Town.elcano("detect", "town.tif", "--model", "exact.onnx", "-q", "-o", "town.csv", "--overwrite");
    TreeSet<String> ids = textsOfCsv("town.csv", "id");
    Dataset<Row> parts =
        read("detect", Town.at("town.tif"), "model", Town.at("exact.onnx"), "parts", "2");
    assertTrue(parts.rdd().getNumPartitions() > 1);
    parts.createOrReplaceTempView("parts");
    String call =
        "{\"operator\": \"detect\", \"path\": \"" + Town.at("town.tif") + "\", \"model\": \""
            + Town.at("exact.onnx") + "\"}";
    Dataset<Row> open =
        Town.spark()
            .sql("select inline(elcano.combine('" + call + "', struct(*))) from parts"
                + " where _group is not null group by _group");
    Dataset<Row> done =
        Town.spark().sql("select * from parts where _group is null and _table is null");
    assertTrue(open.count() > 0);
    TreeSet<String> all = texts(done, "id");
    all.addAll(texts(open, "id"));
    assertEquals(ids, all);
    assertEquals(ids.size(), open.count() + done.count());
  }

  @Test
  void slicesOfATableAreTheTable() throws IOException {
    Town.elcano("measure", "truth.geojson", "--area", "-q", "-o", "measured.csv", "--overwrite");
    Dataset<Row> rows =
        read("measure", Town.at("truth.geojson"), "area", "yes", "partitions", "3");
    assertEquals(300, rows.count());
    assertEquals(textsOfCsv("measured.csv", "area_m2").size(), texts(rows, "area_m2").size());
  }

  @Test
  void otherInputsAreOptionsOfTheirNames() {
    Dataset<Row> rows =
        read("join", Town.at("truth.geojson"), "RIGHT", Town.at("truth.geojson"),
            "predicate", "intersects", "how", "semi");
    assertEquals(300, rows.count());
  }

  @Test
  void limitReadsNoMoreThanItNeeds() {
    Dataset<Row> rows = read("read", Town.at("truth.geojson"));
    assertEquals(7, rows.limit(7).collectAsList().size());
    assertEquals(1, rows.select("class").limit(1).collectAsList().size());
  }

  @Test
  void columnsAreReadInAnyOrder() {
    Row row = read("read", Town.at("truth.geojson")).select("class", "geometry").first();
    assertEquals(String.class, row.get(0).getClass());
    assertEquals(byte[].class, row.get(1).getClass());
  }

  /** A file that can leave columns out, and one that cannot. */
  @Test
  void columnsThatNoOneAsksForDoNotChangeTheOthers() throws IOException {
    Town.elcano("read", "truth.geojson", "-q", "--overwrite", "-o", "truth.parquet");
    for (String name : List.of("truth.geojson", "truth.parquet")) {
      Dataset<Row> table = read("read", Town.at(name));
      List<String> all = table.collectAsList().stream()
          .map(row -> row.getAs("class") + " " + row.getAs("lon")).sorted().toList();
      assertEquals(300, all.size());
      assertEquals(300, table.count());
      assertEquals(all, table.selectExpr("class || ' ' || lon").as(Encoders.STRING())
          .collectAsList().stream().sorted().toList(), name);
      assertEquals(300, table.where("length(hex(geometry)) > 10").select("geometry").count());
    }
  }

  @Test
  void failuresSayWhatTheCommandLineSays() {
    Exception unknown =
        assertThrows(ElcanoException.class, () -> read("detecct", Town.at("frames")));
    assertTrue(unknown.getMessage().contains("detect"), unknown.getMessage());
    Exception missing =
        assertThrows(ElcanoException.class, () -> read("read", Town.at("none.gpkg")));
    assertTrue(missing.getMessage().contains("none.gpkg"), missing.getMessage());
    Exception option =
        assertThrows(
            ElcanoException.class, () -> read("detect", Town.at("frames"), "chipp", "3"));
    assertTrue(option.getMessage().contains("chip"), option.getMessage());
  }
}
