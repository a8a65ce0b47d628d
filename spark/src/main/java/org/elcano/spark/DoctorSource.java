// DoctorSource.java - format("elcano-doctor"): what each process of an application works with.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A row for each check of each executor, and of the driver. There are twice as many tasks as slots,
 * and each takes a second, so that each executor gets one; its first task looks, and the others
 * have no rows.
 */
public final class DoctorSource
    implements TableProvider, DataSourceRegister, SupportsRead, ScanBuilder, Scan, Batch {
  private static final long TASK_MS = 1000;

  private static final StructType SCHEMA =
      new StructType()
          .add("executor", "string")
          .add("host", "string")
          .add("check", "string")
          .add("value", "string")
          .add("same", "boolean")
          .add("problem", "string");

  /** The runs that this process has answered. */
  private static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();

  /** With what the driver found itself, in the first one. */
  private record Task(String run, List<Checks.Finding> driver) implements InputPartition {}

  private record Factory() implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      return new Reader((Task) partition);
    }
  }

  private static final class Reader implements PartitionReader<InternalRow> {
    private final Iterator<InternalRow> rows;
    private InternalRow row;

    Reader(Task task) {
      long start = System.nanoTime();
      List<InternalRow> all = new ArrayList<>();
      SparkEnv here = SparkEnv.get();
      task.driver().forEach(one -> all.add(row("driver", "", one)));
      if (ANSWERED.add(task.run())) {
        String host = here.blockManager().blockManagerId().host();
        Checks.all().forEach(one -> all.add(row(here.executorId(), host, one)));
      }
      pause(TASK_MS - (System.nanoTime() - start) / 1_000_000);
      rows = all.iterator();
    }

    private static void pause(long ms) {
      try {
        Thread.sleep(Math.max(0, ms));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static InternalRow row(String executor, String host, Checks.Finding one) {
      return new GenericInternalRow(
          new Object[] {
            text(executor), text(host), text(one.check()), text(one.value()), one.same(),
            text(one.problem())
          });
    }

    private static UTF8String text(String text) {
      return UTF8String.fromString(text);
    }

    @Override
    public boolean next() {
      boolean any = rows.hasNext();
      row = any ? rows.next() : null;
      return any;
    }

    @Override
    public InternalRow get() {
      return row;
    }

    @Override
    public void close() {}
  }

  @Override
  public String shortName() {
    return "elcano-doctor";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return this;
  }

  @Override
  public String name() {
    return shortName();
  }

  @Override
  @SuppressWarnings("deprecation") // columns() derives from it
  public StructType schema() {
    return SCHEMA;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return this;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return SCHEMA;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new Factory();
  }

  @Override
  public InputPartition[] planInputPartitions() {
    String run = UUID.randomUUID().toString();
    var spark = SparkSession.active().sparkContext();
    boolean alone = spark.isLocal() && !spark.master().startsWith("local-cluster");
    int known = spark.statusTracker().getExecutorInfos().length; // the driver among them
    List<Checks.Finding> driver = new ArrayList<>(alone ? List.of() : Checks.all());
    driver.add(
        new Checks.Finding("executors", String.valueOf(alone ? 1 : known - 1), false, null));
    InputPartition[] tasks = new InputPartition[2 * spark.defaultParallelism()];
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] = new Task(run, i > 0 ? List.of() : driver);
    }
    return tasks;
  }
}
