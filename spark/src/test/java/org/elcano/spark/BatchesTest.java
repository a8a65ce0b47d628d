// BatchesTest.java - batches of C's streams have the values that Arrow's own vectors give.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final List<String> TYPES =
      List.of("int32", "int64", "float32", "float64", "bool", "utf8", "binary", "date32",
          "timestamp", "float32[]");

  private BufferAllocator allocator;

  @BeforeEach
  void open() {
    allocator = ElcanoReader.ROOT.newChildAllocator("test", 0, Long.MAX_VALUE);
  }

  /** Fails where something is held still. */
  @AfterEach
  void close() {
    allocator.close();
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
  }

  /** A column of each type. */
  private static StructType schema() {
    StructType schema = new StructType();
    for (String type : TYPES) {
      schema = schema.add("a_" + schema.size(), Columns.type(type));
    }
    return schema;
  }

  private static Object value(DataType type, Random random) {
    if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)) {
      return random.nextInt();
    } else if (type.equals(DataTypes.FloatType)) {
      return random.nextFloat();
    } else if (type.equals(DataTypes.DoubleType)) {
      return random.nextDouble();
    } else if (type.equals(DataTypes.BooleanType)) {
      return random.nextBoolean();
    } else if (type.equals(DataTypes.StringType)) {
      return UTF8String.fromString("é".repeat(random.nextInt(20))); // at times empty
    } else if (type.equals(DataTypes.BinaryType)) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      return bytes;
    } else if (type.equals(DataTypes.LongType) || type.equals(DataTypes.TimestampType)) {
      return random.nextLong();
    }
    float[] floats = new float[random.nextInt(5)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat();
    }
    return new GenericArrayData(floats);
  }

  private static List<InternalRow> rows(StructType schema, int n, double nulls, long seed) {
    Random random = new Random(seed);
    List<InternalRow> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Object[] values = new Object[schema.size()];
      for (int k = 0; k < values.length; k++) {
        Object value = value(schema.fields()[k].dataType(), random);
        values[k] = random.nextDouble() < nulls ? null : value;
      }
      rows.add(new GenericInternalRow(values));
    }
    return rows;
  }

  private static Object get(ColumnVector column, int row) {
    DataType type = column.dataType();
    if (column.isNullAt(row)) {
      return null;
    } else if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType)) {
      return column.getInt(row);
    } else if (type.equals(DataTypes.FloatType)) {
      return column.getFloat(row);
    } else if (type.equals(DataTypes.DoubleType)) {
      return column.getDouble(row);
    } else if (type.equals(DataTypes.BooleanType)) {
      return column.getBoolean(row);
    } else if (type.equals(DataTypes.StringType)) {
      return column.getUTF8String(row).clone();
    } else if (type.equals(DataTypes.BinaryType)) {
      return List.of(UTF8String.fromBytes(column.getBinary(row)));
    } else if (type.equals(DataTypes.LongType) || type.equals(DataTypes.TimestampType)) {
      return column.getLong(row);
    }
    return List.of(column.getArray(row).toFloatArray().length, column.getArray(row).copy());
  }

  /** Rows of both from their own first ones on. */
  private static void assertSame(ColumnVector wanted, int from, ColumnVector given, int rows) {
    int nulls = 0;
    assertEquals(wanted.dataType(), given.dataType());
    for (int i = 0; i < rows; i++) {
      assertEquals(get(wanted, from + i), get(given, i), wanted.dataType() + ", row " + i);
      nulls += given.isNullAt(i) ? 1 : 0;
    }
    assertEquals(nulls, given.numNulls());
    assertTrue(given.hasNull() || nulls == 0);
  }

  /** Their bytes as Arrow sends them, a batch for each list of rows. */
  private byte[] sent(StructType schema, List<List<InternalRow>> batches) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VectorSchemaRoot root = Vectors.of(schema, schema, List.of(), allocator);
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
      writer.start();
      for (List<InternalRow> rows : batches) {
        try (VectorSchemaRoot batch = Vectors.of(schema, schema, rows, allocator)) {
          for (int i = 0; i < schema.size(); i++) {
            batch.getVector(i).makeTransferPair(root.getVector(i)).transfer();
          }
          root.setRowCount(rows.size());
          writer.writeBatch();
        }
      }
      writer.end();
    }
    return out.toByteArray();
  }

  private Batches stream(StructType schema, List<List<InternalRow>> batches) throws IOException {
    ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(sent(schema, batches)), allocator);
    return new Batches(allocator, address ->
        Data.exportArrayStream(allocator, reader, ArrowArrayStream.wrap(address)));
  }

  @Test
  void aStreamHasTheValuesOfArrowsVectors() throws IOException {
    StructType schema = schema();
    for (double nulls : new double[] {0, 0.3, 1}) {
      List<List<InternalRow>> batches = List.of(
          rows(schema, 1000, nulls, 1), rows(schema, 1, nulls, 2), rows(schema, 0, nulls, 3),
          rows(schema, 333, nulls, 4));
      try (Batches given = stream(schema, batches)) {
        assertEquals(schema, given.schema());
        for (List<InternalRow> rows : batches) {
          assertEquals(rows.size(), given.next());
          try (VectorSchemaRoot wanted = Vectors.of(schema, schema, rows, allocator)) {
            for (int i = 0; i < schema.size(); i++) {
              assertSame(
                  new ArrowColumnVector(wanted.getVector(i)), 0, given.column(i), rows.size());
            }
          }
        }
        assertEquals(-1, given.next());
      }
    }
  }

  /** Where its arrays lie, for a slice that begins at a row; lists have another array inside. */
  private static long[] places(FieldVector vector, int first) {
    boolean bytes = vector.getFieldBuffers().size() == 3;
    boolean list = !vector.getChildrenFromFields().isEmpty();
    long offsets = bytes || list ? vector.getOffsetBufferAddress() : 0;
    long[] own = {vector.getValidityBufferAddress(), first,
        offsets != 0 ? offsets : vector.getDataBufferAddress(),
        bytes ? vector.getDataBufferAddress() : 0, 0, 0, 0, 0};
    if (list) {
      FieldVector items = vector.getChildrenFromFields().get(0);
      own[BatchColumn.PLACES + 2] = items.getDataBufferAddress();
    }
    return own;
  }

  @Test
  void aSliceBeginsAtItsFirstRow() {
    StructType schema = schema();
    try (VectorSchemaRoot root =
        Vectors.of(schema, schema, rows(schema, 100, 0.3, 5), allocator)) {
      for (int first : new int[] {0, 1, 7, 8, 64, 99}) {
        for (int i = 0; i < schema.size(); i++) {
          BatchColumn given = new BatchColumn(schema.fields()[i].dataType());
          FieldVector vector = root.getVector(i);
          given.place(places(vector, first), 0, 100 - first);
          assertSame(new ArrowColumnVector(vector), first, given, 100 - first);
        }
      }
    }
  }

  @Test
  void whatIsNullIsNoText() throws IOException {
    StructType schema = new StructType(new StructField[] {
        DataTypes.createStructField("text", DataTypes.StringType, true),
        DataTypes.createStructField("bytes", DataTypes.BinaryType, true)});
    List<InternalRow> rows = List.of(
        new GenericInternalRow(new Object[2]),
        new GenericInternalRow(new Object[] {UTF8String.EMPTY_UTF8, new byte[0]}));
    try (Batches given = stream(schema, List.of(rows))) {
      assertEquals(2, given.next());
      assertNull(given.column(0).getUTF8String(0));
      assertNull(given.column(1).getBinary(0));
      assertEquals(UTF8String.EMPTY_UTF8, given.column(0).getUTF8String(1));
      assertArrayEquals(new byte[0], given.column(1).getBinary(1));
    }
  }

  @Test
  void aStreamThatCannotBeOpenedLeavesNothing() {
    assertThrows(IllegalStateException.class, () -> new Batches(allocator, address -> {
      throw new IllegalStateException("not today");
    }));
  }
}
