// Index.java - elcano.index(call, geometry, row, at): a small table in one value, for elcano.probe.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Of all rows of a right table: the call ({@link Meeting}), the place as WKB, what is to be added to
 * left rows as a struct, and the row's number, which gives their order. As a scalar subquery it is
 * evaluated once; Spark sends it to executors with the tasks, where {@link Places} indexes it.
 */
final class Index implements UnboundFunction {
  static final int ID = 0;
  static final int CALL = 1;
  static final int SHAPES = 2;
  static final int ROWS = 3;

  /** What the function gives for rows of a type. */
  static StructType type(StructType row) {
    return new StructType()
        .add("id", DataTypes.StringType, false)
        .add("call", DataTypes.StringType, true)
        .add("shapes", DataTypes.createArrayType(DataTypes.BinaryType, true), false)
        .add("rows", DataTypes.createArrayType(row, false), false);
  }

  @Override
  public String name() {
    return "index";
  }

  @Override
  public String description() {
    return "index(call, geometry, row, number): a table as one value that elcano.probe asks";
  }

  @Override
  public BoundFunction bind(StructType given) {
    StructField[] all = given.fields();
    if (all.length != 4
        || !(all[0].dataType() instanceof StringType)
        || !(all[1].dataType() instanceof BinaryType)
        || !(all[2].dataType() instanceof StructType row)
        || !(all[3].dataType() instanceof LongType)) {
      throw new UnsupportedOperationException(
          "index takes the call as JSON, a geometry as WKB, a struct, and the row's number as bigint");
    }
    return new Bound(row);
  }

  /** The state is the call, then geometry, struct and number of each row. */
  record Bound(StructType row) implements Gathering<InternalRow> {
    private static final int OF_A_ROW = 3;

    @Override
    public DataType[] inputTypes() {
      return new DataType[] {
        DataTypes.StringType, DataTypes.BinaryType, row, DataTypes.LongType
      };
    }

    @Override
    public DataType resultType() {
      return type(row);
    }

    @Override
    public String name() {
      return "index";
    }

    @Override
    public ArrayList<Object> update(ArrayList<Object> held, InternalRow input) {
      if (held.isEmpty()) {
        held.add(input.getUTF8String(0).toString());
      }
      held.add(input.isNullAt(1) ? null : input.getBinary(1));
      held.add(input.getStruct(2, row.size()).copy());
      held.add(input.getLong(3));
      return held;
    }

    @Override
    public InternalRow produceResult(ArrayList<Object> held) {
      List<Integer> order =
          IntStream.range(0, held.size() / OF_A_ROW)
              .boxed()
              .sorted(Comparator.comparingLong(i -> (Long) held.get(OF_A_ROW * i + 3)))
              .toList();
      Object[] shapes = order.stream().map(i -> held.get(OF_A_ROW * i + 1)).toArray();
      Object[] rows = order.stream().map(i -> held.get(OF_A_ROW * i + 2)).toArray();
      return new GenericInternalRow(
          new Object[] {
            UTF8String.fromString(UUID.randomUUID().toString()),
            held.isEmpty() ? null : UTF8String.fromString((String) held.get(0)),
            new GenericArrayData(shapes),
            new GenericArrayData(rows)
          });
    }
  }
}
