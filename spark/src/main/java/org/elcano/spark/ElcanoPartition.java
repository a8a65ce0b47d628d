// ElcanoPartition.java - the work of one task.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** A slice of a driving input; or, where there are no slices, what is read one by one. */
record ElcanoPartition(int slice, int slices, List<Piece> pieces) implements InputPartition {
  /** Parts of one scope, which are settled; or one part as it is, the index-th of its plan. */
  record Piece(byte[][] parts, long index) implements Serializable {}

  /** How many streams it has. */
  int streams() {
    return slices > 0 ? 1 : pieces.size();
  }
}
