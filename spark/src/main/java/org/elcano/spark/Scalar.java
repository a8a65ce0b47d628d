// Scalar.java - a function of the C core by its name: picks the overload that types ask for.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

record Scalar(String name, List<Overload> overloads) implements UnboundFunction {
  static final int NEVER = -1;

  /** By every name and alias, in lower case. */
  static Map<String, Scalar> all() {
    Map<String, Scalar> all = new TreeMap<>();
    for (Overload one : Overload.all()) {
      List<String> names = new ArrayList<>(one.aliases());
      names.add(one.name());
      for (String name : names) {
        all.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new Scalar(n, new ArrayList<>()))
            .overloads
            .add(one);
      }
    }
    return all;
  }

  @Override
  public String description() {
    return overloads.stream()
        .map(one -> one.signature() + ": " + one.summary())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public BoundFunction bind(StructType given) {
    DataType[] types =
        Arrays.stream(given.fields()).map(StructField::dataType).toArray(DataType[]::new);
    Overload best = null;
    int least = Integer.MAX_VALUE;
    for (Overload one : overloads) {
      int far = reach(one, types);
      if (far != NEVER && far < least) {
        best = one;
        least = far;
      }
    }
    if (best == null) {
      throw new UnsupportedOperationException(refusal(types));
    }
    BoundFunction bound = BoundShapes.of(best, types.length);
    return best.image() ? new Seen((Bound) bound, Seen.accepted(types[0])) : bound;
  }

  private String refusal(DataType[] types) {
    String given = Arrays.stream(types).map(DataType::sql).collect(Collectors.joining(", "));
    String takes = overloads.stream().map(Overload::signature).collect(Collectors.joining("; "));
    boolean text = Arrays.stream(types).anyMatch(type -> type instanceof StringType);
    boolean shape = takes.contains(" geometry,") || takes.contains(" geometry)");
    return name + " does not take (" + given + "): " + takes
        + (overloads.get(0).image() ? ". An image is also a struct: " + Picture.STRUCTS : "")
        + (text && shape ? ". Geometries are WKB: st_geomfromtext makes it of text" : "");
  }

  private static int reach(Overload one, DataType[] types) {
    if (types.length < one.required() || types.length > one.arguments().size()) {
      return NEVER;
    }
    int far = 0;
    for (int i = 0; i < types.length; i++) {
      String to = one.arguments().get(i).type();
      int step = one.image() && i == 0 ? Seen.reach(types[i], to) : reach(types[i], to);
      if (step == NEVER) {
        return NEVER;
      }
      far += step;
    }
    return far;
  }

  /** Worse is more; 0: the same. Spark casts what is not. */
  private static int reach(DataType from, String to) {
    if (from instanceof NullType) {
      return 0;
    }
    boolean small =
        from instanceof IntegerType || from instanceof ShortType || from instanceof ByteType;
    return switch (to) {
      case "bool" -> from instanceof BooleanType ? 0 : NEVER;
      case "int32" -> small ? 0 : NEVER;
      case "int64" -> from instanceof LongType ? 0 : small ? 1 : NEVER;
      case "float64" -> from instanceof DoubleType ? 0
          : from instanceof FloatType || from instanceof DecimalType ? 1
          : small || from instanceof LongType ? 2 : NEVER;
      case "utf8" -> from instanceof StringType ? 0 : NEVER;
      case "binary", "geometry" -> from instanceof BinaryType ? 0 : NEVER;
      default -> NEVER;
    };
  }
}
