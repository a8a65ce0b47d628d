// Large.java - a join of two large tables: by equal cells, which Spark shuffles, splits and spills.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Cells are cut so that a sample of the left rows is spread evenly over them. A row is in each cell
 * that its box reaches; a pair is compared in the first cell that both have, and nowhere else. Left
 * rows of one cell, as points are, are done where they meet; of several cells a left row has to be
 * brought together again where it matters that it met nothing, or met once.
 */
final class Large {
  private static final int ROWS_A_CELL = 128;
  static final int MOST_CELLS = 1 << 16;
  private static final int SAMPLES_A_CELL = 4;

  private static final String MAY_MEET =
      "at = cell AND lc.xmax >= rc.xmin AND lc.xmin <= rc.xmax AND lc.ymax >= rc.ymin"
          + " AND lc.ymin <= rc.ymax AND (size(lc.cells) = 1 OR size(rc.cells) = 1"
          + " OR array_min(array_intersect(lc.cells, rc.cells)) = cell)";

  private final Joins join;
  private final Dataset<Row> ours; // l: the row, lg: its place, lc: its cells
  private final Dataset<Row> theirs; // r, rg, rc, rn: its number, and one row for each cell
  private final Column meets;

  Large(Joins join) {
    this.join = join;
    Column tree = lit(tree());
    ours =
        join.left
            .select(struct(col("*")).as("l"), join.here.wkb().as("lg"))
            .withColumn("lc", cells(tree, "left", "lg"));
    theirs =
        join.right
            .select(Joins.row(join.kept()).as("r"), join.there.wkb().as("rg"),
                monotonically_increasing_id().as("rn"))
            .withColumn("rc", cells(tree, "right", "rg"))
            .withColumn("cell", explode(col("rc.cells")));
    meets =
        expr(MAY_MEET)
            .and(call_function("elcano.meets", lit(join.call), col("lg"), col("rn"), col("rg")));
  }

  private Column cells(Column tree, String side, String place) {
    return call_function("elcano.cells", lit(join.call), tree, lit(side), col(place));
  }

  private byte[] tree() {
    long rows = join.left.count();
    int most = join.cells() > 0
        ? join.cells() : (int) Math.max(1, Math.min(MOST_CELLS, rows / ROWS_A_CELL));
    double share = Math.min(1, (double) SAMPLES_A_CELL * most / Math.max(1, rows));
    return join.left
        .sample(share, 1)
        .select(join.here.wkb().as("lg"))
        .agg(call_function("elcano.tree", lit(join.call), lit(most), col("lg")))
        .first()
        .getAs(0);
  }

  Dataset<Row> rows() {
    Dataset<Row> all =
        switch (join.how) {
          case "inner" -> exploded(ours).join(theirs, meets).select("l.*", "r.*");
          case "left" -> single().join(theirs, meets, "left").select("l.*", "r.*")
              .unionAll(several("left", "rn IS NOT NULL OR (NOT met AND at = first)")
                  .select("l.*", "r.*"));
          case "semi" -> single().join(theirs, meets, "left_semi").select("l.*")
              .unionAll(several("left_semi", "at = first").select("l.*"));
          default -> single().join(theirs, meets, "left_anti").select("l.*")
              .unionAll(several("left", "NOT met AND at = first").select("l.*"));
        };
    return all.drop(Joins.NOTHING);
  }

  private static Dataset<Row> exploded(Dataset<Row> rows) {
    return rows.withColumn("at", explode(col("lc.cells")));
  }

  /** Left rows of one cell, or none. */
  private Dataset<Row> single() {
    return ours.where("size(lc.cells) <= 1").withColumn("at", expr("get(lc.cells, 0)"));
  }

  /** Those of several, each in all its cells: `met` is of all of them, `first` the lowest left. */
  private Dataset<Row> several(String how, String wanted) {
    Dataset<Row> many =
        exploded(
            ours.where("size(lc.cells) > 1").withColumn("ln", monotonically_increasing_id()));
    Dataset<Row> joined = many.join(theirs, meets, how);
    if (how.equals("left")) {
      joined = joined.withColumn("met", expr("max(rn IS NOT NULL) OVER (PARTITION BY ln)"));
    }
    return joined.withColumn("first", expr("min(at) OVER (PARTITION BY ln)")).where(wanted);
  }
}
