// BatchColumn.java - a column of C's batches, read where it lies.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * In Arrow's layout. Rows are not checked to be there, as in Spark's own columns. It is no
 * ArrowColumnVector, which Spark's Python runner takes for one that outlives its batch.
 */
class BatchColumn extends ColumnVector {
  /** How many numbers say where an array lies: validity, first value, values, data. */
  static final int PLACES = 4;

  private final int width; // of values, or of the offsets of texts, bytes and lists; 0: bits
  private final BatchColumn items; // of lists; else null
  private long valid; // 0: no value is NULL
  private long first; // the index of row 0 among bits
  private long values; // of row 0; of all where they are bits
  private long data; // of texts and bytes
  private int rows;

  BatchColumn(DataType type) {
    super(type);
    width = widthOf(type);
    items = type instanceof ArrayType list ? new BatchColumn(list.elementType()) : null;
  }

  private static int widthOf(DataType type) {
    if (type.equals(DataTypes.BooleanType)) {
      return 0;
    }
    boolean wide = type.equals(DataTypes.LongType) || type.equals(DataTypes.DoubleType)
        || type.equals(DataTypes.TimestampType);
    return wide ? Long.BYTES : Integer.BYTES;
  }

  /** How many arrays of Arrow's it is. */
  int arrays() {
    return items == null ? 1 : 1 + items.arrays();
  }

  /** Of the next batch, by what C says from `at` on; gives where the next column's are. */
  int place(long[] places, int at, int rows) {
    valid = places[at];
    first = places[at + 1];
    values = places[at + 2] + first * width;
    data = places[at + 3];
    this.rows = rows;
    return items == null ? at + PLACES : items.place(places, at + PLACES, 0);
  }

  private static boolean bit(long bits, long i) {
    return (Platform.getByte(null, bits + (i >> 3)) >> (i & 7) & 1) != 0;
  }

  @Override
  public boolean isNullAt(int row) {
    return valid != 0 && !bit(valid, first + row);
  }

  @Override
  public boolean hasNull() {
    return valid != 0;
  }

  @Override
  public int numNulls() {
    int n = 0;
    for (int row = 0; valid != 0 && row < rows; row++) {
      n += isNullAt(row) ? 1 : 0;
    }
    return n;
  }

  @Override
  public boolean getBoolean(int row) {
    return bit(values, first + row);
  }

  @Override
  public int getInt(int row) {
    return Platform.getInt(null, values + (long) row * Integer.BYTES);
  }

  @Override
  public long getLong(int row) {
    return Platform.getLong(null, values + (long) row * Long.BYTES);
  }

  @Override
  public float getFloat(int row) {
    return Platform.getFloat(null, values + (long) row * Float.BYTES);
  }

  @Override
  public double getDouble(int row) {
    return Platform.getDouble(null, values + (long) row * Double.BYTES);
  }

  @Override
  public UTF8String getUTF8String(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int start = getInt(row);
    return UTF8String.fromAddress(null, data + start, getInt(row + 1) - start);
  }

  @Override
  public byte[] getBinary(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int start = getInt(row);
    byte[] bytes = new byte[getInt(row + 1) - start];
    Platform.copyMemory(null, data + start, bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
    return bytes;
  }

  @Override
  public ColumnarArray getArray(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int start = getInt(row);
    return new ColumnarArray(items, start, getInt(row + 1) - start);
  }

  /** The batch is C's, and goes when the next one comes. */
  @Override
  public void close() {}

  // ---- what tables of Elcano do not have

  @Override
  public byte getByte(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public short getShort(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw new UnsupportedOperationException();
  }
}
