// TableWriter.java - the rows of one task as one file.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.util.SerializableConfiguration;

/** C writes into the staging folder; or where that is no local one into a file that is brought. */
final class TableWriter implements DataWriter<InternalRow> {
  private static final int ROWS = 4096;
  private static final long BYTES = 64L << 20;

  private final Output output;
  private final int partition;
  private final Staging staging;
  private final String name;
  private final Path local; // a folder of its own; null: C writes where it stays
  private final List<InternalRow> rows = new ArrayList<>();
  private long bytes;
  private Sink sink; // null: no row came yet

  record Factory(Output output, SerializableConfiguration hadoop) implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      try {
        return new TableWriter(output, partition, task, new Staging(output, hadoop.value()));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private TableWriter(Output output, int partition, long task, Staging staging)
      throws IOException {
    this.output = output;
    this.partition = partition;
    this.staging = staging;
    this.name = output.fileOf(partition, task);
    this.local = staging.local() == null ? Files.createTempDirectory("elcano-write") : null;
  }

  private Path file() {
    return (local == null ? staging.local() : local).resolve(name);
  }

  private void open() {
    if (sink == null) {
      String path = output.path();
      String layer = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\..*", "");
      sink =
          new Sink(
              file().toString(), layer.isEmpty() ? "rows" : layer, output.schema(),
              output.types(), output.crs());
    }
  }

  @Override
  public void write(InternalRow row) {
    rows.add(row.copy());
    bytes += row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
    if (rows.size() == ROWS || bytes > BYTES) {
      flush();
    }
  }

  private void flush() {
    if (!rows.isEmpty()) {
      open();
      sink.write(rows);
      rows.clear();
      bytes = 0;
    }
  }

  /** A task without rows has no file, but for the first, which says what columns there are. */
  @Override
  public WriterCommitMessage commit() throws IOException {
    flush();
    if (partition == 0) {
      open();
    }
    if (sink == null) {
      return new ElcanoWrite.Done(List.of());
    }
    sink.commit();
    if (local != null) {
      staging.bring(file(), name);
    }
    return new ElcanoWrite.Done(List.of(new Staging.File(name, name)));
  }

  @Override
  public void abort() throws IOException {
    close();
    staging.drop(name);
  }

  @Override
  public void close() throws IOException {
    if (sink != null) {
      sink.close();
      sink = null;
    }
    if (local != null) {
      Files.deleteIfExists(local.resolve(name));
      Files.deleteIfExists(local);
    }
  }
}
