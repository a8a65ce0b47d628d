// Operators.java - what the C core says of its operators: inputs, options, columns.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.types.StructType;

/** Read once in a process. */
final class Operators {
  private static final Map<String, JsonNode> ALL = read();
  private static final Set<String> FILES = Set.of("path", "layer");

  private Operators() {}

  private static Map<String, JsonNode> read() {
    try {
      Map<String, JsonNode> all = new LinkedHashMap<>();
      for (JsonNode one : new ObjectMapper().readTree(Native.operators())) {
        all.put(one.get("name").asText(), one);
      }
      return all;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** None of an operator that is not there. */
  static List<String> inputs(String operator) {
    List<String> names = new ArrayList<>();
    if (ALL.containsKey(operator)) {
      ALL.get(operator).get("inputs").forEach(input -> names.add(input.get("name").asText()));
    }
    return names;
  }

  /** Whether an option, in any spelling, names a file. */
  static boolean isFile(String operator, String option) {
    return FILES.contains(type(operator, option));
  }

  /** Whether an area chooses among chips that are rows; those of detect merge with others. */
  static boolean givesChips(String operator) {
    return !operator.equals("detect") && type(operator, "area").equals("layer");
  }

  /** Empty: there is no such option. */
  private static String type(String operator, String option) {
    if (ALL.containsKey(operator)) {
      for (JsonNode one : ALL.get(operator).get("options")) {
        if (spelling(one.get("name").asText()).equals(spelling(option))) {
          return one.get("type").asText();
        }
      }
    }
    return "";
  }

  private static String spelling(String option) {
    return option.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }

  private static long needed(JsonNode inputs) {
    return StreamSupport.stream(inputs.spliterator(), false)
        .filter(input -> !input.get("optional").asBoolean())
        .count();
  }

  /** Those that read images themselves, and nothing else that has to be there. */
  static List<String> ofImages() {
    return ALL.entrySet().stream()
        .filter(e -> e.getValue().get("inputs").path(0).path("name").asText().equals("images"))
        .filter(e -> needed(e.getValue().get("inputs")) <= 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The columns that are there whatever is given; of geometries no CRS is said. */
  static StructType columns(String operator) {
    List<String> columns = new ArrayList<>();
    for (JsonNode one : ALL.get(operator).get("outputs").get(0).get("columns")) {
      columns.add(one.get("name").asText());
      columns.add(one.get("type").asText());
      columns.add(null);
    }
    return Columns.of(columns.toArray(String[]::new));
  }
}
