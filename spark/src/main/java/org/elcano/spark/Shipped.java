// Shipped.java - files that come in the jar, for programs that need them as files.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Each is unpacked once a process, into a folder of its own that goes with the process. */
final class Shipped {
  /** The network that detect uses unless told another. */
  static final String NETWORK = "vehicles.onnx";

  /** A rendered image with {@link #VEHICLES} of them. */
  static final String TOWN = "town.tif";

  static final int VEHICLES = 9;

  private static final Map<String, Path> UNPACKED = new ConcurrentHashMap<>();

  private Shipped() {}

  static String path(String name) {
    return UNPACKED.computeIfAbsent(name, Shipped::unpack).toString();
  }

  private static Path unpack(String name) {
    try (InputStream in = Shipped.class.getResourceAsStream("/shipped/" + name)) {
      if (in == null) {
        throw new IllegalStateException("elcano: this jar has no " + name);
      }
      Path folder = Files.createTempDirectory("elcano");
      Path file = folder.resolve(name);
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit(); // before the folder: the last one first
      Files.copy(in, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
