// ClassifyTest.java - elcano.classify: what the data source says of each image, in whatever form.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassifyTest {
  private static final String MODEL = Town.at("nets/scenes.onnx");

  /** Classifiers of red, green and blue; files of each form that an image has. */
  @BeforeAll
  static void setUp() throws Exception {
    Town.sh(Town.FOLDER, "python3 " + Town.BUILD + "/../tools/networks.py heads nets");
    files().createOrReplaceTempView("files");
    Town.spark().read().format("elcano").option("operator", "chips").option("pixels", "column")
        .option("chip", "700").load(Town.at("frames")).createOrReplaceTempView("chips");
  }

  private static Dataset<Row> files() {
    return Town.spark().read().format("binaryFile").option("pathGlobFilter", "*.tif")
        .load(Town.at("frames"));
  }

  private static Dataset<Row> source(String images) {
    return Town.spark().read().format("elcano").option("operator", "classify")
        .option("model", MODEL).option("whole", "true").load(images);
  }

  /** By the last part of the name: "class score". */
  private static Map<String, String> said(Dataset<Row> rows) {
    Map<String, String> said = new TreeMap<>();
    for (Row row : rows.collectAsList()) {
      String name = row.getString(0).replaceFirst(".*/", "");
      said.put(name, row.getString(1) + " " + row.getDouble(2));
    }
    return said;
  }

  private static Map<String, String> ofSource(String images) {
    return said(source(images).selectExpr("image", "class", "double(score)"));
  }

  private static Map<String, String> ofFunctions(String image, String name, String table) {
    String of = "(" + image + ", '" + MODEL + "')";
    return said(Town.spark().sql("select " + name + ", elcano.classify" + of
        + ", elcano.classify_score" + of + " from " + table));
  }

  @Test
  void pathsBytesAndStructsGiveWhatTheDataSourceGives() throws Exception {
    Map<String, String> wanted = ofSource(Town.at("frames"));
    assertTrue(wanted.size() > 5);
    assertEquals(wanted, ofFunctions("path", "path", "files"));
    assertEquals(wanted, ofFunctions("content", "path", "files"));
    assertEquals(wanted, ofFunctions("struct(path, content)", "path", "files"));
    assertEquals(wanted, ofFunctions("struct(*)", "image", "chips"));
  }

  private static Object one(String sql) {
    return Town.spark().sql("select " + sql).first().get(0);
  }

  @Test
  void nullGivesNull() {
    assertNull(one("elcano.classify(null, '" + MODEL + "')"));
    assertNull(one("elcano.classify_score(cast(null as binary), '" + MODEL + "')"));
    assertNull(one("elcano.classify(path, null) from files"));
    assertNull(one("elcano.classify(if(length > 0, null, struct(path, content)), 'x') from files"));
  }

  @Test
  void networksMayBeAColumnAndAFileThatSparkBrought() throws Exception {
    Town.sh(Town.FOLDER, "cp nets/scenes.onnx brought.onnx");
    Town.spark().sparkContext().addFile(Town.at("brought.onnx"));
    String other = MODEL.replace("scenes", "scenes_each");
    Row row = Town.spark()
        .sql("select count(*), count_if(a = b) from (select elcano.classify_score(path, m) a,"
            + " elcano.classify_score(content, 'brought.onnx') b from files, values ('" + MODEL
            + "'), ('" + other + "') as models(m))")
        .first();
    assertEquals(2 * files().count(), row.getLong(0));
    assertEquals(files().count(), row.getLong(1));
  }

  /** Spark would evaluate what is deterministic twice, and what is constant on the driver. */
  @Test
  void aNetworkRunsOnceARowAndNeverBeforehand() {
    Dataset<Row> chosen = Town.spark()
        .sql("select * from (select elcano.classify(path, '" + MODEL + "') class from files)"
            + " where class <> 'x'");
    String plan = chosen.queryExecution().optimizedPlan().toString();
    assertEquals(1, plan.split("\\(classify,", -1).length - 1, plan);
    assertEquals(files().count(), chosen.count());
    String constant = Town.spark().sql("select elcano.classify('a.tif', 'b.onnx') from range(1)")
        .queryExecution().optimizedPlan().toString();
    assertTrue(constant.contains("(classify, a.tif, b.onnx)"), constant);
    assertEquals(files().count(), Town.spark()
        .sql("select elcano.classify(path, '" + MODEL + "') class, count(*) n from files"
            + " group by elcano.classify(path, '" + MODEL + "')")
        .selectExpr("sum(n)").first().getLong(0));
  }

  private static void refused(String call, String... parts) {
    String why = assertThrows(Exception.class, () -> one(call)).getMessage();
    for (String part : parts) {
      assertTrue(why.contains(part), why);
    }
  }

  @Test
  void failuresNameImageAndNetwork() {
    refused("elcano.classify('none.tif', '" + MODEL + "')", "none.tif by ", "no such file");
    refused("elcano.classify(path, 'none.onnx') from files", ".tif by none.onnx");
    refused("elcano.classify(path, '" + Town.at("exact.onnx") + "') from files", "no classifier");
    refused("elcano.classify(substr(content, 1, 900), '" + MODEL + "') from files",
        "image of 900 bytes by ", "scenes.onnx");
    refused("elcano.classify(unhex(''), '" + MODEL + "')", "image of 0 bytes by ", "empty");
    refused("elcano.classify(struct('p' path, cast(null as binary) content), 'm.onnx')",
        "without content", "m.onnx");
    refused("elcano.classify(struct('p' origin, 9 height, 9 width, 3 nChannels, 16 mode,"
        + " unhex('00') data), 'm.onnx')", "m.onnx");
    refused("elcano.classify(5, 'm.onnx')", "does not take (INT, STRING)", "nChannels");
  }
}
