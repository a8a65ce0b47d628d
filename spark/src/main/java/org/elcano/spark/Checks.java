// Checks.java - what one process of Spark works with, and whether it can detect.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.package$;

/** A failure is a finding, not an exception. */
final class Checks {
  private static final long MB = 1L << 20;

  /** A task that detects with the network that comes along takes about so much of C's memory. */
  private static final long A_SLOT = 128 * MB;

  /** Value and problem: one of them may be null. `same`: it ought to be that of all executors. */
  record Finding(String check, String value, boolean same, String problem)
      implements Serializable {}

  private final List<Finding> found = new ArrayList<>();

  private Checks() {}

  static List<Finding> all() {
    Checks checks = new Checks();
    checks.look("elcano", true, Native::version);
    if (!checks.failed()) {
      for (String library : List.of("gdal", "proj", "geos", "onnxruntime", "duckdb", "cpu")) {
        checks.look(library, true, () -> library(library, "vehicles"));
      }
      checks.look("detection", true, Checks::detect);
      checks.memoryLeft();
    }
    checks.look("spark", true, () -> package$.MODULE$.SPARK_VERSION());
    checks.look("java", true, () -> System.getProperty("java.version"));
    return checks.found;
  }

  private interface Look {
    String at() throws Exception;
  }

  private boolean failed() {
    return found.stream().anyMatch(finding -> finding.problem() != null);
  }

  private void look(String check, boolean same, Look look) {
    try {
      found.add(new Finding(check, look.at(), same, null));
    } catch (Exception | LinkageError e) {
      found.add(new Finding(check, null, same, String.valueOf(e.getMessage())));
    }
  }

  /** Rows of the image that comes along. */
  private static String detect() throws Exception {
    Call call = Call.of(Map.of("operator", "detect", "path", Shipped.Town.PATH));
    long rows = 0;
    try (Job job = new Job(call, 1);
        BufferAllocator allocator =
            ElcanoReader.ROOT.newChildAllocator("elcano doctor", 0, Long.MAX_VALUE);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      byte[][] parts = job.plan(1_000_000).stream().map(Job.Part::bytes).toArray(byte[][]::new);
      job.readScope(parts, stream.memoryAddress());
      try (ArrowReader reader = Data.importArrayStream(allocator, stream)) {
        while (reader.loadNextBatch()) {
          rows += reader.getVectorSchemaRoot().getRowCount();
        }
      }
    }
    if (rows != Shipped.Town.VEHICLES) {
      throw new IllegalStateException(
          rows + " vehicles found in an image of " + Shipped.Town.VEHICLES
              + ": is ONNX Runtime sound? Let ELCANO_ONNXRUNTIME name another");
    }
    return rows + " vehicles of " + Shipped.Town.VEHICLES;
  }

  // ---- memory

  private void memoryLeft() {
    SparkConf conf = SparkEnv.get().conf();
    long heap = Runtime.getRuntime().maxMemory();
    long all = limit(conf, memory());
    int slots = slots(conf);
    long left = all - heap - cache() - slots * A_SLOT;
    String value =
        String.format(
            "%d MB, heap %d, GDAL_CACHEMAX %d, %d tasks of about %d", all / MB, heap / MB,
            cache() / MB, slots, A_SLOT / MB);
    found.add(
        new Finding("memory", value, false,
            left >= 0 ? null
                : value + ": " + -left / MB + " MB too little; give more"
                    + " spark.executor.memoryOverhead, or less GDAL_CACHEMAX (in MB, by"
                    + " spark.executorEnv.GDAL_CACHEMAX)"));
  }

  /** YARN and Kubernetes kill what takes more than the heap and its overhead. */
  private static long limit(SparkConf conf, long machine) {
    String master = conf.get("spark.master", "");
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return machine;
    }
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long least = Math.max(384, (long) (heap * factor));
    return Math.min(
        machine, (heap + conf.getSizeAsMb("spark.executor.memoryOverhead", least + "m")) * MB);
  }

  /** Tasks that run at once in this process. */
  private static int slots(SparkConf conf) {
    Matcher local = Pattern.compile("local\\[(\\d+).*").matcher(conf.get("spark.master", ""));
    int cores = local.matches() ? Integer.parseInt(local.group(1)) : cores();
    return Math.max(
        1, conf.getInt("spark.executor.cores", cores) / conf.getInt("spark.task.cpus", 1));
  }

  private static native String library(String name, String network);

  private static native long memory();

  private static native long cache();

  private static native int cores();
}
