// FailureTest.java - jobs that are cut short, cancelled, or find nothing that they can read.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static Dataset<Row> detect(String path, String... options) {
    var reader =
        Town.spark().read().format("elcano").option("operator", "detect")
            .option("model", Town.at("exact.onnx"));
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }
    return reader.load(path);
  }

  private static String reason(Dataset<Row> rows) {
    Throwable e = assertThrows(Exception.class, rows::collectAsList);
    StringBuilder all = new StringBuilder();
    for (; e != null; e = e.getCause()) {
      all.append(e.getMessage()).append('\n');
    }
    return all.toString();
  }

  @AfterEach
  void noMemoryIsHeld() {
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
  }

  @Test
  void oneRowOfManyIsRead() {
    assertEquals(1, detect(Town.at("frames")).limit(1).collectAsList().size());
  }

  @Test
  void anEmptyFolderIsToldAsTheCommandLineTellsIt() throws IOException {
    Path empty = Files.createDirectories(Town.FOLDER.resolve("empty"));
    Throwable why = assertThrows(Exception.class, () -> detect(empty.toString()).collectAsList());
    assertTrue(why.toString().contains("empty"), why.toString());
  }

  @Test
  void aCorruptImageFailsOrIsARow() throws IOException {
    Path folder = Files.createDirectories(Town.FOLDER.resolve("corrupt"));
    byte[] whole = Files.readAllBytes(Town.FOLDER.resolve("town.tif"));
    Files.write(folder.resolve("cut.tif"), Arrays.copyOf(whole, whole.length / 2));
    String why = reason(detect(folder.toString(), "on_error", "fail"));
    assertTrue(why.contains("elcano: cut.tif: "), why);
    Dataset<Row> rows = detect(folder.toString(), "on_error", "record");
    assertTrue(rows.filter("error is not null").count() > 0);
  }

  /** So many small chips that it would take minutes. */
  @Test
  void aCancelledJobLetsGoSoon() throws Exception {
    Town.spark();
    CompletableFuture<Void> job =
        CompletableFuture.runAsync(() -> {
          Town.spark().sparkContext().setJobGroup("long", "long", true);
          detect(Town.at("town.tif"), "chip", "64", "overlap", "60").count();
        });
    while (Town.spark().sparkContext().statusTracker().getActiveJobIds().length == 0) {
      assertTrue(!job.isDone(), "it was to take long");
      Thread.sleep(50);
    }
    Thread.sleep(1000);
    Town.spark().sparkContext().cancelJobGroup("long");
    assertThrows(ExecutionException.class, () -> job.get(20, TimeUnit.SECONDS));
    for (int i = 0; i < 200 && ElcanoReader.ROOT.getAllocatedMemory() > 0; i++) {
      Thread.sleep(50);
    }
  }

  /** Without what C's allocator keeps, in an arena for each of some threads, for what comes next. */
  private static long residentKb() throws IOException, JMException {
    ManagementFactory.getPlatformMBeanServer()
        .invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "systemTrimNativeHeap", new Object[0], new String[0]);
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /**
   * Fifty jobs after some that fill Spark's pools of threads. The heap is all resident from the
   * start (pom.xml), so that growth is outside of it: code that Java compiles and classes that Spark
   * makes go on to be some tenths of a MB a job, and at times 1 MB on a busy machine. That
   * networks go, which may be smaller, is looked at in DetectTest.
   */
  private static void doesNotGrow(LongSupplier job, long rows) throws Exception {
    long before = 0;
    for (int i = 0; i < 70; i++) {
      assertEquals(rows, job.getAsLong());
      assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
      before = i == 19 ? residentKb() : before;
    }
    long growth = residentKb() - before;
    System.out.println("fifty jobs: " + growth + " KB");
    assertTrue(growth < 150_000, before + " KB grew by " + growth);
  }

  @Test
  void fiftyJobsLeaveNothingBehind() throws Exception {
    Dataset<Row> table =
        Town.spark().read().format("elcano").option("operator", "measure").option("area", "yes")
            .load(Town.at("truth.geojson"));
    doesNotGrow(() -> table.filter("elcano.st_area(geometry) > 0").count(), 300);
  }

  /** Of two chips of 5 MB. */
  @Test
  void fiftyDetectionsLeaveNothingBehind() throws Exception {
    Town.sh(Town.FOLDER, Town.BUILD + "/scene --out block.tif --size 1000x256 --objects 9 --seed 7"
        + " --code-only");
    Map<String, String> options =
        Map.of("model", Town.at("exact.onnx"), "chip", "640", "parts", "2", "partitions", "2");
    Dataset<Row> found = Detect.files(Town.spark(), options, Town.at("block.tif"));
    // whose stages Spark follows with many more threads
    Town.spark().conf().set("spark.sql.adaptive.enabled", "false");
    try {
      doesNotGrow(found::count, found.count());
    } finally {
      Town.spark().conf().unset("spark.sql.adaptive.enabled");
    }
  }
}
