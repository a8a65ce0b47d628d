// ElcanoSource.java - format("elcano"): an operator as a data source, and files as its sink.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Found by Spark through META-INF/services. */
public final class ElcanoSource implements TableProvider, DataSourceRegister {
  /** The column of a part's rows that says where in the plan they stand. */
  static final String ROW = "_row";

  private StructType inferred; // null: nothing is read

  private static final int MOST = 1_000_000; // partitions, or chips of a part

  @Override
  public String shortName() {
    return "elcano";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    boolean parts = parts(options) != 0;
    Call call = Call.of(options.asCaseSensitiveMap());
    if (!parts && !call.where().isEmpty()) {
      throw new ElcanoException("argument", "bbox and time are of elcano.detect, and bbox of what"
          + " gives chips; say WHERE lon >= ... AND acquired >= ...");
    }
    try (Job job = new Job(call, 1)) {
      StructType columns = job.columns(parts);
      inferred = parts ? columns.add(ROW, DataTypes.LongType, false) : columns;
      return inferred;
    }
  }

  /** Those of what is written. */
  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    Line.check();
    CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(properties);
    return new ElcanoTable(
        Call.of(properties), schema, schema.equals(inferred), number(options, "partitions"),
        parts(options));
  }

  private static int parts(CaseInsensitiveStringMap options) {
    return "auto".equalsIgnoreCase(options.get("parts"))
        ? ElcanoScan.AUTO : number(options, "parts");
  }

  /** 0: as is best (partitions), whole images (parts). */
  private static int number(CaseInsensitiveStringMap options, String name) {
    String given = options.get(name);
    try {
      int number = given == null ? 0 : Integer.parseInt(given);
      if (number >= 0 && number <= MOST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ElcanoException(
        "argument", name + ": " + given + " is no whole number from 0 to " + MOST);
  }
}
