// DetectTest.java - detections of files in parts, and of DataFrames of images.
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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DetectTest {
  private static final String[] COLUMNS =
      {"id", "image", "class", "score", "xmin_px", "ymin_px", "xmax_px", "ymax_px", "chip"};

  private static Map<String, String> model(String... more) {
    Map<String, String> options = new java.util.HashMap<>(Map.of("model", Town.at("exact.onnx")));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  private static List<String> rows(Dataset<Row> found) {
    return found.selectExpr(COLUMNS).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static List<String> ofCommandLine(String images, String... options) throws IOException {
    List<String> words = new java.util.ArrayList<>(
        List.of("detect", images, "--model", "exact.onnx", "-q", "--overwrite", "-o", "d.parquet"));
    words.addAll(Arrays.asList(options));
    Town.elcano(words.toArray(String[]::new));
    List<String> rows = rows(Town.spark().read().parquet(Town.at("d.parquet")));
    assertTrue(rows.size() > 100, images);
    return rows;
  }

  @AfterEach
  void noMemoryIsHeld() {
    assertEquals(0, ElcanoReader.ROOT.getAllocatedMemory());
  }

  @Test
  void anImageInPartsHasTheRowsOfTheCommandLine() throws IOException {
    List<String> wanted = ofCommandLine("town.tif", "--chip", "256");
    for (String parts : List.of("auto", "3", "1000")) {
      Dataset<Row> found =
          Detect.files(Town.spark(), model("chip", "256", "parts", parts), Town.at("town.tif"));
      assertEquals(wanted, rows(found), parts);
    }
  }

  @Test
  void filesOfManySizesHaveTheRowsOfTheCommandLine() throws IOException {
    Path both = Files.createDirectories(Town.FOLDER.resolve("both"));
    Files.copy(Town.FOLDER.resolve("town.tif"), both.resolve("town.tif"));
    for (Path frame : Files.list(Town.FOLDER.resolve("frames")).limit(3).toList()) {
      Files.copy(frame, both.resolve(frame.getFileName()));
    }
    assertEquals(ofCommandLine("both"), rows(Detect.files(Town.spark(), model(), both.toString())));
  }

  @Test
  void oneRowOfMany() {
    assertEquals(
        1, Detect.files(Town.spark(), model(), Town.at("frames")).limit(1).collectAsList().size());
  }

  @Test
  void classAndScoreApplyAfterPartsAreSettled() throws IOException {
    Dataset<Row> all = Detect.files(Town.spark(), model("parts", "2"), Town.at("town.tif"));
    String which = "score > 0.5 AND class <> 'bus'";
    List<String> wanted = rows(all.limit(100_000).where(which));
    assertEquals(wanted, rows(all.where(which)));
    assertTrue(!wanted.isEmpty());
  }

  @Test
  void aPathIsAnImageAndNullIsNone() throws IOException {
    List<Row> paths = new java.util.ArrayList<>();
    for (Path frame : Files.list(Town.FOLDER.resolve("frames")).sorted().toList()) {
      paths.add(RowFactory.create(frame.toUri().toString()));
    }
    paths.add(RowFactory.create((Object) null));
    Dataset<Row> images =
        Town.spark().createDataFrame(paths, new StructType().add("path", DataTypes.StringType));
    assertEquals(ofCommandLine("frames"),
        rows(images.repartition(3).transform(Detect.images(model())::apply)));
  }

  @Test
  void onErrorIsFollowed() throws IOException {
    Path bad = Files.writeString(Town.FOLDER.resolve("bad.tif"), "no image");
    Dataset<Row> images =
        Town.spark().sql("SELECT '" + bad + "' AS path");
    Throwable why = assertThrows(Exception.class,
        () -> images.transform(Detect.images(model("on_error", "fail"))::apply).collectAsList());
    assertTrue(why.toString().contains("bad.tif: not an image"), why.toString());
    Dataset<Row> recorded = images.transform(Detect.images(model("on_error", "record"))::apply);
    assertTrue(recorded.first().<String>getAs("error").contains("bad.tif: not an image"));
  }

  @Test
  void whatIsNoImageIsRefusedBeforeItRuns() {
    Exception why = assertThrows(Exception.class,
        () -> Town.spark().sql("SELECT elcano.detect_image('{}', named_struct('data', 7))"));
    assertTrue(why.getMessage().contains("takes the call as JSON and an image"), why.toString());
  }

  @Test
  void aStructWithoutContentIsRefused() {
    Exception why = assertThrows(Exception.class,
        () -> Town.spark()
            .sql("SELECT elcano.detect_image('{}', struct('a.tif' path, cast(null as binary) content))")
            .collect());
    assertTrue(why.getMessage().contains("a.tif: a struct without content"), why.toString());
  }

  /** A speculative twin reads what another task reads at the same time. */
  @Test
  void twoReadersOfAPartitionGiveTheSame() throws Exception {
    Call call = Call.of(model("operator", "detect", "path", Town.at("frames")));
    StructType schema;
    try (Job job = new Job(call, 1)) {
      schema = job.columns(false);
    }
    ElcanoScan scan = new ElcanoScan(call, schema, 2, 0);
    var factory = scan.createReaderFactory();
    for (var partition : scan.planInputPartitions()) {
      try (var one = factory.createColumnarReader(partition);
          var twin = factory.createColumnarReader(partition)) {
        while (one.next()) {
          assertTrue(twin.next());
          assertEquals(one.get().numRows(), twin.get().numRows());
          for (int i = 0; i < one.get().numRows(); i++) {
            assertEquals(
                one.get().getRow(i).getUTF8String(0), twin.get().getRow(i).getUTF8String(0));
          }
        }
        assertTrue(!twin.next());
      }
    }
  }

  /** Tasks of a stage use one network, which does not stay. */
  @Test
  void aNetworkIsLoadedOnceAStageAndLetGo() throws InterruptedException {
    long loaded = Shared.loaded();
    read("partitions", "6").count();
    assertEquals(1, Shared.loaded() - loaded);
    for (int i = 0; i < 300 && Shared.count() > 0; i++) {
      Thread.sleep(50);
    }
    assertEquals(0, Shared.count());
  }

  private static Dataset<Row> read(String... options) {
    return Town.spark().read().format("elcano").option("operator", "detect")
        .options(model(options)).load(Town.at("frames"));
  }

  @Test
  void metricsTellChipsPixelsAndTime() {
    Dataset<Row> found = read().select("id", "score");
    found.collectAsList();
    var metrics = found.queryExecution().executedPlan().collectLeaves().head().metrics();
    long chips = metrics.apply("elcanoChips").value();
    assertTrue(chips >= 12, "chips " + chips);
    assertTrue(metrics.apply("elcanoPixels").value() >= 2000 * 1500);
    assertTrue(metrics.apply("elcanoInference").value() > 0);
  }
}
