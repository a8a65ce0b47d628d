// Sink.java - a file that C writes: rows of a table; and the bytes of image files.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.List;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/** One thread at a time. The file appears under its name by commit, and else never. */
final class Sink implements AutoCloseable {
  static {
    Native.load();
  }

  /** As C numbers them. */
  static final List<String> IMAGES = List.of("tif", "png", "jpeg");

  private final StructType schema;
  private long address;

  /** The format is that of the file's extension; the types are those of C, by column. */
  Sink(String path, String layer, StructType schema, String[] types, String crs) {
    String[] columns = new String[2 * types.length];
    for (int i = 0; i < types.length; i++) {
      columns[2 * i] = schema.fields()[i].name();
      columns[2 * i + 1] = types[i];
    }
    this.schema = schema;
    this.address = open(path, layer, columns, crs);
  }

  void write(List<InternalRow> rows) {
    try (BufferAllocator allocator =
            ElcanoReader.ROOT.newChildAllocator("elcano write", 0, Long.MAX_VALUE);
        VectorSchemaRoot root = Vectors.of(schema, schema, rows, allocator);
        ArrowArray array = ArrowArray.allocateNew(allocator)) {
      Data.exportVectorSchemaRoot(allocator, root, null, array);
      try {
        write(address, array.memoryAddress());
      } finally {
        array.release();
      }
    }
  }

  void commit() {
    commit(address);
  }

  @Override
  public void close() {
    if (address != 0) {
      free(address);
      address = 0;
    }
  }

  /** An image file of Spark's image struct; shape: height, width, channels, mode. */
  static byte[] image(String name, String kind, int[] shape, byte[] data) {
    return encode(name, IMAGES.indexOf(kind), shape, data);
  }

  private static native long open(String path, String layer, String[] columns, String crs);

  private static native void write(long sink, long batch);

  private static native void commit(long sink);

  private static native void free(long sink);

  private static native byte[] encode(String name, int kind, int[] shape, byte[] data);
}
