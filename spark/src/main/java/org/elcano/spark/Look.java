// Look.java - elcano.detect_image(call, image) and its like: an operator's rows of one image.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The call is a JSON object of the reader's options without paths; the image a path, or a struct
 * as Spark's sources {@code image} and {@code binaryFile} or the operator chips give them. Gives an
 * array of the operator's rows, to be inlined: the columns that its description names, and of
 * detect those that {@code styles} adds. NULL gives NULL.
 */
record Look(String operator) implements UnboundFunction {
  private static final long WHOLE_IMAGE = 1_000_000_000L;

  /** By names: detect_image, ... */
  static Map<String, Look> all() {
    Map<String, Look> all = new HashMap<>();
    for (String operator : Operators.ofImages()) {
      all.put(operator + "_image", new Look(operator));
    }
    return all;
  }

  @Override
  public String name() {
    return operator + "_image";
  }

  @Override
  public String description() {
    return name() + "(call, image): the rows that " + operator + " gives of one image";
  }

  private StructType columns() {
    StructType columns = Operators.columns(operator);
    return operator.equals("detect")
        ? columns.add("group", DataTypes.StringType).add("colour", DataTypes.StringType) : columns;
  }

  @Override
  public BoundFunction bind(StructType given) {
    boolean well = given.size() == 2 && given.fields()[0].dataType() instanceof StringType;
    DataType image = well ? Picture.accepted(given.fields()[1].dataType()) : null;
    if (image == null) {
      throw new UnsupportedOperationException(
          name() + " takes the call as JSON and an image: a path, or a struct " + Picture.STRUCTS);
    }
    return new Bound(operator, image, columns());
  }

  record Bound(String operator, DataType image, StructType columns)
      implements ScalarFunction<ArrayData> {
    @Override
    public DataType[] inputTypes() {
      return new DataType[] {DataTypes.StringType, image};
    }

    @Override
    public DataType resultType() {
      return DataTypes.createArrayType(columns, false);
    }

    @Override
    public String name() {
      return operator + "_image";
    }

    @Override
    public String canonicalName() {
      return "elcano." + name() + "(" + image.sql() + ")";
    }

    @Override
    public ArrayData produceResult(InternalRow input) {
      if (input.isNullAt(0) || input.isNullAt(1)) {
        return null;
      }
      try (Picture picture = Picture.of(input, 1, image)) {
        Call given = Call.of(input.getUTF8String(0).toString());
        if (!given.where().isEmpty()) {
          throw new ElcanoException("argument", "bbox and time are of files; filter the rows");
        }
        Call call =
            new Call(operator, given.options(), Map.of(), given.hashes(), given.where());
        return new GenericArrayData(rows(call.on(picture.path())).toArray());
      } catch (IOException e) {
        throw new ElcanoException("io", e.getMessage());
      }
    }

    private List<InternalRow> rows(Call call) throws IOException {
      List<InternalRow> rows = new ArrayList<>();
      try (Job job = Shared.job(call);
          Watch watch = Watch.over(TaskContext.get(), job);
          BufferAllocator allocator =
              ElcanoReader.ROOT.newChildAllocator(name(), 0, Long.MAX_VALUE)) {
        for (Job.Part part : job.plan(WHOLE_IMAGE)) {
          add(job, new byte[][] {part.bytes()}, allocator, rows);
        }
      }
      return rows;
    }

    private void add(Job job, byte[][] parts, BufferAllocator allocator, List<InternalRow> rows)
        throws IOException {
      try (ArrowArrayStream c = ArrowArrayStream.allocateNew(allocator)) {
        job.readScope(parts, c.memoryAddress());
        try (ArrowReader stream = Data.importArrayStream(allocator, c)) {
          Rows.copy(stream, columns, rows);
        }
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bound b && b.operator.equals(operator) && b.image.equals(image);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(new Object[] {operator, image});
    }
  }
}
