// Cells.java - elcano.cells(call, tree, side, geometry): the cells in which a place may meet others.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Gives the cells of {@code elcano.tree}, rising, and the box round the place where it is compared;
 * of a right place as far as `distance` reaches. The side is left or right. NULL, and what is empty,
 * has no cells: its box is NULL.
 */
public final class Cells implements UnboundFunction, ScalarFunction<InternalRow> {
  private static final StructType RESULT =
      new StructType()
          .add("cells", DataTypes.createArrayType(DataTypes.LongType, false), false)
          .add("xmin", DataTypes.DoubleType)
          .add("ymin", DataTypes.DoubleType)
          .add("xmax", DataTypes.DoubleType)
          .add("ymax", DataTypes.DoubleType);
  private static final InternalRow NONE =
      new GenericInternalRow(
          new Object[] {new GenericArrayData(new long[0]), null, null, null, null});

  private transient Pairs pairs; // the task's
  private transient Tree tree;
  private transient int side;

  @Override
  public BoundFunction bind(StructType given) {
    DataType[] types = inputTypes();
    boolean all = given.size() == types.length;
    for (int i = 0; i < types.length && all; i++) {
      all = given.fields()[i].dataType().equals(types[i]);
    }
    if (!all) {
      throw new UnsupportedOperationException(
          "cells takes the call as JSON, what elcano.tree gave, left or right, and WKB");
    }
    return new Cells();
  }

  @Override
  public String name() {
    return "cells";
  }

  @Override
  public String description() {
    return "cells(call, tree, side, geometry): the cells in which a place may meet others";
  }

  @Override
  public DataType[] inputTypes() {
    return new DataType[] {
      DataTypes.StringType, DataTypes.BinaryType, DataTypes.StringType, DataTypes.BinaryType
    };
  }

  @Override
  public DataType resultType() {
    return RESULT;
  }

  /** Said so that Spark calls it once for a row, and not again in each condition on it. */
  @Override
  public boolean isDeterministic() {
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cells;
  }

  @Override
  public int hashCode() {
    return Cells.class.hashCode();
  }

  /** All but the geometry are the same in all rows of a place in a query. */
  public InternalRow invoke(UTF8String call, byte[] cuts, UTF8String which, byte[] wkb) {
    if (wkb == null) {
      return NONE;
    }
    if (pairs == null) {
      tree = Tree.of(cuts);
      side = side(which.toString());
      pairs = Pairs.of(call.toString());
    }
    int count = pairs.find(side, wkb);
    return count == 0 ? NONE : row(tree.reach(pairs.boxes(), count), pairs.boxes(), count);
  }

  private static int side(String which) {
    return switch (which) {
      case "left" -> Pairs.LEFT;
      case "right" -> Pairs.RIGHT;
      default -> throw new ElcanoException("argument", "side " + which + ": left or right");
    };
  }

  private static InternalRow row(long[] cells, double[] boxes, int count) {
    double[] box = Arrays.copyOf(boxes, 4);
    if (count > 1) {
      box[0] = Math.min(box[0], boxes[4]);
      box[2] = Math.max(box[2], boxes[6]);
    }
    return new GenericInternalRow(
        new Object[] {new GenericArrayData(cells), box[0], box[1], box[2], box[3]});
  }
}
