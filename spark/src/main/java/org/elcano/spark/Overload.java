// Overload.java - one function of one list of arguments, as the C core describes it.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The number is the C core's; types are its names of them; `image`: Seen has them. */
record Overload(
    int number, String name, List<String> aliases, List<Argument> arguments, String result,
    boolean image, String summary)
    implements Serializable {

  /** With a fallback (null: none) it, and all after it, may be left out. */
  record Argument(String name, String type, String fallback) implements Serializable {}

  /** All functions, by number. */
  static List<Overload> all() {
    List<Overload> all = new ArrayList<>();
    try {
      for (JsonNode family : new ObjectMapper().readTree(Native.functions())) {
        for (JsonNode one : family.get("functions")) {
          all.add(of(all.size(), one));
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return all;
  }

  private static Overload of(int number, JsonNode one) {
    List<String> aliases = new ArrayList<>();
    one.get("aliases").forEach(alias -> aliases.add(alias.asText()));
    List<Argument> arguments = new ArrayList<>();
    for (JsonNode a : one.get("arguments")) {
      String fallback = a.has("default") ? a.get("default").asText() : null;
      arguments.add(new Argument(a.get("name").asText(), a.get("type").asText(), fallback));
    }
    return new Overload(
        number, one.get("name").asText(), aliases, arguments, one.get("result").asText(),
        one.get("image").asBoolean(), one.get("summary").asText());
  }

  /** How many arguments have to be given. */
  int required() {
    return (int) arguments.stream().filter(a -> a.fallback() == null).count();
  }

  /** "float64,float64>geometry": what decides how it is called, with so many arguments given. */
  String shape(int given) {
    return arguments.stream().limit(given).map(Argument::type).collect(Collectors.joining(","))
        + ">" + result;
  }

  /** "st_point(x float64, y float64) -> geometry". */
  String signature() {
    return arguments.stream()
        .map(a -> a.name + " " + a.type + (a.fallback == null ? "" : " = " + a.fallback))
        .collect(Collectors.joining(", ", name + "(", ") -> " + result));
  }
}
