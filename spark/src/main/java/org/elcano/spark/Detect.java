// Detect.java - detections from Scala and Java: of files on many machines, and of DataFrames.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** As {@code elcano.detect} of the Python package; options are those of the command line. */
public final class Detect {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Detect() {}

  /**
   * The detections of images that paths name. Images that are more than a task's share are cut into
   * parts; what parts cannot settle alone goes through one shuffle, and each image is read once.
   */
  public static Dataset<Row> files(
      SparkSession spark, Map<String, String> options, String... paths) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put("operator", "detect");
    all.putIfAbsent("parts", "auto");
    Dataset<Row> parts = spark.read().format("elcano").options(all).load(paths);
    all.put("paths", json(paths));
    Column part = when(col("_group").isNull(), shiftright(col("_row"), ElcanoReader.ROW_BITS));
    return parts
        .where(col("_group").isNotNull().or(col("_table").isNull()))
        .groupBy(col("_group"), part)
        .agg(call_function("elcano.combine", lit(json(all)), struct("*")).as("rows"))
        .select(inline(col("rows")));
  }

  /**
   * What gives the detections of each row's image: of {@code data} as chips and Spark's image
   * structs have it, alone or in a column {@code image}, of {@code content} as binaryFile has it, or
   * of the file that {@code path} names. Of the other columns the kept ones come with them.
   */
  public static UnaryOperator<Dataset<Row>> images(Map<String, String> options, String... kept) {
    Map<String, String> all = new LinkedHashMap<>(options);
    Located.hashes(Call.of(withOperator(options)))
        .forEach((name, hash) -> all.put(Call.HASH + name, hash));
    String call = json(all);
    return images -> {
      Column[] columns = new Column[kept.length + 1];
      Arrays.setAll(columns, i -> i < kept.length ? col(kept[i])
          : inline(call_function("elcano.detect_image", lit(call), image(images))));
      Dataset<Row> found = images.select(columns);
      return options.containsKey("styles") ? found : found.drop("group", "colour");
    };
  }

  private static Map<String, String> withOperator(Map<String, String> options) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.put("operator", "detect");
    return all;
  }

  private static Column image(Dataset<Row> images) {
    List<String> names = Arrays.asList(images.columns());
    if (names.contains("data") || names.contains("content")) {
      return struct("*");
    }
    if (names.contains("path")) {
      return col("path");
    }
    return col("image");
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
