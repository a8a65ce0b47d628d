// Batches.java - a stream of C's and the batch of it that is looked at, without a copy.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.sql.types.StructType;

/**
 * C is asked where the columns of a batch lie, and BatchColumn looks there: what Arrow's own vectors
 * make of each batch, and check at each value, costs as much as the decoding of a file.
 */
final class Batches implements AutoCloseable {
  static {
    Native.load();
  }

  /** Puts a stream of C's at an address. */
  interface Opening {
    void open(long address);
  }

  private final ArrowArrayStream stream;
  private final ArrowArray batch;
  private StructType schema;
  private BatchColumn[] columns;
  private long[] places;

  Batches(BufferAllocator allocator, Opening opening) {
    stream = ArrowArrayStream.allocateNew(allocator);
    batch = ArrowArray.allocateNew(allocator);
    try {
      opening.open(stream.memoryAddress());
      schema = Columns.of(columns(stream.memoryAddress()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    columns = new BatchColumn[schema.size()];
    int n = 0;
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new BatchColumn(schema.fields()[i].dataType());
      n += columns[i].arrays();
    }
    places = new long[n * BatchColumn.PLACES];
  }

  StructType schema() {
    return schema;
  }

  /** Has the values of the batch that came last. */
  BatchColumn column(int i) {
    return columns[i];
  }

  /** The rows of the next batch; -1: there is none. Failures are C's words. */
  int next() throws IOException {
    int rows;
    try {
      rows = next(stream.memoryAddress(), batch.memoryAddress(), places);
    } catch (ElcanoException e) {
      throw new IOException("elcano: " + e.getMessage(), e);
    }
    int at = 0;
    for (int i = 0; rows >= 0 && i < columns.length; i++) {
      at = columns[i].place(places, at, rows);
    }
    return rows;
  }

  @Override
  public void close() {
    batch.release();
    batch.close();
    stream.release();
    stream.close();
  }

  private static native String[] columns(long stream);

  private static native int next(long stream, long batch, long[] places);
}
