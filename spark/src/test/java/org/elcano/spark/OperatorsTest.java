// OperatorsTest.java - every operator that there is gives the rows of the command line.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  /** Files by input, and options; both of the town's folder. */
  private record Case(Map<String, String> inputs, Map<String, String> options) {}

  /** Few on executors of their own, where only what crosses is another. */
  private static final List<Integer> PARTITIONS = Town.CLUSTER ? List.of(17) : List.of(1, 3, 17);

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  private static void add(String operator, Map<String, String> inputs, String... options) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    CASES.put(operator, new Case(inputs, map));
  }

  static {
    Map<String, String> cars = Map.of("table", "truth.geojson");
    Map<String, String> both = Map.of("left", "truth.geojson", "right", "quarters.geojson");
    add("aggregate", both, "predicate", "intersects", "by", "class");
    add("bin", cars, "hex", "20m", "by", "class", "images", "found.gpkg:images", "per",
        "imaged-area");
    add("catalog", Map.of("images", "frames"));
    add("check", Map.of("detections", "truth.geojson"), "rules", "ships", "layers",
        "town=quarters.geojson");
    add("chips", Map.of("images", "frames"), "chip", "256", "overlap", "32");
    add("classify", Map.of("chips", "quarters.geojson"), "folder", ".", "model", "scenes.onnx",
        "top", "2");
    add("cluster", cars, "eps", "8m", "min_points", "4", "by", "class");
    add("dedupe", Map.of("detections", "found.gpkg:detections"), "images", "found.gpkg:images");
    add("detect", Map.of("images", "frames"), "model", "exact.onnx");
    add("evaluate", Map.of("detections", "found.gpkg:detections", "truth", "truth.geojson"));
    add("featurize", Map.of("images", "frames"), "model", "scenes.onnx", "chip", "128");
    add("heatmap", cars, "bandwidth", "10m", "by", "class", "png", "heat.png", "overwrite", "yes");
    add("join", both, "predicate", "intersects", "how", "left");
    add("measure", cars, "area", "yes", "centroid", "yes");
    add("nearest", both, "k", "2");
    add("overlay", Map.of("first", "truth.geojson", "second", "quarters.geojson"),
        "op", "intersection");
    add("project", cars, "to", "EPSG:32633");
    add("read", cars);
    add("sql", Map.of("input", "truth.geojson"),
        "query", "SELECT class, count(*) AS n FROM input GROUP BY ALL");
  }

  private static JsonNode operators() throws IOException {
    return new ObjectMapper().readTree(Native.operators());
  }

  @BeforeAll
  static void writeWhatCasesRead() throws IOException {
    Town.elcano("chips", "town.tif", "--chip", "500", "--overlap", "0", "-q", "-o",
        "quarters.geojson");
    Town.elcano("detect", "frames", "--model", "exact.onnx", "-q", "-o", "found.gpkg");
    Town.sh(Town.FOLDER, "python3 " + Town.BUILD + "/../tools/networks.py heads heads"
        + " && mv heads/scenes.onnx .");
  }

  @AfterEach
  void noMemoryIsHeld() {
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
  }

  /** Paths and files among options are the town's. */
  private static String at(String name, String value) {
    if (name.equals("layers")) {
      int path = value.indexOf('=') + 1;
      return value.substring(0, path) + Town.at(value.substring(path));
    }
    return List.of("images", "model", "png", "folder").contains(name) ? Town.at(value) : value;
  }

  private static Dataset<Row> ofCommandLine(JsonNode operator, Case one) throws IOException {
    String name = operator.get("name").asText();
    List<String> words = new ArrayList<>(List.of(name));
    one.options().forEach((option, value) -> {
      words.add("--" + option.replace('_', '-'));
      if (!value.equals("yes")) {
        words.add(at(option, value));
      }
    });
    for (JsonNode input : operator.get("inputs")) {
      String file = one.inputs().get(input.get("name").asText());
      if (file != null) {
        words.add(Town.at(file));
      }
    }
    if (operator.hasNonNull("file")) { // it writes one of its own, and its rows tell of it
      words.add(0, "pipeline");
      words.addAll(List.of("!", "read"));
    }
    words.addAll(List.of("-q", "--overwrite", "-o", name + ".parquet"));
    Town.elcano(words.toArray(String[]::new));
    // the boxes that GeoParquet adds are no column of the operator's
    return Town.spark().read().parquet(Town.at(name + ".parquet")).drop("bbox");
  }

  private static Dataset<Row> ofSpark(JsonNode operator, Case one, int partitions) {
    var reader =
        Town.spark().read().format("elcano").option("operator", operator.get("name").asText())
            .option("partitions", partitions);
    for (Map.Entry<String, String> option : one.options().entrySet()) {
      reader = reader.option(option.getKey(), at(option.getKey(), option.getValue()));
    }
    String first = operator.get("inputs").get(0).get("name").asText();
    for (Map.Entry<String, String> input : one.inputs().entrySet()) {
      if (!input.getKey().equals(first)) {
        reader = reader.option(input.getKey(), Town.at(input.getValue()));
      }
    }
    String path = one.inputs().get(first);
    return path == null ? reader.load() : reader.load(Town.at(path));
  }

  private static String text(Row row) {
    return IntStream.range(0, row.length())
        .mapToObj(row::get)
        .map(v -> v instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(v))
        .collect(Collectors.joining("|"));
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.collectAsList().stream().map(OperatorsTest::text).sorted().toList();
  }

  private static String columns(Dataset<Row> table) {
    return Arrays.stream(table.schema().fields())
        .map(field -> field.name() + " " + field.dataType().sql())
        .collect(Collectors.joining(", "));
  }

  @Test
  void everyOperatorGivesTheRowsOfTheCommandLine() throws IOException {
    List<String> differ = new ArrayList<>();
    for (JsonNode operator : operators()) {
      String name = operator.get("name").asText();
      if (operator.get("inputs").isEmpty()) {
        continue; // those that train read their files themselves, on one machine
      }
      Case one = CASES.get(name);
      assertNotNull(one, name + " has no case here");
      Dataset<Row> wanted = ofCommandLine(operator, one);
      List<String> all = rows(wanted);
      assertTrue(!all.isEmpty(), name);
      for (int partitions : PARTITIONS) {
        Dataset<Row> got = ofSpark(operator, one, partitions);
        if (!columns(wanted).equals(columns(got))) {
          differ.add(name + ": columns " + columns(wanted) + " are " + columns(got));
        } else if (!all.equals(rows(got))) {
          differ.add(name + " in " + partitions + ": " + all.size() + " rows, " + got.count()
              + ", as " + all.get(0) + " and " + rows(got).get(0));
        }
      }
    }
    assertEquals(List.of(), differ);
  }
}
