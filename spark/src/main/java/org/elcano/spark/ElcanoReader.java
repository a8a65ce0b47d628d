// ElcanoReader.java - the batches of one task, from C's streams without a copy.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.List;
import java.util.logging.Logger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

final class ElcanoReader implements PartitionReader<ColumnarBatch> {
  /** Of the process; 0 bytes once no batch is held. */
  static final BufferAllocator ROOT = new RootAllocator();

  /** Of a row's number: its place in its part. The rest is the part's. */
  static final int ROW_BITS = 32;

  private static final Logger LOG = Logger.getLogger(ElcanoReader.class.getName());

  private final ElcanoPartition partition;
  private final boolean parts;
  private final StructType all;
  private final StructType asked;
  private final Job job;
  private final Watch watch;
  private final BufferAllocator allocator;
  private int next; // of the partition's streams
  private Batches stream; // null: none is open
  private ColumnarBatch batch;
  private long left; // rows until the limit
  private RowNumbers rows; // of a part's rows, where they are asked for

  record Factory(Call call, StructType all, StructType asked, int limit, boolean parts)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      throw new UnsupportedOperationException("elcano reads in columns");
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
      return new ElcanoReader(this, (ElcanoPartition) partition);
    }

    @Override
    public boolean supportColumnarReads(InputPartition partition) {
      return true;
    }
  }

  private ElcanoReader(Factory made, ElcanoPartition partition) {
    this.partition = partition;
    this.parts = made.parts();
    this.all = made.all();
    this.asked = made.asked();
    this.left = made.limit() < 0 ? Long.MAX_VALUE : made.limit();
    this.job = Shared.job(made.call());
    this.watch = Watch.over(TaskContext.get(), job);
    if (!parts && all.size() > 0) { // that rows are counted, one will do
      job.wantColumns(asked.isEmpty() ? new String[] {all.fieldNames()[0]} : asked.fieldNames());
    }
    this.allocator = ROOT.newChildAllocator("elcano", 0, Long.MAX_VALUE);
  }

  @Override
  public boolean next() throws IOException {
    if (left <= 0) {
      return false;
    }
    for (;;) {
      if (stream == null && !open()) {
        return false;
      }
      if (load()) {
        left -= batch.numRows();
        return true;
      }
      closeStream();
    }
  }

  /** The partition's next stream; false: there is none. */
  private boolean open() throws IOException {
    if (next == partition.streams()) {
      return false;
    }
    stream = new Batches(allocator, this::read);
    next++;
    batch = new ColumnarBatch(vectors());
    return true;
  }

  private void read(long address) {
    if (partition.slices() > 0) {
      job.readSlice(partition.slice(), partition.slices(), address);
    } else if (parts) {
      job.readPart(partition.pieces().get(next).parts()[0], address);
    } else {
      job.readScope(partition.pieces().get(next).parts(), address);
    }
  }

  /** The asked columns, in the order of the asking; their types are those of the plan. */
  private ColumnVector[] vectors() throws IOException {
    ColumnVector[] vectors = new ColumnVector[asked.size()];
    for (int i = 0; i < vectors.length; i++) {
      String name = asked.fields()[i].name();
      if (parts && name.equals(ElcanoSource.ROW)) {
        rows = new RowNumbers(partition.pieces().get(next - 1).index() << ROW_BITS);
        vectors[i] = rows;
        continue;
      }
      int at = place(name);
      StructField came = at < 0 ? null : stream.schema().fields()[at];
      if (came == null || !came.name().equals(name)
          || !came.dataType().equals(asked.fields()[i].dataType())) {
        throw new IOException(
            "elcano: column " + name + " was planned as " + asked.fields()[i].dataType().sql()
                + ", and " + (came == null ? "none" : came.name() + " " + came.dataType().sql())
                + " came; did a file change since?");
      }
      vectors[i] = stream.column(at);
    }
    return vectors;
  }

  /** By its place, for names are theirs who made the table; by its name where some are left out. */
  private int place(String name) {
    StructType came = stream.schema();
    return came.size() == all.size()
        ? all.fieldIndex(name) : List.of(came.fieldNames()).indexOf(name);
  }

  private boolean load() throws IOException {
    int n = stream.next();
    if (n < 0) {
      return false;
    }
    if (rows != null) {
      rows.next(n);
    }
    batch.setNumRows(n);
    return true;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public CustomTaskMetric[] currentMetricsValues() {
    return Metrics.of(job);
  }

  private void closeStream() {
    rows = null;
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
    closeStream();
    for (String line = job.warning(); line != null; line = job.warning()) {
      LOG.warning(line);
    }
    job.close();
    allocator.close();
  }
}
