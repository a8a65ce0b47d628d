// Joins.java - tables joined by where their rows are, for Scala and Java.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.inline_outer;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of {@code elcano join} and {@code elcano nearest}, of two tables of Spark's. Options are
 * those of the command line, and {@code geometry}, {@code crs} (each with {@code left_} or
 * {@code right_} before it for one side alone) and {@code strategy}; docs/spark.md has them all. What
 * cannot be is refused with an {@link IllegalArgumentException} before a table is read.
 */
public final class Joins {
  private static final Set<String> OWN =
      Set.of("geometry", "left_geometry", "right_geometry", "crs", "left_crs", "right_crs",
          "strategy", "cells");
  static final String NOTHING = "_elc_nothing";
  private static final String[] FOUND = {"_elc_row", "_elc_distance", "_elc_rank"};

  /** A length in the unit of the coordinates. */
  private static final Pattern PLAIN = Pattern.compile("[-+0-9.eE]+");

  /** What executors hold where no one says otherwise. */
  private static final int MOST_ROWS = 1_000_000;

  private static final long MOST_BYTES = 64 << 20;

  final Dataset<Row> left;
  final Dataset<Row> right;
  final Sides.Place here;
  final Sides.Place there;
  final String how;
  final String call;
  private final Map<String, String> options;
  private String said; // of the right table's size

  private Joins(
      String operator, Dataset<Row> left, Dataset<Row> right, Map<String, String> given) {
    this.left = left;
    this.right = right;
    options = new LinkedHashMap<>();
    given.forEach((name, value) -> options.put(name.toLowerCase(Locale.ROOT), value));
    how = options.getOrDefault("how", "inner");
    here = Sides.find(left, "left", options);
    there = Sides.find(right, "right", options);
    call = call(operator);
    String why = left.sparkSession().sql("SELECT elcano.meeting(:call)", Map.of("call", call))
        .first().getString(0);
    if (why != null) {
      throw new IllegalArgumentException(why);
    }
  }

  /** Rows of the left table with those of the right one whose places meet theirs. */
  public static Dataset<Row> join(
      Dataset<Row> left, Dataset<Row> right, Map<String, String> options) {
    Joins one = new Joins("join", left, right, options);
    return one.isSmall() ? one.small() : new Large(one).rows();
  }

  /** Rows of the left table with the nearest ones of the right one, which is held by each executor. */
  public static Dataset<Row> nearest(
      Dataset<Row> left, Dataset<Row> right, Map<String, String> options) {
    Joins one = new Joins("nearest", left, right, options);
    if (!one.isSmall()) {
      throw new IllegalArgumentException(
          "nearest holds the right table in each executor, and it is large: "
              + one.said + "; make it smaller, or give strategy broadcast to hold it all the same");
    }
    return one.ranked();
  }

