// Located.java - files that options name, on this node, and whether they are the driver's.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * A path is looked for as it is, then as a name among the files that Spark has brought here:
 * SparkContext.addFile, --files, or a Connect session's addArtifacts.
 */
final class Located {
  private static final int BUFFER = 1 << 16;

  private Located() {}

  /** The options with paths that can be opened here; what is found nowhere stays. */
  static Map<String, String> options(Call call) {
    Map<String, String> here = new LinkedHashMap<>();
    call.options().forEach((name, value) ->
        here.put(name, Operators.isFile(call.operator(), name) ? file(value) : value));
    return here;
  }

  /** The SHA-256 of each file that options name, by option. */
  static Map<String, String> hashes(Call call) {
    Map<String, String> hashes = new LinkedHashMap<>();
    call.options().forEach((name, value) -> {
      Path path = Path.of(Operators.isFile(call.operator(), name) ? file(value) : "");
      if (Files.isRegularFile(path)) {
        hashes.put(name, sha256(path));
      }
    });
    return hashes;
  }

  /** Fails where a file of an option is not the one that the driver saw under that name. */
  static void check(Call call) {
    call.hashes().forEach((name, wanted) -> {
      String given = call.options().get(name);
      Path path = Path.of(given == null ? "" : file(given));
      if (given == null || !Files.isRegularFile(path)) {
        throw new ElcanoException("not_found",
            given + ": is not on the executor " + executor() + "; put it there under that path, or "
                + "bring it with SparkContext.addFile and give its name");
      }
      String found = sha256(path);
      if (!found.equals(wanted)) {
        throw new ElcanoException("argument",
            path + ": is another file on the executor " + executor() + ", of SHA-256 " + found
                + "; the driver's has " + wanted);
      }
    });
  }

  private static String executor() {
    return SparkEnv.get() == null ? "" : SparkEnv.get().executorId();
  }

  /** Where the file of a path or name is here; what is found nowhere stays. */
  static String file(String given) {
    if (given.isEmpty() || new File(given).exists() || SparkEnv.get() == null) {
      return given;
    }
    File root = new File(SparkFiles.getRootDirectory());
    File brought = new File(root, given);
    if (brought.isFile()) {
      return brought.getPath();
    }
    File[] sessions = root.listFiles(File::isDirectory); // a Connect session has one of its own
    for (File session : sessions == null ? new File[0] : sessions) {
      if (new File(session, given).isFile()) {
        return new File(session, given).getPath();
      }
    }
    return given;
  }

  private static String sha256(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      DigestInputStream bytes = new DigestInputStream(in, digest);
      byte[] buffer = new byte[BUFFER];
      while (bytes.read(buffer) >= 0) {
        continue;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new ElcanoException("io", path + ": " + e.getMessage());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
