// Staging.java - the hidden folder in which files wait until a whole write is done.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Beside the path that is asked for, in any file system that Hadoop knows. Tasks put files there,
 * each under a name of its own; the driver publishes those that it was told of, and no others.
 */
final class Staging {
  /** A file of a task: its name in the folder, and the one that it is to have. */
  record File(String staged, String name) implements Serializable {}

  private final FileSystem files;
  private final Path target;
  private final Path folder;

  Staging(Output output, Configuration hadoop) throws IOException {
    Path asked = new Path(output.path());
    FileSystem system = asked.getFileSystem(hadoop);
    // sums beside each file are of no use to other readers
    files = system instanceof LocalFileSystem local ? local.getRawFileSystem() : system;
    target = files.makeQualified(asked);
    Path above = target.getParent() == null ? target : target.getParent();
    folder = new Path(above, "." + target.getName() + ".elcano-" + output.id());
  }

  void create() throws IOException {
    files.mkdirs(folder);
  }

  boolean targetExists() throws IOException {
    return files.exists(target);
  }

  /** Where C can write at once; null where files have to be brought. */
  java.nio.file.Path local() {
    return files.getUri().getScheme().equals("file")
        ? java.nio.file.Path.of(folder.toUri().getPath()) : null;
  }

  void bring(java.nio.file.Path from, String staged) throws IOException {
    files.copyFromLocalFile(true, true, new Path(from.toUri()), new Path(folder, staged));
  }

  void write(String staged, byte[] bytes) throws IOException {
    try (var out = files.create(new Path(folder, staged), true)) {
      out.write(bytes);
    }
  }

  void drop(String staged) throws IOException {
    files.delete(new Path(folder, staged), false);
  }

  void clear() throws IOException {
    files.delete(folder, true);
  }

  /** The one file as the target itself. */
  void publishOne(File file, boolean replace) throws IOException {
    if (files.exists(target) && files.getFileStatus(target).isDirectory()) {
      throw new IOException("elcano: " + target + " is a folder, and one file was asked for");
    }
    put(new Path(folder, file.staged()), replace);
  }

  /** All files as the target's folder, at once; or added to what is there, all or none. */
  void publish(List<File> all, boolean replace) throws IOException {
    checkNames(all);
    if (files.exists(target) && !replace) {
      add(all);
      return;
    }
    Path whole = new Path(folder, "whole");
    files.mkdirs(whole);
    for (File file : all) {
      move(new Path(folder, file.staged()), new Path(whole, file.name()));
    }
    put(whole, replace);
  }

  /** What was there goes with the staging folder, or comes back. */
  private void put(Path from, boolean replace) throws IOException {
    boolean older = replace && files.exists(target);
    Path aside = new Path(folder, "older");
    if (older) {
      move(target, aside);
    }
    try {
      move(from, target);
    } catch (IOException e) {
      if (older) {
        move(aside, target);
      }
      throw e;
    }
  }

  private void add(List<File> all) throws IOException {
    List<File> done = new ArrayList<>();
    try {
      for (File file : all) {
        move(new Path(folder, file.staged()), new Path(target, file.name()));
        done.add(file);
      }
    } catch (IOException e) {
      for (File file : done) {
        files.delete(new Path(target, file.name()), false);
      }
      throw e;
    }
  }

  private static void checkNames(List<File> all) throws IOException {
    Set<String> names = new HashSet<>();
    for (File file : all) {
      if (!names.add(file.name())) {
        throw new IOException("elcano: two rows are to be the file " + file.name());
      }
    }
  }

  private void move(Path from, Path to) throws IOException {
    if (files.exists(to)) {
      throw new IOException("elcano: " + to + " is there already");
    }
    if (!files.rename(from, to)) {
      throw new IOException("elcano: " + from + " cannot be renamed to " + to);
    }
  }
}
