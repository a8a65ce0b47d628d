// Seen.java - functions of an image and a network: elcano.classify and its like.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;

/**
 * The C core takes paths and bytes; of Spark's paths, and of structs, it gets GDAL's paths. A
 * network is looked for among the files that Spark has brought, too.
 */
record Seen(Bound inner, DataType image) implements ScalarFunction<Object> {

  /** The type that Spark casts an image to. */
  static DataType accepted(DataType given) {
    return given instanceof BinaryType ? given
        : given instanceof NullType ? DataTypes.StringType : Picture.accepted(given);
  }

  /** How far an image is from what C takes; structs become paths. */
  static int reach(DataType from, String to) {
    DataType taken = accepted(from);
    return taken != null && (taken instanceof BinaryType) == to.equals("binary") ? 0 : Scalar.NEVER;
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[] {image, DataTypes.StringType};
  }

  @Override
  public DataType resultType() {
    return inner.resultType();
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String canonicalName() {
    return "elcano." + name() + "(" + image.sql() + ", STRING)";
  }

  @Override
  public String toString() {
    return name();
  }

  /**
   * What files say can change. So Spark never calls it on the driver beforehand, and a condition on
   * the class does not run the network again.
   */
  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public Object produceResult(InternalRow row) {
    if (row.isNullAt(0) || row.isNullAt(1)) {
      return null;
    }
    String model = row.getUTF8String(1).toString();
    byte[] found = Located.file(model).getBytes(UTF_8);
    if (image instanceof BinaryType) {
      return inner.give(row.getBinary(0), found);
    }
    try (Picture picture = picture(row, model)) {
      return inner.give(picture.path().getBytes(UTF_8), found);
    }
  }

  private Picture picture(InternalRow row, String model) {
    try {
      return Picture.of(row, 0, image);
    } catch (ElcanoException e) {
      throw new ElcanoException(e.status(), name() + ": " + e.getMessage() + " (for " + model + ")");
    }
  }
}
