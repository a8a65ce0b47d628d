// Call.java - what a user asks of an operator: its name, options and files.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Travels to executors. */
record Call(
    String operator, Map<String, String> options, Map<String, List<String>> inputs,
    Map<String, String> hashes, Where where)
    implements Serializable {
  /** Before an option's name: the SHA-256 of the file that it names, as the driver sees it. */
  static final String HASH = "sha256_";

  /** Options of the source itself, in lower case; all others are the operator's. */
  private static final List<String> OWN =
      List.of("operator", "path", "paths", "partitions", "parts", Where.BBOX, Where.TIME);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** From a JSON object of texts, as {@link #of(Map)}. */
  static Call of(String json) {
    try {
      return of(JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {}));
    } catch (JsonProcessingException e) {
      throw new ElcanoException("argument", "no JSON object of options: " + json);
    }
  }

  /**
   * From the options of a reader, whose case does not matter. `operator` is read unless said; the
   * paths of `load` are its first input, and other inputs are options of their names.
   */
  static Call of(Map<String, String> given) {
    Map<String, String> options = new LinkedHashMap<>();
    Map<String, List<String>> inputs = new LinkedHashMap<>();
    String operator = "read";
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, String> e : given.entrySet()) {
      switch (e.getKey().toLowerCase(Locale.ROOT)) {
        case "operator" -> operator = e.getValue();
        case "path" -> paths.add(GdalPath.of(e.getValue()));
        case "paths" -> paths.addAll(list(e.getValue()));
        default -> options.put(e.getKey(), e.getValue());
      }
    }
    List<String> names = Operators.inputs(operator);
    for (String name : names) {
      options.entrySet().removeIf(e -> take(e, name, inputs));
    }
    if (!paths.isEmpty() && !names.isEmpty()) {
      inputs.put(names.get(0), paths);
    }
    if (Operators.givesChips(operator)) {
      boxIsArea(options);
    }
    Where where = Where.of(new CaseInsensitiveStringMap(options));
    options.keySet().removeIf(key -> OWN.contains(key.toLowerCase(Locale.ROOT)));
    Map<String, String> hashes = new LinkedHashMap<>();
    options.entrySet().removeIf(e -> takeHash(e, hashes));
    return new Call(operator, options, inputs, hashes, where);
  }

  Call hashed(Map<String, String> known) {
    return new Call(operator, options, inputs, known, where);
  }

  /** The same on another image. */
  Call on(String path) {
    String name = Operators.inputs(operator).get(0);
    return new Call(operator, options, Map.of(name, List.of(path)), hashes, where);
  }

  /** Chips that touch the box: nothing merges them with others, so that they are as without it. */
  private static void boxIsArea(Map<String, String> options) {
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
    if (given.containsKey(Where.BBOX)) {
      if (given.containsKey("area")) {
        throw new ElcanoException("argument", "bbox: area is there too; give one of them");
      }
      options.put("area", Where.polygon(given.get(Where.BBOX)));
      options.keySet().removeIf(Where.BBOX::equalsIgnoreCase);
    }
  }

  private static boolean takeHash(Map.Entry<String, String> option, Map<String, String> hashes) {
    if (!option.getKey().startsWith(HASH)) {
      return false;
    }
    hashes.put(option.getKey().substring(HASH.length()), option.getValue());
    return true;
  }

  private static boolean take(
      Map.Entry<String, String> option, String name, Map<String, List<String>> inputs) {
    if (!option.getKey().equalsIgnoreCase(name)) {
      return false;
    }
    inputs.put(name, List.of(GdalPath.of(option.getValue())));
    return true;
  }

  /** Spark gives the paths of load("a", "b") as a JSON array. */
  private static List<String> list(String json) {
    try {
      List<String> paths = new ArrayList<>();
      JSON.readTree(json).forEach(path -> paths.add(GdalPath.of(path.asText())));
      return paths;
    } catch (JsonProcessingException e) {
      throw new ElcanoException("argument", "paths: no JSON array: " + json);
    }
  }
}
