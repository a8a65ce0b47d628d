// JoinsTest.java - joins of Spark's tables give the rows of the command line.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JoinsTest {
  /** Points, boxes of any size, NULL, empty and invalid ones; some lie across the antimeridian. */
  @BeforeAll
  static void writeTables() throws IOException {
    Town.sh(Town.FOLDER, "python3 " + Town.BUILD + "/../spark/src/test/resources/places.py");
  }

  private static Dataset<Row> read(String file, int partitions) {
    return Town.spark().read().format("elcano").load(Town.at(file)).repartition(partitions);
  }

  private static String text(Row row) {
    return IntStream.range(0, row.length())
        .mapToObj(row::get)
        .map(v -> v instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(v))
        .collect(Collectors.joining("|"));
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.collectAsList().stream().map(JoinsTest::text).sorted().toList();
  }

  private static Map<String, String> options(String... words) {
    Map<String, String> out = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      out.put(words[i], words[i + 1]);
    }
    return out;
  }

  private static Dataset<Row> ofCommandLine(
      String operator, String left, String right, Map<String, String> options)
      throws IOException {
    StringBuilder words = new StringBuilder(Town.BUILD + "/elcano " + operator);
    options.forEach((name, value) ->
        words.append(" --").append(name.replace('_', '-')).append(value.equals("yes") ? "" : " " + value));
    Town.sh(Town.FOLDER, words + " " + left + " " + right + " -q --overwrite -o joined.parquet");
    return Town.spark().read().parquet(Town.at("joined.parquet")).drop("bbox");
  }

  /** What the command line gives; either strategy is held to the same. */
  private record Wanted(List<String> columns, List<String> rows) {}

  private static final Map<List<Object>, Wanted> WANTED = new HashMap<>();

  private static Wanted wanted(
      String operator, String left, String right, Map<String, String> options)
      throws IOException {
    Map<String, String> asked = new TreeMap<>(options);
    asked.keySet().removeAll(List.of("strategy", "cells"));
    List<Object> key = List.of(operator, left, right, asked);
    if (!WANTED.containsKey(key)) {
      Dataset<Row> table = ofCommandLine(operator, left, right, asked);
      WANTED.put(key, new Wanted(List.of(table.columns()), rows(table)));
    }
    return WANTED.get(key);
  }

  private static void assertSame(
      String operator, String left, String right, Map<String, String> options) throws IOException {
    Wanted wanted = wanted(operator, left, right, options);
    for (int partitions : partitions(options)) {
      Dataset<Row> here = read(left, partitions);
      Dataset<Row> there = Town.spark().read().format("elcano").load(Town.at(right));
      Dataset<Row> got = operator.equals("join")
          ? Joins.join(here, there, options) : Joins.nearest(here, there, options);
      assertEquals(wanted.columns(), List.of(got.columns()), options.toString());
      assertEquals(wanted.rows(), rows(got), options + " in " + partitions);
    }
  }

  /** Each predicate by cells, and each kind in any number of partitions: of the long cases. */
  private static final boolean LONG = Boolean.getBoolean("elcano.long");

  /** All of 1, 3 and 17 for the kinds of join that the others share their plan with. */
  private static List<Integer> partitions(Map<String, String> options) {
    boolean cells = options.getOrDefault("strategy", "").equals("cells");
    boolean all = options.getOrDefault("predicate", "").equals("intersects")
        && (LONG || options.get("how").equals(cells ? "inner" : "left"));
    return all ? List.of(1, 3, 17) : List.of(3);
  }

  private static final List<String> PREDICATES =
      List.of("intersects", "within", "contains", "covers", "covered_by", "touches", "crosses",
          "overlaps", "equals", "disjoint");

  private static final List<String> KINDS = List.of("inner", "left", "semi", "anti");

  @Test
  void everyPredicateGivesTheRowsOfTheCommandLine() throws IOException {
    for (String predicate : PREDICATES.subList(1, PREDICATES.size())) { // the first: below
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", predicate, "how", "left", "strategy", "broadcast"));
    }
  }

  @Test
  void everyKindOfJoinGivesTheRowsOfTheCommandLine() throws IOException {
    for (String how : KINDS) {
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", "intersects", "how", how, "strategy", "broadcast"));
      assertSame("join", "left.geojson", "nothing.geojson",
          options("predicate", "within", "how", how));
      assertSame("join", "nothing.geojson", "right.geojson",
          options("predicate", "within", "how", how));
      assertSame("join", "points.csv", "right.geojson",
          options("predicate", "within", "how", how));
    }
  }

  @Test
  void distancesAreThoseOfTheCommandLine() throws IOException {
    for (String far : List.of("60km", "0.5", "0")) {
      assertSame("join", "left.geojson", "right.geojson",
          options("distance", far, "how", "left", "strategy", "broadcast"));
    }
    assertSame("join", "points.csv", "left.geojson", options("distance", "60km"));
  }

  @Test
  void ownersAreThoseOfTheCommandLine() throws IOException {
    assertSame("join", "points.csv", "right.geojson", options("ownership", "yes", "how", "left"));
  }

  @Test
  void theNearestAreThoseOfTheCommandLine() throws IOException {
    assertSame("nearest", "left.geojson", "right.geojson", options("k", "3", "how", "left"));
    assertSame("nearest", "points.csv", "left.geojson", options("max_distance", "90km"));
    assertSame("nearest", "left.geojson", "right.geojson", options("max_distance", "0.4"));
    assertSame("nearest", "left.geojson", "nothing.geojson", options("how", "left"));
  }

  /** Cells of few rows each, so that most shapes lie in several. */
  @Test
  void cellsGiveTheRowsOfTheCommandLine() throws IOException {
    for (String predicate : LONG ? PREDICATES.subList(0, 9) : List.of("within", "touches")) {
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", predicate, "how", "left", "strategy", "cells", "cells", "64"));
    }
    for (String how : KINDS) {
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", "intersects", "how", how, "strategy", "cells", "cells", "64"));
    }
    assertSame("join", "left.geojson", "right.geojson",
        options("distance", "60km", "how", "left", "strategy", "cells", "cells", "64"));
    assertSame("join", "left.geojson", "right.geojson",
        options("distance", "0.5", "how", "anti", "strategy", "cells", "cells", "64"));
    assertSame("join", "points.csv", "right.geojson",
        options("predicate", "within", "strategy", "cells", "cells", "64", "how", "left"));
    assertSame("join", "nothing.geojson", "right.geojson",
        options("predicate", "within", "strategy", "cells", "cells", "64", "how", "left"));
    assertSame("join", "left.geojson", "nothing.geojson",
        options("predicate", "within", "strategy", "cells", "cells", "64", "how", "anti"));
  }

  private static Dataset<Row> zones() {
    return Town.spark().sql("SELECT id AS zone, elcano.st_makebbox(id % 10, id div 10, id % 10 + 1,"
        + " id div 10 + 1) AS geometry FROM range(100)");
  }

  /** Three of four points lie in one zone. */
  private static Dataset<Row> crowd(int points) {
    return Town.spark().sql("SELECT id, IF(id % 4 = 0, 10 * rand(1), 5 + rand(1)) AS lon,"
        + " IF(id % 4 = 0, 10 * rand(2), 5 + rand(2)) AS lat FROM range(0, " + points + ", 1, 4)");
  }

  private static List<String> counts(Map<String, String> options) {
    return rows(Joins.join(crowd(40000), zones(), options).groupBy("zone").count());
  }

  @Test
  void crowdedZonesAreCountedAlikeByEitherStrategy() {
    List<String> small = counts(options("predicate", "within", "strategy", "broadcast"));
    assertEquals(100, small.size());
    assertEquals(small, counts(options("predicate", "within", "strategy", "cells")));
    assertEquals(small, counts(options("predicate", "within")));
  }

  @Test
  void aJoinMayBeWrittenInSql() {
    crowd(1000).createOrReplaceTempView("trips");
    zones().createOrReplaceTempView("zones");
    Dataset<Row> got = Town.spark().sql("SELECT id, lon, lat, inline_outer(elcano.probe((SELECT"
        + " elcano.index('{\"predicate\": \"within\", \"right_crs\": \"OGC:CRS84\"}', geometry,"
        + " struct(zone), zone) FROM zones), lon, lat)) FROM trips");
    assertEquals(rows(Joins.join(crowd(1000), zones(), options("predicate", "within", "how", "left",
        "right_crs", "OGC:CRS84"))), rows(got));
  }

  private static String plan(Map<String, String> options) {
    return Joins.join(crowd(10), zones(), options).queryExecution().optimizedPlan().toString();
  }

  @Test
  void strategiesAreWhatTheyAreCalled() {
    String small = plan(options("predicate", "within", "strategy", "broadcast"));
    assertTrue(small.contains("Generate inline") && !small.contains("Join "), small);
    String large = plan(options("predicate", "within", "strategy", "cells"));
    assertTrue(large.contains("Join Inner") && !large.contains("inline"), large);
  }

  private static String refused(String operator, String... words) {
    return assertThrows(
        IllegalArgumentException.class,
        () -> {
          if (operator.equals("join")) {
            Joins.join(crowd(10), zones(), options(words));
          } else {
            Joins.nearest(crowd(10), zones(), options(words));
          }
        }).getMessage();
  }

  @Test
  void whatCannotBeIsRefusedBeforeATableIsRead() {
    for (List<String> one : List.of(
        List.of("did you mean within", "join", "predicate", "withinn"),
        List.of("auto, broadcast or cells", "join", "predicate", "within", "strategy", "fast"),
        List.of("give strategy broadcast", "join", "ownership", "yes", "strategy", "cells"),
        List.of("inner, left", "nearest", "how", "semi"),
        List.of("no column shape of WKB", "join", "predicate", "within", "right_geometry", "shape"),
        List.of("no column id of WKB", "join", "predicate", "within", "left_geometry", "id"),
        List.of("a column east", "join", "predicate", "within", "x", "east", "y", "north"),
        List.of("cells is many", "join", "predicate", "within", "strategy", "cells", "cells", "many"),
        List.of("EPSG:1", "join", "predicate", "within", "right_crs", "EPSG:1"),
        List.of("CRS of the right table is not stated", "join", "distance", "5m"),
        List.of("group the joined rows", "join", "predicate", "within", "count", "yes"),
        List.of("\"colour\" is not known", "join", "predicate", "within", "colour", "red"))) {
      String why = refused(one.get(1), one.subList(2, one.size()).toArray(String[]::new));
      assertTrue(why.contains(one.get(0)), why);
    }
  }

  @Test
  void bytesThatAreNoGeometryAreRefusedInWords() {
    Dataset<Row> bad = Town.spark().sql("SELECT 1 AS id, unhex('01ff') AS geometry");
    for (String strategy : List.of("broadcast", "cells")) {
      Map<String, String> how = options("predicate", "within", "strategy", strategy, "cells", "4");
      assertThrows(Exception.class, () -> Joins.join(bad, zones(), how).collectAsList());
      assertThrows(Exception.class, () -> Joins.join(zones(), bad, how).collectAsList());
    }
  }

  /** Tasks that follow each other share an index, and then it goes. */
  @Test
  void nothingIsHeldForLong() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      Joins.join(crowd(100), zones(), options("predicate", "within", "strategy", "broadcast"))
          .collectAsList();
    }
    assertTrue(Places.held() > 0);
    for (int i = 0; i < 300 && Places.held() > 0; i++) {
      Thread.sleep(100);
    }
    assertEquals(0, Places.held());
  }
}
