// ElcanoPartition.java - the work of one task.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** A slice of a driving input; or, where there are no slices, scopes of a plan. */
record ElcanoPartition(int slice, int slices, List<byte[][]> scopes) implements InputPartition {
  /** How many streams it has. */
  int streams() {
    return slices > 0 ? 1 : scopes.size();
  }
}
