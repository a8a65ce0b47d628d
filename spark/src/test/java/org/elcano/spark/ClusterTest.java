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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class ClusterTest {
  /** So many small chips that all tasks together take a while. */
  private static final Map<String, String> SLOW =
      Map.of("model", Town.at("exact.onnx"), "chip", "64", "overlap", "56");

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

  private static List<ProcessHandle> executors() {
    return ProcessHandle.current().descendants().filter(ClusterTest::isExecutor).toList();
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

  @Test
  void anExecutorKilledInTheMiddleLosesNothing() throws Exception {
    List<String> wanted = ofCommandLine("--chip", "64", "--overlap", "56");
    Dataset<Row> found = Detect.files(Town.spark(), SLOW, Town.at("town.tif"));
    CompletableFuture<List<String>> job = CompletableFuture.supplyAsync(() -> ids(found));
    SparkStageInfo stage = inTheMiddle(job);
    List<ProcessHandle> executors = executors();
    assertEquals(2, executors.size());
    assertTrue(executors.get(0).destroyForcibly()); // signal 9
    executors.get(0).onExit().get(10, TimeUnit.SECONDS);
    assertEquals(wanted, job.get(240, TimeUnit.SECONDS));
    var after = Town.spark().sparkContext().statusTracker().getStageInfo(stage.stageId()).get();
    assertTrue(after.numFailedTasks() > 0, "no task was lost");
  }

  /** Points that are joined by cells, shuffled, many times over. */
  @Test
  void anExecutorKilledInAJoinLosesNothing() throws Exception {
    Dataset<Row> zones = Town.spark().range(0, 400, 1, 4).selectExpr("id AS zone",
        "elcano.st_makebbox(id % 20, id div 20, id % 20 + 1, id div 20 + 1) AS geometry");
    Dataset<Row> points = Town.spark().range(0, 200_000, 1, 12)
        .selectExpr("id",
            "(id * 7919 % 200003 + 0.37D) / 10000.2D AS lon",
            "(id * 104729 % 200009 + 0.37D) / 10000.5D AS lat"); // none on a zone's side
    Dataset<Row> counts = Joins.join(points, zones,
        Map.of("predicate", "within", "strategy", "cells", "right_geometry", "geometry"))
        .groupBy("zone").count();
    List<String> wanted = texts(
        points.selectExpr("int(lat) * 20 + int(lon) AS zone").groupBy("zone").count());
    CompletableFuture<List<String>> job = CompletableFuture.supplyAsync(() -> texts(counts));
    inTheMiddle(job);
    List<ProcessHandle> executors = executors();
    assertTrue(executors.get(0).destroyForcibly());
    executors.get(0).onExit().get(10, TimeUnit.SECONDS);
    assertEquals(wanted, job.get(240, TimeUnit.SECONDS));
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
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
