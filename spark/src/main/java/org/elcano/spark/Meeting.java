// Meeting.java - how rows of two tables meet, as users write it: elcano.meeting(call).
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A call is a JSON object: {@code operator}, join or nearest; {@code left_crs} and {@code right_crs},
 * the CRS of each side's geometries, empty where none is stated, left out where the side has columns
 * of numbers; all else are the operator's options. The function says why the command line would
 * refuse it, before a table is read; NULL where it would not.
 */
public final class Meeting implements UnboundFunction, ScalarFunction<UTF8String> {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** {operator, options, left's CRS, right's CRS}, as Places takes it. */
  static String[] texts(String call) {
    try {
      if (!(JSON.readTree(call) instanceof ObjectNode all)) {
        throw new ElcanoException("argument", "no JSON object of options: " + call);
      }
      String operator = text(all, "operator");
      String left = text(all, "left_crs");
      String right = text(all, "right_crs");
      return new String[] {operator == null ? "join" : operator, all.toString(), left, right};
    } catch (JsonProcessingException e) {
      throw new ElcanoException("argument", "no JSON object of options: " + call);
    }
  }

  private static String text(ObjectNode all, String name) {
    return all.has(name) ? all.remove(name).asText() : null;
  }

  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() != 1 || !(given.fields()[0].dataType() instanceof StringType)) {
      throw new UnsupportedOperationException("meeting takes the call as JSON");
    }
    return this;
  }

  @Override
  public String name() {
    return "meeting";
  }

  @Override
  public String description() {
    return "meeting(call utf8) -> utf8: why a call of join or nearest cannot be; NULL where it can";
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.StringType};
  }

  @Override
  public DataType resultType() {
    return DataTypes.StringType;
  }

  public UTF8String invoke(UTF8String call) {
    if (call == null) {
      return null;
    }
    try {
      Places.check(texts(call.toString()));
      return null;
    } catch (ElcanoException e) {
      return UTF8String.fromString(e.getMessage());
    }
  }
}
