// Native.java - the C core: its library, and the calls of shim.c.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Calls of the C core. Jobs are addresses; arrays of parts are those of a plan, in its order. */
final class Native {
  static {
    unpack();
  }

  private Native() {}

  /** That the library is there for other classes' calls. */
  static void load() {}

  /** Every family of functions, as a JSON array. */
  static native String functions();

  /** Every operator's descriptor, as a JSON array. */
  static native String operators();

  static native String version();

  static native long create(String operator, String options, String inputs, int threads);

  /** A job of the same operator and options that shares what the first one prepares. */
  static native long follow(long first, String inputs, int threads);

  static native void free(long job);

  static native void cancel(long job);

  /** The oldest warning that was not taken yet, or null. */
  static native String warning(long job);

  /** Chips done, pixels that the network saw, and milliseconds in it. */
  static native long[] progress(long job);

  /**
   * Name, type, and CRS (of geometries, else null) of each of the table's columns; or of its parts',
   * hidden ones too.
   */
  static native String[] columns(long job, boolean hidden);

  static native boolean slices(long job);

  /** Streams from here on need not have other columns. */
  static native void wantColumns(long job, String[] names);

  /** Plans say from here on where and when the rows of parts can be. */
  static native void wantExtents(long job);

  /**
   * {byte[][] parts, long[] scopes, double[] weights, double[] extents}: of each part five, xmin,
   * ymin, xmax, ymax and the time of its images, NaN where that is not known.
   */
  static native Object[] plan(long job, long partUnits);

  static native void readSlice(long job, long slice, long slices, long stream);

  static native void readScope(long job, byte[][] parts, long stream);

  static native void readPart(long job, byte[] part, long stream);

  /** The columns and rows are C's structs of a schema and an array, which is moved from. */
  static native void combine(long job, long columns, long rows, long stream);

  /** A path for an image file's bytes, which drop() forgets; it ends with the name. */
  static native String keepBytes(byte[] bytes, String name);

  /** The same for pixels; shape is {mode, height, width, channels}; the affine may be null. */
  static native String keepPixels(
      int[] shape, byte[] data, String name, double[] affine, String crs);

  static native void drop(String path);

  /** From the library's folder to that of networks that have names. */
  private static native String models();

  /**
   * The library lies in the jar. It is copied to a folder of its own and unlinked once it is mapped,
   * so that neither two executors of a machine nor a killed one are in each other's way. The network
   * that detect uses unless told another stays beside it while the process runs.
   */
  private static void unpack() {
    try {
      Path folder = Shipped.folder("lib/elcano/jni"); // models() may go up by so many
      Path file = folder.resolve("libelcano_jni.so");
      try {
        Shipped.copy("/native/" + System.getProperty("os.arch") + "/libelcano_jni.so", file);
        System.load(file.toString());
      } finally {
        Files.deleteIfExists(file);
      }
      Shipped.copy(Shipped.NETWORK, folder.resolve(models()).normalize().resolve("vehicles.onnx"));
    } catch (IOException e) {
      throw new UnsatisfiedLinkError("elcano: the library cannot be unpacked: " + e.getMessage());
    } catch (UnsatisfiedLinkError e) {
      throw new UnsatisfiedLinkError(
          e.getMessage() + "; every node needs GDAL, PROJ and GEOS (docs/spark.md)");
    }
  }
}
