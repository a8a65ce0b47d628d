// Where.java - which places and times a query asks for, and which parts can have them.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.StructType;

/**
 * Ranges, both ends included, of columns that the extents of parts tell of. A row whose value is NULL
 * is in none. Numbers are degrees, and microseconds since 1970.
 */
final class Where implements Serializable {
  static final String BBOX = "bbox";
  static final String TIME = "time";
  private static final String ACQUIRED = "acquired";

  /** Of {@link #of}: the least and the greatest number. */
  private final Map<String, double[]> ranges = new LinkedHashMap<>();

  /** What narrows one does not narrow the other. */
  Where copy() {
    Where copy = new Where();
    ranges.forEach((name, range) -> copy.ranges.put(name, range.clone()));
    return copy;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Of a call's options bbox (XMIN,YMIN,XMAX,YMAX) and time (FROM/TO, or either side empty). */
  static Where of(Map<String, String> options) {
    Where where = new Where();
    String box = options.get(BBOX);
    String time = options.get(TIME);
    if (box != null) {
      double[] sides = sides(box);
      where.narrow("lon", sides[0], sides[2]);
      where.narrow("lat", sides[1], sides[3]);
    }
    if (time != null) {
      String[] ends = time.split("/", -1);
      if (ends.length != 2) {
        throw new ElcanoException("argument", "time: " + time + " is no FROM/TO");
      }
      where.narrow(ACQUIRED, micros(ends[0], Double.NEGATIVE_INFINITY),
          micros(ends[1], Double.POSITIVE_INFINITY));
    }
    return where;
  }

  private static double[] sides(String box) {
    String[] words = box.split(",");
    double[] sides = new double[words.length];
    try {
      for (int i = 0; i < words.length; i++) {
        sides[i] = Double.parseDouble(words[i].trim());
      }
    } catch (NumberFormatException e) {
      sides = new double[0];
    }
    if (sides.length != 4 || !(sides[0] <= sides[2]) || !(sides[1] <= sides[3])) {
      throw new ElcanoException("argument",
          "bbox: " + box + " is no XMIN,YMIN,XMAX,YMAX in degrees, the lower ones first");
    }
    return sides;
  }

  /** A box as a layer of one polygon, GeoJSON. */
  static String polygon(String box) {
    double[] s = sides(box);
    return String.format(Locale.ROOT,
        "{\"type\":\"Polygon\",\"coordinates\":[[[%1$s,%2$s],[%3$s,%2$s],[%3$s,%4$s],[%1$s,%4$s],"
            + "[%1$s,%2$s]]]}", s[0], s[1], s[2], s[3]);
  }

  /** A date, which is its first moment, or a time; of UTC unless it says another zone. */
  private static double micros(String text, double none) {
    if (text.isEmpty()) {
      return none;
    }
    try {
      Instant at = text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$") ? text : text + "Z")
              .toInstant();
      return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new ElcanoException("argument",
          "time: " + text + " is no date or time, as 2024-05-01 or 2024-05-01T10:00:00Z");
    }
  }

  private void narrow(String column, double least, double greatest) {
    double[] range = ranges.computeIfAbsent(column,
        name -> new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY});
    range[0] = Math.max(range[0], least);
    range[1] = Math.min(range[1], greatest);
  }

  /** Takes what a predicate, which holds for all rows that are wanted, says; false: nothing. */
  boolean take(Predicate predicate) {
    Expression[] of = predicate.children();
    if (predicate.name().equals("AND")) {
      boolean left = take((Predicate) of[0]);
      return take((Predicate) of[1]) || left;
    }
    if (of.length != 2 || !(of[0] instanceof NamedReference column)
        || !(of[1] instanceof Literal<?> literal) || !(literal.value() instanceof Number number)
        || column.fieldNames().length != 1 || !known(column.fieldNames()[0])) {
      return false;
    }
    double value = number.doubleValue();
    switch (predicate.name()) {
      case "=" -> narrow(column.fieldNames()[0], value, value);
      case ">", ">=" -> narrow(column.fieldNames()[0], value, Double.POSITIVE_INFINITY);
      case "<", "<=" -> narrow(column.fieldNames()[0], Double.NEGATIVE_INFINITY, value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean known(String column) {
    return column.equals("lon") || column.equals("lat") || column.equals(ACQUIRED);
  }

  /** False: no row of a part of that extent is wanted. */
  boolean reaches(Job.Extent extent) {
    return meets("lon", extent.xmin(), extent.xmax()) && meets("lat", extent.ymin(), extent.ymax())
        && meets(ACQUIRED, extent.acquired(), extent.acquired());
  }

  /** NaN: it can be anything. */
  private boolean meets(String column, double least, double greatest) {
    double[] range = ranges.get(column);
    return range == null || !(least > range[1] || greatest < range[0]);
  }

  /** Whether a row with those columns is wanted. */
  boolean keeps(InternalRow row, StructType columns) {
    for (Map.Entry<String, double[]> one : ranges.entrySet()) {
      int at = columns.fieldIndex(one.getKey());
      if (row.isNullAt(at)) {
        return false;
      }
      double value = one.getKey().equals(ACQUIRED) ? row.getLong(at) : row.getDouble(at);
      if (value < one.getValue()[0] || value > one.getValue()[1]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    StringBuilder all = new StringBuilder();
    ranges.forEach((name, range) ->
        all.append(' ').append(name).append(" in ").append(range[0]).append(" to ").append(range[1]));
    return all.toString();
  }
}
