// Asker.java - one task that asks the right places of an index, row by row.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;

final class Asker implements AutoCloseable {
  private static final ArrayData NONE = new GenericArrayData(new Object[0]);

  private final UTF8String id;
  private final ArrayData rows;
  private final int width;
  private final ArrayData[] singles; // answers of one row, once they were given
  private Places places;
  private long address; // C's; 0: there are no right rows, or it is closed

  private Asker(InternalRow index, StructType row) {
    id = index.getUTF8String(Index.ID).copy();
    rows = index.getArray(Index.ROWS);
    width = row.size();
    singles = new ArrayData[rows.numElements()];
    if (rows.numElements() > 0) {
      places = Places.borrow(index);
      try {
        address = open(places.address());
      } catch (RuntimeException e) {
        places.giveBack();
        throw e;
      }
    }
  }

  /** Closed with the task. */
  static Asker of(InternalRow index, StructType row) {
    TaskContext task = TaskContext.get();
    if (task == null) {
      throw new IllegalStateException("an index of elcano is asked by tasks only");
    }
    Asker asker = new Asker(index, row);
    task.addTaskCompletionListener((TaskCompletionListener) done -> asker.close());
    return asker;
  }

  boolean asks(InternalRow index) {
    return id.equals(index.getUTF8String(Index.ID));
  }

  @Override
  public void close() {
    if (places != null) {
      free(address);
      places.giveBack();
      places = null;
      address = 0;
    }
  }

  /** How many match in the high half, and the first of them in the low one. */
  long ask(byte[] wkb) {
    return address == 0 || wkb == null ? 0 : shape(address, wkb);
  }

  long ask(double x, double y) {
    return address == 0 ? 0 : point(address, x, y);
  }

  static int count(long found) {
    return (int) (found >>> 32);
  }

  /** The rows of what was found last. */
  ArrayData rows(long found) {
    int n = count(found);
    if (n == 0) {
      return NONE;
    }
    return n == 1 ? single((int) found) : several(n);
  }

  private ArrayData single(int row) {
    ArrayData known = singles[row];
    if (known == null) {
      known = new GenericArrayData(new Object[] {rows.getStruct(row, width)});
      singles[row] = known;
    }
    return known;
  }

  private ArrayData several(int n) {
    int[] numbers = new int[n];
    all(address, numbers, null);
    Object[] out = new Object[n];
    for (int i = 0; i < n; i++) {
      out[i] = rows.getStruct(numbers[i], width);
    }
    return new GenericArrayData(out);
  }

  /** The same, each with its distance and rank. */
  ArrayData ranked(long found) {
    int n = count(found);
    int[] numbers = new int[n];
    double[] distances = new double[n];
    if (n > 0) {
      all(address, numbers, distances);
    }
    Object[] out = new Object[n];
    for (int i = 0; i < n; i++) {
      out[i] =
          new GenericInternalRow(
              new Object[] {rows.getStruct(numbers[i], width), distances[i], i + 1});
    }
    return new GenericArrayData(out);
  }

  private static native long open(long places);

  private static native void free(long asker);

  private static native long point(long asker, double x, double y);

  private static native long shape(long asker, byte[] wkb);

  private static native void all(long asker, int[] rows, double[] distances);
}
