// ElcanoScan.java - which columns are read, and in which partitions.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

final class ElcanoScan
    implements ScanBuilder, Scan, Batch, SupportsPushDownRequiredColumns, SupportsPushDownLimit,
        SupportsPushDownV2Filters {
  /** Partitions for each core, so that the last ones even out. */
  private static final int A_CORE = 3;

  /** Parts as large as a partition's share. */
  static final int AUTO = -1;

  /** Opening an image takes as long as some chips of it. */
  private static final long LEAST_UNITS = 8;

  /** A part is never smaller than an image. */
  private static final long WHOLE_IMAGES = 1_000_000_000L;

  private final Call call;
  private final StructType all;
  private final int wished;
  private final int parts; // units of each; 0: scopes are settled here; AUTO
  private final Where where;
  private final List<Predicate> taken = new ArrayList<>();
  private StructType asked;
  private int limit = -1;

  ElcanoScan(Call call, StructType schema, int wished, int parts) {
    this.call = call;
    this.all = schema;
    this.asked = schema;
    this.wished = wished;
    this.parts = parts;
    this.where = call.where().copy();
  }

  /** Box and time choose images; Spark looks at all rows of those. Parts' rows are not final. */
  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    for (Predicate one : predicates) {
      if (parts == 0 && where.take(one)) {
        taken.add(one);
      }
    }
    return predicates;
  }

  @Override
  public Predicate[] pushedPredicates() {
    return taken.toArray(Predicate[]::new);
  }

  @Override
  public void pruneColumns(StructType required) {
    asked = required;
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = rows;
    return true;
  }

  /** Each partition gives so many; Spark takes as many of all. */
  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  @Override
  public Scan build() {
    return this;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public StructType readSchema() {
    return asked;
  }

  @Override
  public String description() {
    return "elcano " + call.operator() + " " + call.inputs() + " " + call.options() + where;
  }

  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return Metrics.all();
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ElcanoReader.Factory(
        call.hashed(Located.hashes(call)), all, asked, limit, parts != 0);
  }

  @Override
  public InputPartition[] planInputPartitions() {
    int cores = SparkSession.active().sparkContext().defaultParallelism();
    int most = wished > 0 ? wished : A_CORE * cores;
    try (Job job = new Job(call, 0)) {
      if (job.slices()) {
        return slices(wished > 0 ? wished : 1);
      }
      if (!where.isEmpty()) {
        job.wantExtents();
      }
      return pack(parts == AUTO ? even(job, most) : plan(job, parts > 0 ? parts : WHOLE_IMAGES), most);
    }
  }

  /** Without the parts that have no row which is wanted. */
  private List<Job.Part> plan(Job job, long units) {
    return job.plan(units).stream().filter(part -> where.reaches(part.extent())).toList();
  }

  /** Whole images, but for those that are more than a partition's share. */
  private List<Job.Part> even(Job job, int most) {
    List<Job.Part> plan = plan(job, WHOLE_IMAGES);
    double share = weight(plan) / most;
    double largest = plan.stream().mapToDouble(Job.Part::weight).max().orElse(0);
    long units = Math.max(LEAST_UNITS, (long) Math.ceil(share));
    return largest > units ? plan(job, units) : plan;
  }

  private static double weight(List<Job.Part> plan) {
    return plan.stream().mapToDouble(Job.Part::weight).sum();
  }

  private static InputPartition[] slices(int n) {
    InputPartition[] slices = new InputPartition[n];
    for (int i = 0; i < n; i++) {
      slices[i] = new ElcanoPartition(i, n, List.of());
    }
    return slices;
  }

  /** What is read one by one, in its order, cut where a partition has its share of the weight. */
  private InputPartition[] pack(List<Job.Part> plan, int most) {
    double share = weight(plan) / most;
    List<InputPartition> partitions = new ArrayList<>();
    List<ElcanoPartition.Piece> pieces = new ArrayList<>();
    double weight = 0;
    for (int i = 0, end; i < plan.size(); i = end) {
      end = parts != 0 ? i + 1 : endOfScope(plan, i);
      List<Job.Part> piece = plan.subList(i, end);
      pieces.add(
          new ElcanoPartition.Piece(piece.stream().map(Job.Part::bytes).toArray(byte[][]::new), i));
      weight += weight(piece);
      if (weight >= share || end == plan.size()) {
        partitions.add(new ElcanoPartition(0, 0, pieces));
        pieces = new ArrayList<>();
        weight = 0;
      }
    }
    return partitions.toArray(InputPartition[]::new);
  }

  private static int endOfScope(List<Job.Part> plan, int from) {
    int end = from + 1;
    while (end < plan.size() && plan.get(end).scope() == plan.get(from).scope()) {
      end++;
    }
    return end;
  }
}
