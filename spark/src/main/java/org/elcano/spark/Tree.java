// Tree.java - cells that fit points: a plane cut at medians, by x and by y in turn.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A full binary tree of 2^depth - 1 cuts, each before its two halves; its leaves are the cells. */
final class Tree {
  private static final int DEEPEST = 20;

  private final double[] cuts; // from 1: the halves of cut i are 2 i and 2 i + 1
  private long[] cells = new long[16];
  private int n;

  private Tree(double[] cuts) {
    this.cuts = cuts;
  }

  /** What {@link #bytes} gave. */
  static Tree of(byte[] bytes) {
    int count = bytes.length / Double.BYTES + 1;
    if (bytes.length % Double.BYTES != 0 || Integer.bitCount(count) != 1
        || count > 1 << DEEPEST) {
      throw new ElcanoException("argument", "no cells: " + bytes.length + " bytes");
    }
    double[] cuts = new double[count];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(cuts, 1, count - 1);
    return new Tree(cuts);
  }

  /** Of points {x, y}, which are reordered; with no more cells than points, and than `most`. */
  static Tree over(List<double[]> points, int most) {
    int count = Integer.highestOneBit(Math.max(1, Math.min(points.size(), most)));
    double[] cuts = new double[Math.min(count, 1 << DEEPEST)];
    cut(points.toArray(double[][]::new), 1, 0, cuts);
    return new Tree(cuts);
  }

  private static void cut(double[][] points, int node, int axis, double[] cuts) {
    if (node >= cuts.length) {
      return;
    }
    Arrays.sort(points, (a, b) -> Double.compare(a[axis], b[axis]));
    int middle = points.length / 2;
    cuts[node] = points.length > 0 ? points[middle][axis] : 0;
    cut(Arrays.copyOfRange(points, 0, middle), 2 * node, 1 - axis, cuts);
    cut(Arrays.copyOfRange(points, middle, points.length), 2 * node + 1, 1 - axis, cuts);
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate((cuts.length - 1) * Double.BYTES);
    out.asDoubleBuffer().put(cuts, 1, cuts.length - 1);
    return out.array();
  }

  /** The cells that boxes {xmin, ymin, xmax, ymax, ...} reach, rising, each once. */
  long[] reach(double[] boxes, int count) {
    n = 0;
    for (int i = 0; i < count; i++) {
      walk(boxes, 4 * i, 1, 0);
    }
    return count > 1
        ? Arrays.stream(cells, 0, n).sorted().distinct().toArray() : Arrays.copyOf(cells, n);
  }

  private void walk(double[] boxes, int at, int node, int axis) {
    if (node >= cuts.length) {
      cells = n < cells.length ? cells : Arrays.copyOf(cells, 2 * n);
      cells[n++] = node - cuts.length;
      return;
    }
    if (boxes[at + axis] < cuts[node]) {
      walk(boxes, at, 2 * node, 1 - axis);
    }
    if (boxes[at + axis + 2] >= cuts[node]) {
      walk(boxes, at, 2 * node + 1, 1 - axis);
    }
  }
}
