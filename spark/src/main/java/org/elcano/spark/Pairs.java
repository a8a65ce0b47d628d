// Pairs.java - one task that compares left places with right ones, a pair at a time.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** Right places that were asked lately keep their index. Without a task, closed by the caller. */
final class Pairs implements AutoCloseable {
  /** As in pairs.c. */
  static final int LEFT = 0;
  static final int RIGHT = 1;

  private static final int KEPT = 256;

  static {
    Native.load();
  }

  /** A right place, and C's index of it. */
  private record One(byte[] wkb, long address) {}

  private final Map<Long, One> ones = new LinkedHashMap<>(2 * KEPT, 0.75f, true);
  private final double[] found = new double[8];
  private long address; // C's

  private Pairs(String call) {
    address = open(Meeting.texts(call));
  }

  /** Closed with the task. */
  static Pairs of(String call) {
    Pairs pairs = new Pairs(call);
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener((TaskCompletionListener) done -> pairs.close());
    }
    return pairs;
  }

  @Override
  public void close() {
    if (address != 0) {
      ones.values().forEach(one -> drop(one.address()));
      ones.clear();
      free(address);
      address = 0;
    }
  }

  /** xmin, ymin, xmax, ymax of each of at most two boxes, in an array that the next call changes. */
  double[] boxes() {
    return found;
  }

  /** How many boxes there are. */
  int find(int side, byte[] wkb) {
    return boxes(address, side, wkb, found);
  }

  /** `number` is the right row's; equal ones are of equal bytes, or the index is made again. */
  boolean meet(byte[] left, long number, byte[] right) {
    One one = ones.get(number);
    if (one == null || !Arrays.equals(one.wkb(), right)) {
      one = keep(number, right);
    }
    return meets(address, one.address(), left);
  }

  private One keep(long number, byte[] right) {
    One made = new One(right, make(address, right));
    One old = ones.put(number, made);
    if (old != null) {
      drop(old.address());
    } else if (ones.size() > KEPT) {
      Map.Entry<Long, One> oldest = ones.entrySet().iterator().next();
      ones.remove(oldest.getKey());
      drop(oldest.getValue().address());
    }
    return made;
  }

  private static native long open(String[] call);

  private static native void free(long pairs);

  private static native int boxes(long pairs, int side, byte[] wkb, double[] out);

  private static native long make(long pairs, byte[] wkb);

  private static native void drop(long one);

  private static native boolean meets(long pairs, long one, byte[] wkb);
}
