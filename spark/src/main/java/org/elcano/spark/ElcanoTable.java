// ElcanoTable.java - the table that an operator gives, or that files are made of.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

final class ElcanoTable implements SupportsRead, SupportsWrite {
  private final Call call;
  private final StructType schema;
  private final boolean readable; // columns are the operator's, not those of a DataFrame
  private final int partitions;
  private final int parts;

  ElcanoTable(Call call, StructType schema, boolean readable, int partitions, int parts) {
    this.call = call;
    this.schema = schema;
    this.readable = readable;
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
    return readable
        ? Set.of(TableCapability.BATCH_READ)
        : Set.of(
            TableCapability.BATCH_WRITE, TableCapability.TRUNCATE,
            TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new ElcanoScan(call, schema, partitions, parts);
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new ElcanoWrite(info);
  }
}
