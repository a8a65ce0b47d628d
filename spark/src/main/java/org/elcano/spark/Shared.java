// Shared.java - what the tasks of a stage share in a process: above all, a network.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * The first job of a stage loads the network; those of its other tasks follow it. It is kept a
 * little longer than its last task, for the next may be on its way, and never for another stage,
 * whose files may have changed.
 */
final class Shared {
  private static final long IDLE_NS = 5_000_000_000L;
  private static final Map<Key, Shared> ALL = new HashMap<>();
  private static final AtomicLong LOADED = new AtomicLong();

  private record Key(String application, int stage, String operator, Map<String, String> options) {}

  private long first; // a job of the C core; 0: none yet
  private int users;
  private long idleSince;

  private Shared() {}

  /** A job of the task that runs on this thread, or of none. */
  static Job job(Call call) {
    TaskContext task = TaskContext.get();
    Shared shared = take(key(task, call));
    try {
      return new Job(shared.follow(call, task == null ? 1 : Math.max(1, task.cpus())), shared);
    } catch (RuntimeException e) {
      shared.release();
      throw e;
    }
  }

  private static Key key(TaskContext task, Call call) {
    SparkEnv env = SparkEnv.get();
    String application = env == null ? "" : env.conf().get("spark.app.id", "");
    return new Key(application, task == null ? -1 : task.stageId(), call.operator(), call.options());
  }

  private static Shared take(Key key) {
    synchronized (ALL) {
      Shared shared = ALL.computeIfAbsent(key, k -> new Shared());
      shared.users++;
      return shared;
    }
  }

  private synchronized long follow(Call call, int threads) {
    if (first == 0) {
      Located.check(call);
      first = Job.create(call, 1);
      LOADED.incrementAndGet();
    }
    return Native.follow(first, Job.json(call.inputs()), threads);
  }

  void release() {
    synchronized (ALL) {
      users--;
      idleSince = System.nanoTime();
    }
  }

  /** Frees what no task has used for a while; called now and then. */
  static void sweep() {
    synchronized (ALL) {
      ALL.values().removeIf(Shared::freed);
    }
  }

  private boolean freed() {
    if (users > 0 || System.nanoTime() - idleSince < IDLE_NS) {
      return false;
    }
    if (first != 0) {
      Native.free(first);
    }
    return true;
  }

  /** How many there have been in this process. */
  static long loaded() {
    return LOADED.get();
  }

  /** How many there are. */
  static int count() {
    synchronized (ALL) {
      return ALL.size();
    }
  }
}
