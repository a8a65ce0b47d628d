// Line.java - whether this jar is that of the running Spark.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.package$;

/** Arrow in the jar has to be that of Spark, or a batch may be read wrongly. */
final class Line {
  private Line() {}

  /** Fails where they differ by more than the last number. */
  static void check() {
    String running = package$.MODULE$.SPARK_VERSION();
    String built = built();
    if (!line(running).equals(line(built))) {
      throw new ElcanoException(
          "unsupported",
          "this jar of Elcano is for Spark " + line(built) + ", and this is Spark " + running
              + ": take the jar elcano-spark-" + line(running) + ".*, or build it (docs/spark.md)");
    }
  }

  private static String built() {
    try (InputStream in = Line.class.getResourceAsStream("/shipped/spark.version")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String version) {
    return version.replaceFirst("^(\\d+\\.\\d+).*", "$1");
  }
}
