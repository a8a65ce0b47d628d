// Places.java - the right places of a join: indexed by C, once in a process for all its tasks.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** Kept while someone asks, and a while longer, since tasks of a stage follow each other. */
final class Places {
  private static final long IDLE_S = 5;
  private static final int LOOK_ROWS = 256;
  private static final Map<String, Places> HELD = new HashMap<>();
  private static final ScheduledExecutorService LATER =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "elcano-places");
            thread.setDaemon(true);
            return thread;
          });

  static {
    Native.load();
  }

  private final String id;
  private long address; // C's; 0: not built. Under this
  private int users; // under HELD
  private long times; // how often there were none any more

  private Places(String id) {
    this.id = id;
  }

  /** Refuses what cannot be asked. */
  static void check(String[] call) {
    free(create(call));
  }

  /** Those of an index; to be given back. */
  static Places borrow(InternalRow index) {
    String id = index.getUTF8String(Index.ID).toString();
    Places places;
    synchronized (HELD) {
      places = HELD.computeIfAbsent(id, Places::new);
      places.users++;
    }
    try {
      places.build(index);
      return places;
    } catch (RuntimeException e) {
      places.giveBack();
      throw e;
    }
  }

  /** How many are held by this process. */
  static int held() {
    synchronized (HELD) {
      return HELD.size();
    }
  }

  long address() {
    return address;
  }

  void giveBack() {
    synchronized (HELD) {
      if (--users == 0) {
        long now = ++times;
        LATER.schedule(() -> drop(now), IDLE_S, TimeUnit.SECONDS);
      }
    }
  }

  private void drop(long since) {
    synchronized (HELD) {
      if (users > 0 || times != since) {
        return;
      }
      HELD.remove(id);
    }
    free(address);
  }

  /** After a failure the next one tries again: this task may only have been told to stop. */
  private synchronized void build(InternalRow index) {
    if (address != 0) {
      return;
    }
    long made = create(Meeting.texts(index.getUTF8String(Index.CALL).toString()));
    try {
      addAll(made, index.getArray(Index.SHAPES));
      build(made, 1);
    } catch (RuntimeException e) {
      free(made);
      throw e;
    }
    address = made;
  }

  private static void addAll(long made, ArrayData shapes) {
    TaskContext task = TaskContext.get();
    for (int i = 0; i < shapes.numElements(); i++) {
      if (i % LOOK_ROWS == 0 && task != null) {
        task.killTaskIfInterrupted();
      }
      add(made, shapes.isNullAt(i) ? null : shapes.getBinary(i));
    }
  }

  private static native long create(String[] call);

  private static native void add(long places, byte[] wkb);

  private static native void build(long places, int threads);

  private static native void free(long places);
}
