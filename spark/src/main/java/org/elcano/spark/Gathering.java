// Gathering.java - an aggregate whose state is all that it was given.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import org.apache.spark.sql.connector.catalog.functions.AggregateFunction;

/**
 * The state is what is said once (the call), then what each row gave: classes of Java and Spark
 * alone, since Spark reads states back where those of a session's own jars are not known.
 */
interface Gathering<R> extends AggregateFunction<ArrayList<Object>, R> {
  /** How many items are said once. */
  default int heads() {
    return 1;
  }

  @Override
  default ArrayList<Object> newAggregationState() {
    return new ArrayList<>();
  }

  @Override
  default ArrayList<Object> merge(ArrayList<Object> left, ArrayList<Object> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    left.addAll(right.subList(heads(), right.size()));
    return left;
  }
}
