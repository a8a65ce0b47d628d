// ElcanoTable.java - the table that an operator gives.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

final class ElcanoTable implements SupportsRead {
  private final Call call;
  private final StructType schema;
  private final int partitions;
  private final int parts;

  ElcanoTable(Call call, StructType schema, int partitions, int parts) {
    this.call = call;
    this.schema = schema;
    this.partitions = partitions;
    this.parts = parts;
  }

  @Override
  public String name() {
    return "elcano " + call.operator();
  }

  @Override
  @SuppressWarnings("deprecation") // columns() derives from it
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new ElcanoScan(call, schema, partitions, parts);
  }
}
