// ElcanoWrite.java - df.write.format("elcano"): files by executors, published by the driver.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.util.SerializableConfiguration;

/** Spark asks one attempt of a task to commit; what other attempts wrote is never published. */
final class ElcanoWrite implements WriteBuilder, SupportsTruncate, Write, BatchWrite {
  /** What a task has put into the staging folder. */
  record Done(List<Staging.File> files) implements WriterCommitMessage {}

  private final Output output;
  private final SerializableConfiguration hadoop;
  private boolean replace;

  ElcanoWrite(LogicalWriteInfo info) {
    output = Output.of(info.options(), info.schema());
    hadoop =
        new SerializableConfiguration(SparkSession.active().sparkContext().hadoopConfiguration());
  }

  @Override
  public WriteBuilder truncate() {
    replace = true;
    return this;
  }

  @Override
  public Write build() {
    return this;
  }

  @Override
  public String description() {
    return "elcano " + output.path();
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  private Staging staging() throws IOException {
    return new Staging(output, hadoop.value());
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    if (output.single() && info.numPartitions() > 1) {
      throw Output.refuse("one file of " + info.numPartitions() + " partitions: repartition(1)");
    }
    try {
      Staging staging = staging();
      boolean there = staging.targetExists();
      if (there && !replace && (output.single() || output.exists().equals("error"))) {
        throw Output.refuse(output.path() + " is there already: mode \"overwrite\" replaces it"
            + (output.single() ? "" : ", \"append\" adds to it"));
      }
      staging.create();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return output.images() != null
        ? new ImageWriter.Factory(output, hadoop) : new TableWriter.Factory(output, hadoop);
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    List<Staging.File> all = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      all.addAll(((Done) message).files());
    }
    try {
      publish(staging(), all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(Staging staging, List<Staging.File> all) throws IOException {
    try {
      if (output.single()) {
        staging.publishOne(all.get(0), replace);
      } else {
        staging.publish(all, replace);
      }
    } finally {
      staging.clear();
    }
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    try {
      staging().clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
