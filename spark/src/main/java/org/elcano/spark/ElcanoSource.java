// ElcanoSource.java - spark.read.format("elcano"): an operator as a data source.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Found by Spark through META-INF/services. */
public final class ElcanoSource implements TableProvider, DataSourceRegister {
  @Override
  public String shortName() {
    return "elcano";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    try (Job job = new Job(Call.of(options.asCaseSensitiveMap()), 1)) {
      return Columns.of(job.columns());
    }
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new ElcanoTable(Call.of(properties), schema, partitions(properties));
  }

  /** How many partitions are wished for; 0: as many as is best. */
  private static int partitions(Map<String, String> properties) {
    String given = new CaseInsensitiveStringMap(properties).get("partitions");
    try {
      return given == null ? 0 : Integer.parseUnsignedInt(given);
    } catch (NumberFormatException e) {
      throw new ElcanoException("argument", "partitions: " + given + " is no whole number");
    }
  }
}
