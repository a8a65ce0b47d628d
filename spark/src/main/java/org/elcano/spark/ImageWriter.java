// ImageWriter.java - the images of one task, a file each.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.util.SerializableConfiguration;

/** Each row is an image in memory, with the columns {@link Output#PIXELS}. */
final class ImageWriter implements DataWriter<InternalRow> {
  private final Output output;
  private final long task;
  private final Staging staging;
  private final int[] columns;
  private final List<Staging.File> files = new ArrayList<>();

  record Factory(Output output, SerializableConfiguration hadoop) implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      try {
        return new ImageWriter(output, task, new Staging(output, hadoop.value()));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private ImageWriter(Output output, long task, Staging staging) {
    this.output = output;
    this.task = task;
    this.staging = staging;
    this.columns = Output.PIXELS.stream().mapToInt(output.schema()::fieldIndex).toArray();
  }

  @Override
  public void write(InternalRow row) throws IOException {
    String name = name(row);
    int[] shape = new int[4];
    for (int i = 0; i < 4; i++) {
      shape[i] = row.isNullAt(columns[1 + i]) ? -1 : row.getInt(columns[1 + i]);
    }
    byte[] data = row.isNullAt(columns[5]) ? new byte[0] : row.getBinary(columns[5]);
    byte[] image = Sink.image(name, output.images(), shape, data);
    Staging.File file =
        new Staging.File(
            task + "-" + files.size(),
            name + "." + (output.images().equals("jpeg") ? "jpg" : output.images()));
    files.add(file);
    staging.write(file.staged(), image);
  }

  private String name(InternalRow row) {
    String name = row.isNullAt(columns[0]) ? "" : row.getUTF8String(columns[0]).toString();
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains(":")) {
      throw Output.refuse("\"" + name + "\" is no name for an image's file");
    }
    return name;
  }

  @Override
  public WriterCommitMessage commit() {
    return new ElcanoWrite.Done(List.copyOf(files));
  }

  @Override
  public void abort() throws IOException {
    for (Staging.File file : files) {
      staging.drop(file.staged());
    }
  }

  @Override
  public void close() {}
}
