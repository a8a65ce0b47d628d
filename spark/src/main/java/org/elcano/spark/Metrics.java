// Metrics.java - what a scan has done, for Spark's UI: chips, pixels, time in the network.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** Spark makes the metrics by their class names. */
public final class Metrics {
  private Metrics() {}

  public static final class Chips extends CustomSumMetric {
    @Override
    public String name() {
      return "elcanoChips";
    }

    @Override
    public String description() {
      return "chips done";
    }
  }

  public static final class Pixels extends CustomSumMetric {
    @Override
    public String name() {
      return "elcanoPixels";
    }

    @Override
    public String description() {
      return "pixels that the network saw";
    }
  }

  public static final class Inference extends CustomSumMetric {
    @Override
    public String name() {
      return "elcanoInference";
    }

    @Override
    public String description() {
      return "inference, ms of all threads";
    }
  }

  record Value(String name, long value) implements CustomTaskMetric {}

  static CustomMetric[] all() {
    return new CustomMetric[] {new Chips(), new Pixels(), new Inference()};
  }

  /** Of one task so far, in the same order. */
  static CustomTaskMetric[] of(Job job) {
    long[] done = job.progress();
    CustomMetric[] all = all();
    CustomTaskMetric[] values = new CustomTaskMetric[all.length];
    for (int i = 0; i < all.length; i++) {
      values[i] = new Value(all[i].name(), done[i]);
    }
    return values;
  }
}
