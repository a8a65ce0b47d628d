// Bound.java - a function of the C core at one place of a query.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Generated classes, one for each list of types (bound.py), have the `invoke` that Spark's own code
 * calls. What C keeps for a place (transforms, indexes of shapes that stay the same) is made with
 * the first row and freed with the task. Every task has its own copy of its places.
 */
public abstract class Bound implements ScalarFunction<Object> {
  private static final Cleaner CLEANER = Cleaner.create();

  /** As in functions.c. */
  private static final long NULL_RESULT = 0x7ff8e1ca70000000L;

  static {
    Native.load();
  }

  private final Overload overload;
  private final int given;
  private transient volatile long site; // C's; 0: not opened yet

  Bound(Overload overload, int given) {
    this.overload = overload;
    this.given = given;
  }

  @Override
  public DataType[] inputTypes() {
    return overload.arguments().stream()
        .limit(given)
        .map(argument -> Columns.type(argument.type()))
        .toArray(DataType[]::new);
  }

  @Override
  public DataType resultType() {
    return Columns.type(overload.result());
  }

  @Override
  public String name() {
    return overload.name();
  }

  @Override
  public String canonicalName() {
    return "elcano." + overload.signature();
  }

  @Override
  public String toString() {
    return overload.name();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bound b && b.overload.equals(overload) && b.given == given;
  }

  @Override
  public int hashCode() {
    return 31 * overload.number() + given;
  }

  // ---- results; arguments are texts in their order, then numbers (bits of real ones) in theirs

  final byte[] giveBytes(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    return bytes(site(), a, b, c, p, q, r, s);
  }

  final UTF8String giveText(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    return UTF8String.fromBytes(bytes(site(), a, b, c, p, q, r, s));
  }

  final Long giveLong(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    byte[] whole = bytes(site(), a, b, c, p, q, r, s);
    return whole == null
        ? null : (Long) ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder()).getLong();
  }

  final ArrayData giveList(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    byte[] wholes = bytes(site(), a, b, c, p, q, r, s);
    if (wholes == null) {
      return null;
    }
    long[] items = new long[wholes.length / Long.BYTES];
    ByteBuffer.wrap(wholes).order(ByteOrder.nativeOrder()).asLongBuffer().get(items);
    return UnsafeArrayData.fromPrimitiveArray(items);
  }

  final Double giveReal(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    long bits = number(site(), a, b, c, p, q, r, s);
    return bits == NULL_RESULT ? null : (Double) Double.longBitsToDouble(bits);
  }

  final Integer giveInt(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    long bits = number(site(), a, b, c, p, q, r, s);
    return bits == NULL_RESULT ? null : (Integer) (int) bits;
  }

  final Boolean giveBool(
      byte[] a, byte[] b, byte[] c, long p, long q, long r, long s) {
    long bits = number(site(), a, b, c, p, q, r, s);
    return bits == NULL_RESULT ? null : (Boolean) (bits != 0);
  }

  /** Of a function of two texts, or of bytes and a text. */
  final Object give(byte[] a, byte[] b) {
    return overload.result().equals("utf8")
        ? giveText(a, b, null, 0, 0, 0, 0) : giveReal(a, b, null, 0, 0, 0, 0);
  }

  static long bits(double real) {
    return Double.doubleToRawLongBits(real);
  }

  // ---- the place

  private long site() {
    long opened = site;
    return opened != 0 ? opened : openSite();
  }

  private synchronized long openSite() {
    if (site == 0) {
      long opened = open(overload.number(), given);
      CLEANER.register(this, () -> free(opened));
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) done -> empty(opened));
      }
      site = opened;
    }
    return site;
  }

  private static native long open(int function, int given);

  private static native void free(long site);

  // Not static: who runs in C cannot be collected, and its site is not freed.

  /** Frees what is kept; the next row makes it anew. */
  private native void empty(long site);

  private native long number(
      long site, byte[] a, byte[] b, byte[] c, long p, long q, long r, long s);

  private native byte[] bytes(
      long site, byte[] a, byte[] b, byte[] c, long p, long q, long r, long s);
}
