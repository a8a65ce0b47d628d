// JoinsTest.java - joins of Spark's tables give the rows of the command line.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
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
    options.forEach((name, value) -> {
      if (!name.equals("strategy") && !name.equals("cells")) {
        words.append(" --").append(name.replace('_', '-')).append(value.equals("yes") ? "" : " " + value);
      }
    });
    Town.sh(Town.FOLDER, words + " " + left + " " + right + " -q --overwrite -o joined.parquet");
    return Town.spark().read().parquet(Town.at("joined.parquet")).drop("bbox");
  }

  private static void assertSame(
      String operator, String left, String right, Map<String, String> options) throws IOException {
    Dataset<Row> wanted = ofCommandLine(operator, left, right, options);
    List<String> all = rows(wanted);
    for (int partitions : partitions(options)) {
      Dataset<Row> here = read(left, partitions);
      Dataset<Row> there = Town.spark().read().format("elcano").load(Town.at(right));
      Dataset<Row> got = operator.equals("join")
          ? Joins.join(here, there, options) : Joins.nearest(here, there, options);
      assertEquals(List.of(wanted.columns()), List.of(got.columns()), options.toString());
      assertEquals(all, rows(got), options + " in " + partitions);
    }
  }

  /** All of 1, 3 and 17 for the predicate that the others share their plan with. */
  private static List<Integer> partitions(Map<String, String> options) {
    return options.getOrDefault("predicate", "").equals("intersects")
        ? List.of(1, 3, 17) : List.of(3);
  }

  private static final List<String> PREDICATES =
      List.of("intersects", "within", "contains", "covers", "covered_by", "touches", "crosses",
          "overlaps", "equals", "disjoint");

  @Test
  void everyPredicateGivesTheRowsOfTheCommandLine() throws IOException {
    for (String predicate : PREDICATES) {
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", predicate, "how", "left", "strategy", "broadcast"));
    }
  }

  @Test
  void everyKindOfJoinGivesTheRowsOfTheCommandLine() throws IOException {
    for (String how : List.of("inner", "left", "semi", "anti")) {
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
    for (String predicate : PREDICATES.subList(0, 9)) {
      assertSame("join", "left.geojson", "right.geojson",
          options("predicate", predicate, "how", "left", "strategy", "cells", "cells", "64"));
    }
    for (String how : List.of("inner", "semi", "anti")) {
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
}
