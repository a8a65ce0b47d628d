// Combine.java - elcano.combine(call, struct(*)): what parts cannot settle alone, by group.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Of the rows of {@code format("elcano")} with {@code parts}, grouped by {@code _group}: the call as
 * a JSON object of the reader's options, and all columns as a struct. Gives an array of the settled
 * rows, without hidden columns; rows without a group are final and stay as they are, so that one
 * query over all rows reads them once.
 */
final class Combine implements UnboundFunction {
  @Override
  public String name() {
    return "combine";
  }

  @Override
  public String description() {
    return "combine(call, struct(*)): settles the rows of one group of parts";
  }

  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() != 2 || !(given.fields()[1].dataType() instanceof StructType row)) {
      throw new UnsupportedOperationException(
          "combine takes the call as JSON and struct(*) of a part's rows");
    }
    if (!Arrays.asList(row.fieldNames()).contains(ElcanoSource.ROW)) {
      throw new UnsupportedOperationException(
          "combine needs the column " + ElcanoSource.ROW + " of rows read with the option parts");
    }
    return new Bound(row);
  }

  /** The state is the call, then the rows of the group so far. */
  record Bound(StructType row) implements Gathering<ArrayData> {
    @Override
    public DataType[] inputTypes() {
      return new DataType[] {DataTypes.StringType, row};
    }

    @Override
    public DataType resultType() {
      return DataTypes.createArrayType(seen());
    }

    private StructType seen() {
      return new StructType(
          Arrays.stream(row.fields())
              .filter(field -> !field.name().startsWith("_"))
              .toArray(StructField[]::new));
    }

    @Override
    public String name() {
      return "combine";
    }

    @Override
    public ArrayList<Object> update(ArrayList<Object> held, InternalRow input) {
      if (held.isEmpty()) {
        held.add(input.getUTF8String(0).toString());
      }
      held.add(input.getStruct(1, row.size()).copy());
      return held;
    }

    @Override
    public ArrayData produceResult(ArrayList<Object> held) {
      int number = row.fieldIndex(ElcanoSource.ROW);
      int group = row.fieldIndex("_group");
      int table = Arrays.asList(row.fieldNames()).indexOf("_table");
      List<InternalRow> open = new ArrayList<>();
      List<InternalRow> all = new ArrayList<>();
      List<InternalRow> rows =
          held.stream()
              .skip(1)
              .map(InternalRow.class::cast)
              .sorted(Comparator.comparingLong(one -> one.getLong(number)))
              .toList();
      for (InternalRow one : rows) {
        if (!one.isNullAt(group)) {
          open.add(one);
        } else if (table < 0 || one.isNullAt(table)) {
          all.add(withoutHidden(one));
        }
      }
      Call call = Call.of((String) held.get(0));
      if (!open.isEmpty()) {
        all.addAll(settle(call, open));
      }
      StructType seen = seen();
      return new GenericArrayData(
          all.stream().filter(one -> call.where().keeps(one, seen)).toArray());
    }

    private List<InternalRow> settle(Call call, List<InternalRow> open) {
      try {
        return Settling.settle(call, open, row, seen());
      } catch (IOException e) {
        throw new ElcanoException("io", e.getMessage());
      }
    }

    private InternalRow withoutHidden(InternalRow one) {
      StructField[] fields = seen().fields();
      Object[] values = new Object[fields.length];
      for (int i = 0; i < fields.length; i++) {
        values[i] = one.get(row.fieldIndex(fields[i].name()), fields[i].dataType());
      }
      return new GenericInternalRow(values);
    }
  }
}
