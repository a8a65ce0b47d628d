// Columns.java - the columns of a table of Elcano as Spark's types.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;

final class Columns {
  private static final String[] NAMES = {
    "int32", "int64", "float32", "float64", "bool", "utf8", "binary", "date32", "timestamp",
    "float32[]"
  };

  private Columns() {}

  /** In a field's metadata: a geometry's CRS as PROJJSON, empty where none is stated. */
  static final String CRS = "crs";

  /** From name, type, CRS, name, ...; geometries are WKB, and their fields say their CRS. */
  static StructType of(String[] columns) {
    StructType schema = new StructType();
    for (int i = 0; i < columns.length; i += 3) {
      MetadataBuilder about = new MetadataBuilder();
      if (columns[i + 2] != null) {
        about.putString(CRS, columns[i + 2]);
      }
      schema = schema.add(columns[i], type(columns[i + 1]), true, about.build());
    }
    return schema;
  }

  /** Also of what functions give. */
  static DataType type(String name) {
    return switch (name) {
      case "int32" -> DataTypes.IntegerType;
      case "int64" -> DataTypes.LongType;
      case "float32" -> DataTypes.FloatType;
      case "float64" -> DataTypes.DoubleType;
      case "bool" -> DataTypes.BooleanType;
      case "utf8" -> DataTypes.StringType;
      case "binary", "geometry" -> DataTypes.BinaryType;
      case "date32" -> DataTypes.DateType;
      case "timestamp" -> DataTypes.TimestampType;
      case "float32[]" -> DataTypes.createArrayType(DataTypes.FloatType, true);
      case "list<int64>" -> DataTypes.createArrayType(DataTypes.LongType, false);
      default -> throw new IllegalStateException("a column of the unknown type " + name);
    };
  }

  /** The other way; null for what tables do not have. */
  static String name(DataType type) {
    for (String name : NAMES) {
      if (type(name).equals(type)) {
        return name;
      }
    }
    return null;
  }
}
