// Version.java - elcano.version(): that of the C core in the jar.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

public final class Version implements UnboundFunction, ScalarFunction<UTF8String> {
  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() > 0) {
      throw new UnsupportedOperationException("version() takes no arguments");
    }
    return this;
  }

  @Override
  public String name() {
    return "version";
  }

  @Override
  public String description() {
    return "version() -> utf8: that of Elcano";
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[0];
  }

  @Override
  public DataType resultType() {
    return DataTypes.StringType;
  }

  public static UTF8String invoke() {
    return UTF8String.fromString(Native.version());
  }
}
