// Watch.java - tells C when a task is not wanted any more.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;

/** Native code does not hear of Thread.interrupt; one daemon looks at all tasks. */
final class Watch implements AutoCloseable {
  private static final long PAUSE_MS = 50;
  private static final Set<Watch> ALL = ConcurrentHashMap.newKeySet();

  static {
    Thread daemon = new Thread(Watch::look, "elcano-watch");
    daemon.setDaemon(true);
    daemon.start();
  }

  private final TaskContext task;
  private final Job job;

  private Watch(TaskContext task, Job job) {
    this.task = task;
    this.job = job;
  }

  static Watch over(TaskContext task, Job job) {
    Watch watch = new Watch(task, job);
    if (task != null) {
      ALL.add(watch);
    }
    return watch;
  }

  @Override
  public void close() {
    ALL.remove(this);
  }

  private static void look() {
    for (;;) {
      for (Watch watch : ALL) {
        if (watch.task.isInterrupted()) {
          watch.job.cancel();
        }
      }
      Shared.sweep();
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
