// Picture.java - an image in a row: a path, a file's bytes, or Spark's image struct.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How a value of that type is an image; closed when it has been looked at. */
interface Picture extends AutoCloseable {
  /** Of which form they are, for messages. */
  String STRUCTS =
      "with path and content, or with origin, height, width, nChannels, mode and data";

  String path();

  @Override
  void close();

  /** The type that Spark casts to; null: nothing of that type is an image. */
  static DataType accepted(DataType given) {
    if (given instanceof StringType) {
      return DataTypes.StringType;
    }
    if (given instanceof StructType row) {
      Fields fields = new Fields(row);
      return fields.content >= 0 || fields.arePixels() ? row : null;
    }
    return null;
  }

  /** Of the i-th value of the row, which is not NULL. */
  static Picture of(InternalRow row, int i, DataType type) {
    if (!(type instanceof StructType struct)) {
      return file(row.getUTF8String(i).toString());
    }
    Fields fields = new Fields(struct);
    InternalRow image = row.getStruct(i, struct.size());
    return fields.content >= 0
        ? kept(() -> Native.keepBytes(fields.content(image), fields.name(image)))
        : kept(() -> fields.keep(image));
  }

  private static Picture file(String given) {
    String path = GdalPath.of(given); // Spark's own sources name files by URI
    return new Picture() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public void close() {}
    };
  }

  private static Picture kept(Supplier<String> keep) {
    String path = keep.get();
    return new Picture() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public void close() {
        Native.drop(path);
      }
    };
  }

  /** Where a struct has what; -1: nowhere. Names are those of Spark's sources and of chips. */
  final class Fields {
    private static final List<String> SHAPE = List.of("mode", "height", "width", "nchannels");
    private static final List<String> CORNERS =
        List.of("ul_x", "ul_y", "ur_x", "ur_y", "ll_x", "ll_y");

    private final StructType row;
    private final int content;
    private final int data;
    private final int[] shape;
    private final int[] corners;
    private final int crs;
    private final int chip;
    private final int[] names;

    Fields(StructType row) {
      this.row = row;
      content = find("content", DataTypes.BinaryType);
      data = find("data", DataTypes.BinaryType);
      shape = SHAPE.stream().mapToInt(name -> find(name, DataTypes.IntegerType)).toArray();
      corners = CORNERS.stream().mapToInt(name -> find(name, DataTypes.DoubleType)).toArray();
      crs = find("crs", DataTypes.StringType);
      chip = find("chip_index", DataTypes.LongType);
      names =
          List.of("name", "origin", "path").stream()
              .mapToInt(name -> find(name, DataTypes.StringType))
              .filter(at -> at >= 0)
              .toArray();
    }

    private int find(String name, DataType type) {
      StructField[] fields = row.fields();
      return IntStream.range(0, fields.length)
          .filter(i -> fields[i].dataType().equals(type))
          .filter(i -> fields[i].name().toLowerCase(Locale.ROOT).replace("_", "")
              .equals(name.replace("_", "")))
          .findFirst()
          .orElse(-1);
    }

    boolean arePixels() {
      return data >= 0 && Arrays.stream(shape).allMatch(at -> at >= 0);
    }

    /** "town.tif#3" of a chip, whose objects are not those of other chips. */
    String name(InternalRow image) {
      String suffix = chip < 0 || image.isNullAt(chip) ? "" : "#" + image.getLong(chip);
      for (int at : names) {
        if (!image.isNullAt(at)) {
          return image.getUTF8String(at).toString() + suffix;
        }
      }
      return "image" + suffix;
    }

    private byte[] content(InternalRow image) {
      if (image.isNullAt(content)) {
        throw new ElcanoException("format", name(image) + ": a struct without content");
      }
      return image.getBinary(content);
    }

    private int size(InternalRow image, int which) {
      if (image.isNullAt(shape[which])) {
        throw new ElcanoException(
            "format", name(image) + ": an image struct without " + SHAPE.get(which));
      }
      return image.getInt(shape[which]);
    }

    String keep(InternalRow image) {
      int[] sizes = IntStream.range(0, shape.length).map(i -> size(image, i)).toArray();
      byte[] pixels = image.isNullAt(data) ? new byte[0] : image.getBinary(data);
      double[] affine = affine(image, sizes[2], sizes[1]);
      String place = affine == null ? null : image.getUTF8String(crs).toString();
      return Native.keepPixels(sizes, pixels, name(image), affine, place);
    }

    /** From three corners in the image's CRS; null where the place is not known. */
    private double[] affine(InternalRow image, int width, int height) {
      if (crs < 0 || image.isNullAt(crs)
          || Arrays.stream(corners).anyMatch(at -> at < 0 || image.isNullAt(at))) {
        return null;
      }
      double[] c = Arrays.stream(corners).mapToDouble(image::getDouble).toArray();
      return new double[] {
        c[0], (c[2] - c[0]) / width, (c[4] - c[0]) / height,
        c[1], (c[3] - c[1]) / width, (c[5] - c[1]) / height};
    }
  }
}
