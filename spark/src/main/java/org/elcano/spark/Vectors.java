// Vectors.java - Spark's rows as Arrow vectors.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.apache.arrow.vector.types.FloatingPointPrecision.SINGLE;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

final class Vectors {
  private static final DataType FLOATS = Columns.type("float32[]");

  private Vectors() {}

  /** The wanted columns, by name, of rows of the given ones. */
  static VectorSchemaRoot of(
      StructType wanted, StructType given, List<InternalRow> rows, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (StructField field : wanted.fields()) {
        FieldVector vector = create(field.name(), field.dataType(), allocator);
        vectors.add(vector);
        vector.setInitialCapacity(rows.size());
        vector.allocateNew();
        fill(vector, rows, given.fieldIndex(field.name()));
        vector.setValueCount(rows.size());
      }
    } catch (RuntimeException e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
    VectorSchemaRoot root = new VectorSchemaRoot(vectors);
    root.setRowCount(rows.size());
    return root;
  }

  private static FieldVector create(String name, DataType type, BufferAllocator allocator) {
    if (type.equals(DataTypes.IntegerType)) {
      return new IntVector(name, allocator);
    } else if (type.equals(DataTypes.LongType)) {
      return new BigIntVector(name, allocator);
    } else if (type.equals(DataTypes.FloatType)) {
      return new Float4Vector(name, allocator);
    } else if (type.equals(DataTypes.DoubleType)) {
      return new Float8Vector(name, allocator);
    } else if (type.equals(DataTypes.BooleanType)) {
      return new BitVector(name, allocator);
    } else if (type.equals(DataTypes.StringType)) {
      return new VarCharVector(name, allocator);
    } else if (type.equals(DataTypes.BinaryType)) {
      return new VarBinaryVector(name, allocator);
    } else if (type.equals(DataTypes.DateType)) {
      return new DateDayVector(name, allocator);
    } else if (type.equals(DataTypes.TimestampType)) {
      return new TimeStampMicroTZVector(name, allocator, "UTC");
    }
    if (type.equals(FLOATS)) {
      ListVector list = ListVector.empty(name, allocator);
      list.addOrGetVector(FieldType.nullable(new ArrowType.FloatingPoint(SINGLE)));
      return list;
    }
    throw new IllegalArgumentException("column " + name + " is of the type " + type.sql());
  }

  private static void fill(FieldVector vector, List<InternalRow> rows, int column) {
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isNullAt(column)) {
        set(vector, i, rows.get(i), column);
      }
    }
  }

  private static void set(FieldVector vector, int i, InternalRow row, int column) {
    if (vector instanceof IntVector v) {
      v.setSafe(i, row.getInt(column));
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(i, row.getLong(column));
    } else if (vector instanceof Float4Vector v) {
      v.setSafe(i, row.getFloat(column));
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(i, row.getDouble(column));
    } else if (vector instanceof BitVector v) {
      v.setSafe(i, row.getBoolean(column) ? 1 : 0);
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(i, row.getUTF8String(column).getBytes());
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(i, row.getBinary(column));
    } else if (vector instanceof DateDayVector v) {
      v.setSafe(i, row.getInt(column));
    } else if (vector instanceof TimeStampMicroTZVector v) {
      v.setSafe(i, row.getLong(column));
    } else if (vector instanceof ListVector v) {
      setFloats(v, i, row.getArray(column));
    }
  }

  /** NULLs inside are refused by who reads them. */
  private static void setFloats(ListVector list, int i, ArrayData floats) {
    Float4Vector items = (Float4Vector) list.getDataVector();
    int start = list.startNewValue(i);
    for (int k = 0; k < floats.numElements(); k++) {
      if (floats.isNullAt(k)) {
        items.setNull(start + k);
      } else {
        items.setSafe(start + k, floats.getFloat(k));
      }
    }
    list.endValue(i, floats.numElements());
  }
}
