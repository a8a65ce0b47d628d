// Sides.java - where the places of two tables are, and what the joined columns are called.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** python/elcano/join.py has the same rules. */
final class Sides {
  private static final List<String> NAMES = List.of("geometry", "geom", "wkb");

  private Sides() {}

  /** A table's place: a column of WKB, or two of numbers. `crs` is null for those. */
  record Place(List<Column> columns, String name, String crs) {
    /** As WKB. */
    Column wkb() {
      return name != null
          ? columns.get(0)
          : call_function("elcano.st_point", columns.toArray(Column[]::new));
    }
  }

  /** By the options left_geometry, left_crs, x, y and their like; `side` is left or right. */
  static Place find(Dataset<Row> table, String side, Map<String, String> options) {
    StructType schema = table.schema();
    String given = options.getOrDefault(side + "_geometry", options.get("geometry"));
    String crs = options.getOrDefault(side + "_crs", options.get("crs"));
    StructField field = given != null ? named(schema, given) : first(schema);
    if (given != null && (field == null || !(field.dataType() instanceof BinaryType))) {
      throw new IllegalArgumentException(
          "the " + side + " table has no column " + given + " of WKB");
    }
    if (field != null) {
      String stated = field.metadata().contains(Columns.CRS)
          ? field.metadata().getString(Columns.CRS) : "";
      return new Place(
          List.of(quoted(field.name())), field.name(), crs != null ? crs : stated);
    }
    List<Column> numbers = new ArrayList<>();
    for (String name : List.of(options.getOrDefault("x", "lon"), options.getOrDefault("y", "lat"))) {
      StructField number = named(schema, name);
      if (number == null || !(number.dataType() instanceof NumericType)) {
        throw new IllegalArgumentException(
            "the " + side + " table has neither a geometry nor a column " + name
                + " of numbers; name its columns by geometry, or by x and y");
      }
      numbers.add(quoted(number.name()));
    }
    return new Place(numbers, null, null);
  }

  private static StructField named(StructType schema, String name) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equalsIgnoreCase(name)).findFirst().orElse(null);
  }

  /** The first whose field says its CRS; else one of the usual names; else the only WKB there is. */
  private static StructField first(StructType schema) {
    List<StructField> bytes =
        Arrays.stream(schema.fields())
            .filter(field -> field.dataType() instanceof BinaryType).toList();
    return bytes.stream().filter(Sides::isGeometry).findFirst()
        .or(() -> bytes.stream()
            .filter(field -> NAMES.contains(field.name().toLowerCase(Locale.ROOT))).findFirst())
        .orElse(bytes.size() == 1 ? bytes.get(0) : null);
  }

  static boolean isGeometry(StructField field) {
    return field.dataType() instanceof BinaryType && field.metadata().contains(Columns.CRS);
  }

  static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** The name, with suffixes until no other has it, in any case. */
  static String fresh(String name, String suffix, Set<String> taken) {
    String out = name;
    while (taken.contains(out)) {
      out += suffix;
    }
    return out;
  }

  /** Names without case, as Spark and databases take them. */
  static Set<String> names(String... names) {
    Set<String> out = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    out.addAll(Arrays.asList(names));
    return out;
  }

  /** The given right columns under the names that they get beside the left ones by join. */
  static List<Column> renamed(Dataset<Row> left, List<String> right) {
    Set<String> ours = names(left.columns());
    Set<String> taken = names(left.columns());
    taken.addAll(right);
    List<Column> out = new ArrayList<>();
    for (String name : right) {
      String to = ours.contains(name) ? fresh(name, "_right", taken) : name;
      taken.add(to);
      out.add(quoted(name).as(to));
    }
    return out;
  }

  /** Those that nearest gives all right columns, its distance and its rank, in this order. */
  static List<String> ranked(Dataset<Row> left, String[] right, String distance) {
    Set<String> taken = names(left.columns());
    List<String> out = new ArrayList<>();
    for (String name : right) {
      out.add(fresh(name, "_right", taken));
      taken.add(out.get(out.size() - 1));
    }
    for (String name : List.of(distance, "rank")) {
      out.add(fresh(name, "_nearest", taken));
      taken.add(out.get(out.size() - 1));
    }
    return out;
  }
}
