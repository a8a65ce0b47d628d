// ClusterTest.java - executors that are processes of their own: killed, and given a network.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ClusterTest {
  /** So many small chips that all tasks together take a while, and many are left in the middle. */
  private static final Map<String, String> SLOW =
      Map.of("model", Town.at("exact.onnx"), "chip", "64", "overlap", "48", "partitions", "24");

  private static List<String> ids(Dataset<Row> found) {
    return found.select("id").collectAsList().stream().map(row -> row.getString(0)).sorted()
        .toList();
  }

  private static List<String> ofCommandLine(String... options) throws IOException {
    List<String> words = new java.util.ArrayList<>(
        List.of("detect", "town.tif", "--model", "exact.onnx", "-q", "--overwrite", "-o", "k.csv"));
    words.addAll(Arrays.asList(options));
    Town.elcano(words.toArray(String[]::new));
    return ids(Town.spark().read().option("header", true).csv(Town.at("k.csv")));
  }

  private static boolean isExecutor(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("CoarseGrainedExecutorBackend");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  /** Both of them; one that was killed is started again before long. */
  private static List<ProcessHandle> executors() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      List<ProcessHandle> found =
          ProcessHandle.current().descendants().filter(ClusterTest::isExecutor).toList();
      if (found.size() == 2 && Town.spark().sparkContext().statusTracker().getExecutorInfos().length == 3) {
        return found; // and the driver
      }
      Thread.sleep(100);
    }
    throw new AssertionError("there are no two executors");
  }

  /** The stage that runs once some of its tasks are through and others are at work. */
  private static SparkStageInfo inTheMiddle(CompletableFuture<?> job) throws InterruptedException {
    var status = Town.spark().sparkContext().statusTracker();
    for (;;) {
      assertTrue(!job.isDone(), "it was to take longer");
      for (int id : status.getActiveStageIds()) {
        SparkStageInfo stage = status.getStageInfo(id).getOrElse(() -> null);
        if (stage != null && stage.numCompletedTasks() > 0 && stage.numActiveTasks() > 1) {
          return stage;
        }
      }
      Thread.sleep(20);
    }
  }

  /** What the job gives, one of its executors killed while it runs; some task has to be lost. */
  private static <T> T withOneKilled(Supplier<T> work) throws Exception {
    List<ProcessHandle> executors = executors();
    CompletableFuture<T> job = CompletableFuture.supplyAsync(work);
    SparkStageInfo stage = inTheMiddle(job);
    assertTrue(executors.get(0).destroyForcibly()); // signal 9
    executors.get(0).onExit().get(10, TimeUnit.SECONDS);
    T found = job.get(240, TimeUnit.SECONDS);
    var after = Town.spark().sparkContext().statusTracker().getStageInfo(stage.stageId()).get();
    assertTrue(after.numFailedTasks() > 0, "no task was lost");
    return found;
  }

  @Test
  void anExecutorKilledInTheMiddleLosesNothing() throws Exception {
    List<String> wanted = ofCommandLine("--chip", "64", "--overlap", "48");
    Dataset<Row> found = Detect.files(Town.spark(), SLOW, Town.at("town.tif"));
    assertEquals(wanted, withOneKilled(() -> ids(found)));
  }

  /** A task takes a while, whatever the machine. Its own class, for executors have no Town. */
  private static final class Slow implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws InterruptedException {
      Thread.sleep(100);
      return rows;
    }
  }

  /** None on a border of the squares. */
  private static Dataset<Row> points() {
    Dataset<Row> points = Town.spark()
        .sql("SELECT 20 * rand(1) AS lon, 20 * rand(2) AS lat FROM range(0, 200000, 1, 24)");
    return points.mapPartitions(new Slow(), points.encoder());
  }

  private static final String SQUARES = "SELECT id AS zone, elcano.st_makebbox(id % 20, id div 20,"
      + " id % 20 + 1, id div 20 + 1) AS geometry FROM range(400)";

  private static List<String> sorted(Dataset<Row> counts) {
    return counts.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void anExecutorKilledInAJoinLosesNothing() throws Exception {
    Dataset<Row> points = points();
    Dataset<Row> squares = Town.spark().sql(SQUARES);
    List<String> wanted = sorted(points.selectExpr("int(lon) + 20L * int(lat) AS zone")
        .groupBy("zone").count());
    for (String strategy : List.of("broadcast", "cells")) {
      Map<String, String> options = Map.of("predicate", "within", "strategy", strategy);
      Dataset<Row> counts = Joins.join(points, squares, options).groupBy("zone").count();
      assertEquals(wanted, withOneKilled(() -> sorted(counts)), strategy);
    }
  }

  /** Under a name, for it lies elsewhere on each executor. */
  @Test
  void aNetworkThatSparkBringsIsFound() throws IOException {
    Files.copy(Town.FOLDER.resolve("exact.onnx"), Town.FOLDER.resolve("brought.onnx"));
    Town.spark().sparkContext().addFile(Town.at("brought.onnx"));
    Dataset<Row> frame = Town.spark().sql("SELECT '" + Town.at("town.tif") + "' AS path");
    List<String> boxes = frame.transform(Detect.images(Map.of("model", "brought.onnx"))::apply)
        .select("chip").collectAsList().stream().map(Row::toString).sorted().toList();
    assertEquals(ofCommandLine().size(), boxes.size());
    Dataset<Row> parts =
        Detect.files(Town.spark(), Map.of("model", "brought.onnx", "parts", "1"),
            Town.at("town.tif"));
    assertEquals(boxes.size(), parts.count());
  }

  @Test
  void aNetworkThatIsNowhereIsTold() {
    Dataset<Row> frame = Town.spark().sql("SELECT '" + Town.at("town.tif") + "' AS path")
        .repartition(1);
    Exception why = assertThrows(Exception.class,
        () -> frame.transform(Detect.images(Map.of("model", "nowhere.onnx"))::apply).collectAsList());
    assertTrue(why.toString().contains("nowhere.onnx"), why.toString());
  }
}
