// Settling.java - rows of a group to C, and the settled ones back.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

final class Settling {
  private Settling() {}

  /** {@code rows} have the columns of parts, in their order, and ROW; the result those of `seen`. */
  static List<InternalRow> settle(Call call, List<InternalRow> rows, StructType row, StructType seen)
      throws IOException {
    try (Job job = new Job(call, 1);
        BufferAllocator allocator =
            ElcanoReader.ROOT.newChildAllocator("elcano combine", 0, Long.MAX_VALUE);
        VectorSchemaRoot root = Vectors.of(withoutRow(row), row, rows, allocator);
        ArrowSchema columns = ArrowSchema.allocateNew(allocator);
        ArrowArray array = ArrowArray.allocateNew(allocator);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportVectorSchemaRoot(allocator, root, null, array, columns);
      try {
        job.combine(columns.memoryAddress(), array.memoryAddress(), stream.memoryAddress());
      } finally {
        columns.release();
      }
      try (ArrowReader settled = Data.importArrayStream(allocator, stream)) {
        List<InternalRow> done = new ArrayList<>();
        Rows.copy(settled, seen, done);
        return done;
      }
    }
  }

  private static StructType withoutRow(StructType row) {
    return new StructType(
        Arrays.stream(row.fields())
            .filter(field -> !field.name().equals(ElcanoSource.ROW))
            .toArray(StructField[]::new));
  }
}
