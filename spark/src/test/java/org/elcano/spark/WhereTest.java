// WhereTest.java - box and time choose images, and the rows are those of a filter behind.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WhereTest {
  private static final int FRAMES = 12;
  private static Dataset<Row> kept; // all, where no filter gets to the source
  private static Row middle; // of all places

  /** Frames of a town; each of another day, but for one without a time. */
  @BeforeAll
  static void makeDatedFrames() throws IOException {
    Path dated = Files.createDirectories(Town.FOLDER.resolve("dated"));
    List<Path> frames = Files.list(Town.FOLDER.resolve("frames")).sorted().toList();
    assertTrue(frames.size() >= FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      Path copy = Files.copy(frames.get(i), dated.resolve(frames.get(i).getFileName()));
      if (i > 0) {
        Files.writeString(Path.of(copy + ".aux.xml"),
            "<PAMDataset><Metadata><MDI key=\"EXIF_DateTimeOriginal\">2024:05:" + (10 + i)
                + " 10:00:00</MDI></Metadata></PAMDataset>");
      }
    }
    kept = all().limit(1_000_000).cache();
    middle = kept.selectExpr("avg(lon)", "avg(lat)", "count(acquired)", "min(lon)", "min(lat)")
        .first();
    assertTrue(middle.getLong(2) > 100);
  }

  private static Dataset<Row> all() {
    return Town.spark().read().format("elcano").option("operator", "detect")
        .option("partitions", 17).option("model", Town.at("exact.onnx")).load(Town.at("dated"));
  }

  private static Dataset<Row> files(String... options) {
    Map<String, String> map = new HashMap<>(Map.of("model", Town.at("exact.onnx")));
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    return Detect.files(Town.spark(), map, Town.at("dated"));
  }

  private static List<String> rows(Dataset<Row> found) {
    return found.selectExpr("id", "lon", "lat", "acquired", "score").collectAsList().stream()
        .map(Row::toString).sorted().toList();
  }

  /** The same rows as with a filter that no source sees, from so many images. */
  private static void choose(String filter, int least, int most) {
    Dataset<Row> chosen = all().where(filter);
    int images = chosen.rdd().getNumPartitions();
    assertTrue(least <= images && images <= most, filter + " chose " + images);
    List<String> rows = rows(chosen);
    assertEquals(rows(kept.where(filter)), rows, filter);
    assertEquals(least == 0, rows.isEmpty(), filter);
  }

  @Test
  void aBoxChoosesImages() {
    choose("lon < " + middle.get(0) + " AND lat >= " + middle.get(1), 1, FRAMES - 3);
    choose("lon BETWEEN " + middle.get(3) + " AND " + middle.get(3) + " + 1e-5", 1, FRAMES - 3);
    choose("lat < -60", 0, 0);
  }

  @Test
  void aTimeChoosesImages() {
    choose("acquired >= timestamp '2024-05-19'", 4, 4);
    choose("acquired = timestamp '2024-05-12 10:00:00' AND score > 0.3", 2, 2);
    choose("acquired < date '2024-05-13' AND lon <= " + middle.get(0), 1, 3);
  }

  @Test
  void whatIsNoRangeChoosesNone() {
    choose("lon < " + middle.get(0) + " OR score > 0.9", FRAMES, FRAMES);
    choose("acquired is null", FRAMES, FRAMES);
    choose("lon <> 3 AND NOT (lat > 100)", FRAMES, FRAMES);
  }

  @Test
  void filtersOfOneQueryAreNotThoseOfAnother() {
    Dataset<Row> all = all();
    List<String> wanted = rows(all);
    assertTrue(rows(all.where("lat < -60")).isEmpty());
    assertEquals(wanted, rows(all));
  }

  @Test
  void ofFilesInPartsBoxAndTimeAreOptions() {
    List<String> wanted =
        rows(kept.where("lon <= " + middle.get(0) + " AND acquired >= timestamp '2024-05-12'"));
    assertTrue(!wanted.isEmpty());
    String box = "-180,-90," + middle.get(0) + ",90";
    for (String parts : List.of("auto", "2")) {
      Dataset<Row> found = files("bbox", box, "time", "2024-05-12/", "parts", parts);
      assertEquals(wanted, rows(found), parts);
    }
    assertTrue(rows(files("time", "/2024-01-01T00:00:00+02:00")).isEmpty());
  }

  @Test
  void ofFilesInPartsAnAreaRunsTheChipsThatItTouches() {
    List<String> wanted =
        rows(kept.where("lon <= " + middle.get(0) + " AND lat <= " + middle.get(1)));
    assertTrue(!wanted.isEmpty());
    String box = "-180,-90," + middle.get(0) + "," + middle.get(1);
    assertEquals(wanted, rows(files("area", Where.polygon(box), "parts", "2")));
  }

  private static Dataset<Row> chips(String... options) {
    var reader = Town.spark().read().format("elcano").option("operator", "chips")
        .option("chip", "128").option("partitions", "3");
    for (int i = 0; i < options.length; i += 2) {
      reader = reader.option(options[i], options[i + 1]);
    }
    return reader.load(Town.at("town.tif"));
  }

  private static List<String> names(Dataset<Row> chips) {
    return chips.select("id", "x_px", "y_px").collectAsList().stream().map(Row::toString).sorted()
        .toList();
  }

  @Test
  void ofChipsABoxChoosesThoseThatItTouches() {
    Row at = middle;
    String box = at.get(3) + "," + at.get(4) + "," + at.get(0) + "," + at.get(1);
    List<String> chosen = names(chips("BBox", box));
    assertEquals(names(chips().where("elcano.st_intersects(geometry, elcano.st_makebbox(" + box + "))")),
        chosen);
    assertTrue(chosen.size() > 10 && chosen.size() < chips().count() / 2, "chose " + chosen.size());
    assertEquals(List.of(), names(chips("bbox", "100,10,101,11")));
    Exception twice =
        assertThrows(ElcanoException.class, () -> chips("bbox", box, "area", Town.at("truth.geojson")));
    assertTrue(twice.getMessage().contains("give one of them"), twice.getMessage());
  }

  @Test
  void whatIsNoBoxAndNoTimeIsTold() {
    for (String[] bad : new String[][] {{"bbox", "1,2,3"}, {"bbox", "3,0,1,9"}, {"bbox", "a,0,1,9"},
        {"time", "2024-05-12"}, {"time", "yesterday/"}, {"time", "2024-13-01/"}}) {
      Exception why = assertThrows(ElcanoException.class, () -> files(bad));
      assertTrue(why.getMessage().contains(bad[0] + ": "), why.getMessage());
    }
    Exception plain =
        assertThrows(ElcanoException.class, () -> all().sparkSession().read().format("elcano")
            .option("operator", "detect").option("bbox", "0,0,1,1").load(Town.at("dated")));
    assertTrue(plain.getMessage().contains("WHERE"), plain.getMessage());
  }
}
