// Rows.java - the rows of C's streams as Spark's, for those that are few.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

final class Rows {
  private static final Pattern WRAPPED =
      Pattern.compile(
          "^(?:\\[errno -?\\d+\\] )?"
              + "(?:CDataJniException\\{errno=-?\\d+, message=(.*)\\}|(.*))$",
          Pattern.DOTALL);

  private Rows() {}

  /** Appends copies of all rows, the columns by their names; NULL for those that do not come. */
  static void copy(ArrowReader from, StructType wanted, List<InternalRow> out) throws IOException {
    VectorSchemaRoot root = from.getVectorSchemaRoot();
    int[] at = new int[wanted.size()]; // of each wanted column among those that come; -1: none
    List<ColumnVector> there = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      FieldVector vector = root.getVector(wanted.fields()[i].name());
      at[i] = vector == null ? -1 : there.size();
      if (vector != null) {
        there.add(column(vector, wanted.fields()[i]));
      }
    }
    ColumnarBatch batch = new ColumnarBatch(there.toArray(ColumnVector[]::new));
    while (load(from)) {
      batch.setNumRows(root.getRowCount());
      batch.rowIterator().forEachRemaining(row -> out.add(spread(row.copy(), at, wanted)));
    }
  }

  private static InternalRow spread(InternalRow row, int[] at, StructType wanted) {
    Object[] values = new Object[at.length];
    for (int i = 0; i < at.length; i++) {
      boolean none = at[i] < 0 || row.isNullAt(at[i]);
      values[i] = none ? null : row.get(at[i], wanted.fields()[i].dataType());
    }
    return new GenericInternalRow(values);
  }

  private static ColumnVector column(FieldVector vector, StructField wanted) {
    ArrowColumnVector column = new ArrowColumnVector(vector);
    if (!column.dataType().equals(wanted.dataType())) {
      throw new IllegalStateException(
          "elcano: column " + wanted.name() + " is " + wanted.dataType().sql() + " by its"
              + " description, and came as " + vector.getField());
    }
    return column;
  }

  /** The next batch; failures are C's words alone. */
  static boolean load(ArrowReader from) throws IOException {
    try {
      return from.loadNextBatch();
    } catch (IOException e) {
      throw clear(e);
    }
  }

  /** "a.tif: ..." of what Arrow wraps it in, which only programs understand. */
  private static IOException clear(IOException e) {
    String text = WRAPPED.matcher(String.valueOf(e.getMessage())).replaceFirst("$1$2");
    return new IOException("elcano: " + text, e);
  }
}
