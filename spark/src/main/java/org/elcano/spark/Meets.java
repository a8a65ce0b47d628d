// Meets.java - elcano.meets(call, left, number, right): whether two places meet as a call asks.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The number is the right row's, by which its index is found again. */
public final class Meets implements UnboundFunction, ScalarFunction<Boolean> {
  private transient Pairs pairs; // the task's

  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() != 4) {
      throw new UnsupportedOperationException(
          "meets takes the call as JSON, WKB, the right row's number as bigint, and WKB");
    }
    return new Meets();
  }

  @Override
  public String name() {
    return "meets";
  }

  @Override
  public String description() {
    return "meets(call, left, number, right) -> bool: whether two places meet as a call asks";
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[] {
      DataTypes.StringType, DataTypes.BinaryType, DataTypes.LongType, DataTypes.BinaryType
    };
  }

  @Override
  public DataType resultType() {
    return DataTypes.BooleanType;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Meets;
  }

  @Override
  public int hashCode() {
    return Meets.class.hashCode();
  }

  public Boolean invoke(UTF8String call, byte[] left, long number, byte[] right) {
    if (left == null || right == null) {
      return false;
    }
    if (pairs == null) {
      pairs = Pairs.of(call.toString());
    }
    return pairs.meet(left, number, right);
  }
}
