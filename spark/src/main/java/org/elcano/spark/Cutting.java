// Cutting.java - elcano.tree(call, most, geometry): cells that hold about as many left rows each.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Of a sample of left places: bytes that elcano.cells reads. At most so many cells. */
final class Cutting implements UnboundFunction {
  @Override
  public String name() {
    return "tree";
  }

  @Override
  public String description() {
    return "tree(call, most, geometry): cells that hold about as many left places each";
  }

  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() != 3) {
      throw new UnsupportedOperationException(
          "tree takes the call as JSON, how many cells at most as int, and WKB");
    }
    return new Bound();
  }

  /** The state is the call, how many cells, then {x, y} of each place. */
  static final class Bound implements Gathering<byte[]> {
    private transient Pairs pairs; // the task's

    @Override
    public DataType[] inputTypes() {
      return new DataType[] {DataTypes.StringType, DataTypes.IntegerType, DataTypes.BinaryType};
    }

    @Override
    public DataType resultType() {
      return DataTypes.BinaryType;
    }

    @Override
    public String name() {
      return "tree";
    }

    @Override
    public ArrayList<Object> update(ArrayList<Object> held, InternalRow input) {
      if (held.isEmpty()) {
        held.add(input.getUTF8String(0).toString());
        held.add(input.getInt(1));
      }
      if (pairs == null) {
        pairs = Pairs.of((String) held.get(0));
      }
      if (!input.isNullAt(2) && pairs.find(Pairs.LEFT, input.getBinary(2)) > 0) {
        double[] box = pairs.boxes();
        held.add(new double[] {(box[0] + box[2]) / 2, (box[1] + box[3]) / 2});
      }
      return held;
    }

    @Override
    public int heads() {
      return 2;
    }

    @Override
    public byte[] produceResult(ArrayList<Object> held) {
      List<double[]> points = new ArrayList<>();
      for (Object one : held) {
        if (one instanceof double[] point) {
          points.add(point);
        }
      }
      return Tree.over(points, held.isEmpty() ? 1 : (Integer) held.get(1)).bytes();
    }
  }
}
