// Town.java - a rendered town in frames, a network that finds it, and a session: once for all tests.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

final class Town {
  static final Path BUILD = Path.of(System.getProperty("elcano.build")).toAbsolutePath().normalize();
  static final Path FOLDER = folder();
  /** Executors of local-cluster are processes, which have no more than they are told of. */
  private static final String MASTER = System.getProperty("elcano.master", "local[2]");
  static final boolean CLUSTER = !MASTER.startsWith("local[");
  private static final String CLASSES =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static SparkSession session;

  private Town() {}

  /** Frames that overlap, of a town of 300 vehicles; blocks of it; exact.onnx finds all. */
  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("elcano-town");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder.toFile())));
      sh(folder, BUILD + "/scene --out town.tif --truth truth.geojson --size 2000x1500 --objects 300"
          + " --seed 7 --code-only"
          + " && python3 " + BUILD + "/../tools/instrument.py exact.onnx"
          + " && " + BUILD + "/elcano chips town.tif --chip 700 --overlap 300 --pixels tif"
          + " --out-dir frames -q -o chips.csv");
      return folder;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(File file) {
    File[] inner = file.listFiles();
    if (inner != null) {
      Arrays.stream(inner).forEach(Town::delete);
    }
    file.delete();
  }

  static String sh(Path folder, String command) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return said;
  }

  /** The command line, as a user would type it in the town's folder. */
  static void elcano(String... words) throws IOException {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add("'" + word + "'");
    }
    sh(FOLDER, BUILD + "/elcano " + String.join(" ", quoted));
  }

  static String at(String name) {
    return FOLDER.resolve(name).toString();
  }

  static synchronized SparkSession spark() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master(MASTER)
              .config("spark.executor.extraClassPath", CLASSES)
              .config("spark.ui.enabled", "false")
              .config("spark.sql.catalog.elcano", Catalog.class.getName())
              .config("spark.sql.artifact.isolation.enabled", "false") // addFile is for all
              .config("spark.sql.shuffle.partitions", "4")
              .config("spark.sql.session.timeZone", "UTC")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }
}
