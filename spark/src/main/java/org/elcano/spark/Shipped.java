// Shipped.java - what comes in the jar and is needed as files, while the process runs.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class Shipped {
  /** The network that detect uses unless told another. */
  static final String NETWORK = "/shipped/vehicles.onnx";

  private Shipped() {}

  /** A rendered image with {@link #VEHICLES} of them. */
  static final class Town {
    static final int VEHICLES = 9;
    static final String PATH = unpack();

    private Town() {}

    private static String unpack() {
      try {
        Path file = folder("images").resolve("town.tif");
        copy("/shipped/town.tif", file);
        return file.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Makes it below a temporary folder of its own. */
  static Path folder(String below) throws IOException {
    Path folder = Files.createTempDirectory("elcano");
    folder.toFile().deleteOnExit();
    return folders(folder.resolve(below), folder);
  }

  /** What is told last goes first. */
  private static Path folders(Path folder, Path above) throws IOException {
    if (!folder.equals(above)) {
      folders(folder.getParent(), above);
      Files.createDirectories(folder);
      folder.toFile().deleteOnExit();
    }
    return folder;
  }

  static void copy(String resource, Path file) throws IOException {
    try (InputStream in = Shipped.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException("this jar has no " + resource);
      }
      folders(file.getParent(), existing(file.getParent()));
      Files.copy(in, file);
      file.toFile().deleteOnExit();
    }
  }

  private static Path existing(Path folder) {
    return Files.exists(folder) ? folder : existing(folder.getParent());
  }
}
