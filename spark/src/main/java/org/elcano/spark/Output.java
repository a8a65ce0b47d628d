// Output.java - what is to be written, and where: the options of a writer.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Travels to executors. The format is a file's extension ("parquet"); images are written where
 * {@code images} says one. {@code types} are C's of the columns. {@code single}: the path is a
 * file's, else a folder's. {@code id} is of this write alone.
 */
record Output(
    String path, String format, String images, String crs, boolean single, String exists,
    StructType schema, String[] types, String id)
    implements Serializable {

  /** The columns of images, whose names are those that operators give. */
  static final List<String> PIXELS =
      List.of("name", "height", "width", "n_channels", "mode", "data");

  static Output of(CaseInsensitiveStringMap options, StructType schema) {
    String path = options.get("path");
    if (path == null) {
      throw refuse("no path to write to");
    }
    String images = options.get("images");
    if (images != null) {
      checkImages(images, schema);
    }
    List<String> geometries = geometries(schema, options.get("geometry"));
    String crs = options.get("crs");
    return new Output(
        path, options.getOrDefault("file_format", "parquet"), images,
        crs != null ? crs : crs(schema, geometries), options.getBoolean("single", false),
        options.getOrDefault("exists", "append"), schema,
        images != null ? null : types(schema, geometries), UUID.randomUUID().toString());
  }

  static ElcanoException refuse(String why) {
    return new ElcanoException("argument", "elcano: " + why);
  }

  /** Of a task: no other attempt has it. */
  String fileOf(int partition, long task) {
    return String.format("part-%05d-%s-%d.%s", partition, id, task, format);
  }

  private static void checkImages(String images, StructType schema) {
    if (!Sink.IMAGES.contains(images)) {
      throw refuse("images: " + images + " is none of " + String.join(", ", Sink.IMAGES));
    }
    DataType[] wanted = {
      DataTypes.StringType, DataTypes.IntegerType, DataTypes.IntegerType, DataTypes.IntegerType,
      DataTypes.IntegerType, DataTypes.BinaryType
    };
    for (int i = 0; i < wanted.length; i++) {
      String name = PIXELS.get(i);
      if (!Arrays.asList(schema.fieldNames()).contains(name)
          || !schema.apply(name).dataType().equals(wanted[i])) {
        throw refuse("images have a column " + name + " of " + wanted[i].sql()
            + "; here is " + schema.simpleString());
      }
    }
  }

  /** Those that are named; else those that say their CRS; else the one called geometry. */
  private static List<String> geometries(StructType schema, String named) {
    List<String> all = Arrays.asList(schema.fieldNames());
    if (named == null) {
      List<String> known =
          all.stream().filter(name -> schema.apply(name).metadata().contains(Columns.CRS)).toList();
      return !known.isEmpty() ? known : List.of("geometry");
    }
    List<String> names = Arrays.asList(named.split(","));
    for (String name : names) {
      if (!all.contains(name)) {
        throw refuse("geometry: there is no column " + name + " in " + schema.simpleString());
      }
    }
    return names;
  }

  /** What their fields say; null where they say nothing, which is longitude and latitude. */
  private static String crs(StructType schema, List<String> geometries) {
    List<String> all =
        Arrays.stream(schema.fields())
            .filter(f -> geometries.contains(f.name()) && f.metadata().contains(Columns.CRS))
            .map(f -> f.metadata().getString(Columns.CRS))
            .distinct()
            .toList();
    if (all.size() > 1) {
      throw refuse("the geometries " + String.join(", ", geometries)
          + " have several CRSs: bring them to one, or give crs");
    }
    return all.isEmpty() ? null : all.get(0);
  }

  private static String[] types(StructType schema, List<String> geometries) {
    return Arrays.stream(schema.fields())
        .map(field -> type(field, geometries.contains(field.name())))
        .toArray(String[]::new);
  }

  private static String type(StructField field, boolean geometry) {
    DataType type = field.dataType();
    if (field.name().startsWith("_")) {
      throw refuse("column " + field.name()
          + ": names with a leading _ are of what is not written; rename or drop it");
    }
    if (geometry && !type.equals(DataTypes.BinaryType)) {
      throw refuse("column " + field.name() + " is " + type.sql()
          + ", and geometries are WKB: elcano.st_geomfromtext makes it of text");
    }
    String name = geometry ? "geometry" : Columns.name(type);
    if (name == null) {
      throw refuse("column " + field.name() + " is " + type.sql()
          + ", which files of tables do not hold; cast it, to_json it or drop it");
    }
    return name;
  }
}
