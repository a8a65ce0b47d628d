// RowNumbers.java - the numbers of a part's rows, which say their order in the plan.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.types.DataTypes;

/** They take no memory. */
final class RowNumbers extends BatchColumn {
  private long first; // of the batch
  private long following;

  RowNumbers(long first) {
    super(DataTypes.LongType);
    this.following = first;
  }

  /** Of the next batch. */
  void next(int rows) {
    first = following;
    following += rows;
  }

  @Override
  public long getLong(int row) {
    return first + row;
  }
}