  private String call(String operator) {
    ObjectNode all = new ObjectMapper().createObjectNode();
    options.forEach((name, value) -> {
      if (!OWN.contains(name)) {
        all.put(name, value);
      }
    });
    all.put("operator", operator);
    if (here.crs() != null) {
      all.put("left_crs", here.crs());
    }
    if (there.crs() != null) {
      all.put("right_crs", there.crs());
    }
    try {
      return new ObjectMapper().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- how

  /** Whether the right table is to be held by each executor; looks at it where no one says. */
  private boolean isSmall() {
    String strategy = options.getOrDefault("strategy", "auto");
    boolean whole = options.getOrDefault("predicate", "").equals("disjoint") || isYes("ownership");
    if (!List.of("auto", "broadcast", "cells").contains(strategy)) {
      throw new IllegalArgumentException(
          "strategy is " + strategy + "; give auto, broadcast or cells");
    }
    if (strategy.equals("cells") && whole) {
      throw new IllegalArgumentException(
          "disjoint and ownership need all of the right table at once; give strategy broadcast");
    }
    return strategy.equals("broadcast") || whole || (strategy.equals("auto") && fits());
  }

  /** How many cells a large join is to have; 0: as the number of rows says. */
  int cells() {
    try {
      int cells = Integer.parseInt(options.getOrDefault("cells", "0"));
      if (cells >= 0 && cells <= Large.MOST_CELLS) {
        return cells;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "cells is " + options.get("cells") + "; give a number of 1 to " + Large.MOST_CELLS);
  }

  private boolean fits() {
    Row size =
        right
            .select(octet_length(there.wkb()).as("bytes"))
            .limit(MOST_ROWS + 1)
            .agg(count(lit(1)), coalesce(sum("bytes"), lit(0L)))
            .first();
    said = size.getLong(0) > MOST_ROWS
        ? "over " + MOST_ROWS + " rows" : (size.getLong(1) >> 20) + " MB of geometries";
    return size.getLong(0) <= MOST_ROWS && size.getLong(1) <= MOST_BYTES;
  }

  // ---- a right table that each executor holds

  /** A function of the index of the right table, and of a left row's place. */
  private Column ask(String function, List<Column> rightColumns) {
    Column index =
        right
            .select(
                there.wkb().as("geometry"), row(rightColumns).as("row"),
                monotonically_increasing_id().as("number"))
            .where("geometry IS NOT NULL")
            .agg(call_function("elcano.index", lit(call), Sides.quoted("geometry"),
                Sides.quoted("row"), Sides.quoted("number")).as("index"))
            .scalar();
    List<Column> arguments = new ArrayList<>(List.of(index));
    arguments.addAll(here.columns());
    return call_function("elcano." + function, arguments.toArray(Column[]::new));
  }

  /** A struct, which has to have a field. */
  static Column row(List<Column> columns) {
    return columns.isEmpty()
        ? struct(lit(0).as(NOTHING)) : struct(columns.toArray(Column[]::new));
  }

  private Dataset<Row> small() {
    if (how.equals("semi") || how.equals("anti")) {
      Column matches = coalesce(ask("matches", List.of()), lit(0));
      return left.where(how.equals("semi") ? matches.gt(0) : matches.equalTo(0));
    }
    Column found = ask("probe", kept());
    return left.select(col("*"), rows(found)).drop(NOTHING);
  }

  /** The right columns that are added: a zone's outline would be there again for each of its points. */
  List<Column> kept() {
    return Sides.renamed(left, List.of(plain()));
  }

  private String[] plain() {
    return Arrays.stream(right.schema().fields())
        .filter(field -> !Sides.isGeometry(field) && !field.name().equals(there.name()))
        .map(field -> field.name())
        .toArray(String[]::new);
  }

  private Column rows(Column found) {
    return how.equals("left") ? inline_outer(found) : inline(found);
  }

  private Dataset<Row> ranked() {
    String far = options.getOrDefault("max_distance", "1m");
    boolean planar = isYes("planar") || PLAIN.matcher(far).matches();
    String[] theirs = plain();
    List<String> names = Sides.ranked(left, theirs, planar ? "distance" : "distance_m");
    List<Column> row = new ArrayList<>();
    List<Column> out = new ArrayList<>();
    for (String name : left.columns()) {
      out.add(Sides.quoted(name));
    }
    for (int i = 0; i < theirs.length; i++) {
      row.add(Sides.quoted(theirs[i]).as(names.get(i)));
      out.add(col(FOUND[0]).getField(names.get(i)).as(names.get(i)));
    }
    out.add(col(FOUND[1]).as(names.get(theirs.length)));
    out.add(col(FOUND[2]).as(names.get(theirs.length + 1)));
    return left
        .select(col("*"), rows(ask("nearby", row)).as(FOUND))
        .select(out.toArray(Column[]::new));
  }

  private boolean isYes(String option) {
    return List.of("yes", "true", "1", "on").contains(options.getOrDefault(option, "no"));
  }
}
