// Units.java - chips and files that were worked on, for Spark's UI.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

public final class Units extends CustomSumMetric {
  static final String NAME = "elcanoUnits";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "chips, files or rows done";
  }

  /** Of one task. */
  record Done(long value) implements CustomTaskMetric {
    @Override
    public String name() {
      return NAME;
    }
  }
}
