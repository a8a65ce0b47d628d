// Probe.java - elcano.probe, elcano.nearby and elcano.matches: the rows of an index that a row meets.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Each takes an index and a place: a geometry as WKB, or x and y. NULL meets nothing. */
public enum Probe implements UnboundFunction {
  /** The rows. */
  PROBE,
  /** Of a call of nearest: structs of the row, its distance, and its rank from 1. */
  NEARBY,
  /** How many they are. */
  MATCHES;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String description() {
    return word() + "(index, geometry) or (index, x, y): rows of elcano.index that a place meets";
  }

  @Override
  public BoundFunction bind(StructType given) {
    StructField[] all = given.fields();
    StructType row = all.length == 0 ? null : rowOf(all[0].dataType());
    if (row != null && all.length == 2 && all[1].dataType() instanceof BinaryType) {
      return new Shape(this, row);
    }
    if (row != null && all.length == 3 && Arrays.stream(all).skip(1)
        .allMatch(field -> field.dataType() instanceof NumericType)) {
      return new Point(this, row);
    }
    throw new UnsupportedOperationException(
        word() + " takes what elcano.index gave, and a geometry as WKB or x and y");
  }

  /** The type of the rows in an index; null: it is none. */
  private static StructType rowOf(DataType index) {
    if (index instanceof StructType type && type.size() == 4
        && type.fields()[Index.ROWS].dataType() instanceof ArrayType rows
        && rows.elementType() instanceof StructType row
        && DataType.equalsIgnoreNullability(type, Index.type(row))) {
      return row;
    }
    return null;
  }

  private DataType result(StructType row) {
    return switch (this) {
      case PROBE -> DataTypes.createArrayType(row, false);
      case NEARBY -> DataTypes.createArrayType(
          new StructType()
              .add("row", row, false)
              .add("distance", DataTypes.DoubleType, false)
              .add("rank", DataTypes.IntegerType, false),
          false);
      case MATCHES -> DataTypes.IntegerType;
    };
  }

  /** A place in a query where one of them is called. */
  abstract static class Bound implements ScalarFunction<Object> {
    final Probe probe;
    final StructType row;
    private transient Asker asker; // the task's

    Bound(Probe probe, StructType row) {
      this.probe = probe;
      this.row = row;
    }

    @Override
    public DataType resultType() {
      return probe.result(row);
    }

    @Override
    public String name() {
      return probe.word();
    }

    @Override
    public String canonicalName() {
      return "elcano." + probe.word() + inputTypes().length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bound b && b.getClass() == getClass() && b.probe == probe
          && b.row.equals(row);
    }

    @Override
    public int hashCode() {
      return 31 * probe.hashCode() + row.hashCode();
    }

    final Asker asker(InternalRow index) {
      if (asker == null || !asker.asks(index)) {
        asker = Asker.of(index, row);
      }
      return asker;
    }

    final Object give(Asker asker, long found) {
      return switch (probe) {
        case PROBE -> asker.rows(found);
        case NEARBY -> asker.ranked(found);
        case MATCHES -> (Integer) Asker.count(found);
      };
    }
  }

  /** Of a geometry. */
  public static final class Shape extends Bound {
    Shape(Probe probe, StructType row) {
      super(probe, row);
    }

    @Override
    public DataType[] inputTypes() {
      return new DataType[] {Index.type(row), DataTypes.BinaryType};
    }

    public Object invoke(InternalRow index, byte[] wkb) {
      if (index == null) {
        return null;
      }
      Asker asker = asker(index);
      return give(asker, asker.ask(wkb));
    }
  }

  /** Of a point. */
  public static final class Point extends Bound {
    Point(Probe probe, StructType row) {
      super(probe, row);
    }

    @Override
    public DataType[] inputTypes() {
      return new DataType[] {Index.type(row), DataTypes.DoubleType, DataTypes.DoubleType};
    }

    public Object invoke(InternalRow index, double x, double y) {
      if (index == null) {
        return null;
      }
      Asker asker = asker(index);
      return give(asker, asker.ask(x, y));
    }
  }
}
