// Job.java - an operator with its options and files, in this process.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** Owns a job of the C core. One thread at a time, but for {@link #cancel}. */
final class Job implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Shared shared; // null: it shares nothing
  private long address;

  Job(Call call, int threads) {
    this(create(call, threads), null);
  }

  /** Takes the address of a job, which follows a shared one. */
  Job(long address, Shared shared) {
    this.address = address;
    this.shared = shared;
  }

  static long create(Call call, int threads) {
    return Native.create(
        call.operator(), json(Located.options(call)), json(call.inputs()), threads);
  }

  static String json(Map<String, ?> map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Degrees, and microseconds since 1970; NaN: not known. */
  record Extent(double xmin, double ymin, double xmax, double ymax, double acquired) {}

  /** A part of a plan: its bytes, its scope, what it costs, where and when its rows can be. */
  record Part(byte[] bytes, long scope, double weight, Extent extent) {}

  /** Streams from here on need not have other columns. */
  void wantColumns(String[] names) {
    Native.wantColumns(address, names);
  }

  /** Plans from here on have extents. */
  void wantExtents() {
    Native.wantExtents(address);
  }

  List<Part> plan(long partUnits) {
    Object[] plan = Native.plan(address, partUnits);
    byte[][] bytes = (byte[][]) plan[0];
    long[] scopes = (long[]) plan[1];
    double[] weights = (double[]) plan[2];
    double[] e = (double[]) plan[3];
    List<Part> parts = new ArrayList<>(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int at = 5 * i;
      Extent extent = new Extent(e[at], e[at + 1], e[at + 2], e[at + 3], e[at + 4]);
      parts.add(new Part(bytes[i], scopes[i], weights[i], extent));
    }
    return parts;
  }

  boolean slices() {
    return Native.slices(address);
  }

  /** Of the table; or of its parts, with those that only settle what parts cannot. */
  StructType columns(boolean hidden) {
    return Columns.of(Native.columns(address, hidden));
  }

  /** The streams are C's structs at that address, which Java has allocated. */
  void readSlice(long slice, long slices, long stream) {
    Native.readSlice(address, slice, slices, stream);
  }

  void readScope(byte[][] parts, long stream) {
    Native.readScope(address, parts, stream);
  }

  void readPart(byte[] part, long stream) {
    Native.readPart(address, part, stream);
  }

  void combine(long columns, long rows, long stream) {
    Native.combine(address, columns, rows, stream);
  }

  String warning() {
    return Native.warning(address);
  }

  /** Chips done, pixels that the network saw, and milliseconds in it. */
  long[] progress() {
    return Native.progress(address);
  }

  /** From any thread: what runs ends soon. */
  synchronized void cancel() {
    if (address != 0) {
      Native.cancel(address);
    }
  }

  @Override
  public synchronized void close() {
    if (address != 0) {
      Native.free(address);
      address = 0;
      if (shared != null) {
        shared.release();
      }
    }
  }
}
