// FunctionsTest.java - functions from SQL: what their descriptors say, NULLs, refusals, places.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class FunctionsTest {
  private static final String SQUARE = "elcano.st_makebbox(0, 0, 10, 10)";

  private static Object one(String expression) {
    return Town.spark().sql("select " + expression).first().get(0);
  }

  private static List<JsonNode> functions() throws Exception {
    List<JsonNode> all = new ArrayList<>();
    for (JsonNode family : new ObjectMapper().readTree(Native.functions())) {
      family.get("functions").forEach(all::add);
    }
    all.removeIf(f -> f.get("image").asBoolean()); // ClassifyTest has files for them
    return all;
  }

  /** As the descriptor writes it, under the catalog's name. */
  private static String sql(String example) {
    return example.replaceAll("\\b(st_[a-z0-9_]+\\()", "elcano.$1");
  }

  private static String text(Object value) {
    if (value instanceof scala.collection.Seq<?> list) {
      return list.mkString("[", ", ", "]");
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?");

  /** The same, but for the last digits of numbers. */
  private static void assertAgree(String wanted, String got, String example) {
    assertEquals(
        NUMBER.matcher(wanted).replaceAll("#"), NUMBER.matcher(got).replaceAll("#"), example);
    List<String> numbers = NUMBER.matcher(got).results().map(MatchResult::group).toList();
    List<String> all = NUMBER.matcher(wanted).results().map(MatchResult::group).toList();
    for (int i = 0; i < all.size(); i++) {
      double number = Double.parseDouble(all.get(i));
      assertEquals(number, Double.parseDouble(numbers.get(i)), Math.abs(number) * 1e-12, example);
    }
  }

  /** All in one query, of one row that Spark does not know beforehand, and one that it does. */
  private static void checkAll(String from) throws Exception {
    List<JsonNode> all = functions();
    List<String> columns = new ArrayList<>();
    for (JsonNode f : all) {
      String example = sql(f.get("example").asText());
      columns.add(f.get("result").asText().equals("geometry")
          ? "elcano.st_astext(" + example + ")" : example);
    }
    for (int first = 0; first < all.size(); first += 50) {
      int to = Math.min(all.size(), first + 50);
      Row row =
          Town.spark().sql("select " + String.join(", ", columns.subList(first, to)) + from)
              .first();
      for (int i = first; i < to; i++) {
        JsonNode gives = all.get(i).get("gives");
        assertAgree(gives.asText(), text(row.get(i - first)), all.get(i).get("example").asText());
      }
    }
  }

  @Test
  void eachExampleGivesWhatItsFunctionSays() throws Exception {
    assertTrue(functions().size() > 100);
    checkAll("");
    checkAll(" from range(1)");
  }

  @Test
  void aliasesAndEitherCaseAreTaken() {
    assertEquals(3.0, one("elcano.ST_X(elcano.ST_GeometryFromText('POINT (3 4)'))"));
    assertEquals(3.0, one("elcano.St_Area(elcano.st_makebbox(0, 0, 3, 1))"));
  }

  @Test
  void optionalArgumentsMayBeLeftOut() {
    assertEquals("POINT (1.2 2)", one("elcano.st_astext(elcano.st_point(1.25, 2), 1)"));
    assertEquals("POINT (1.25 2)", one("elcano.st_astext(elcano.st_point(1.25, 2))"));
  }

  /** Each argument in turn, as a literal and as a column's value; the others of the example. */
  @Test
  void nullInGivesNullOut() {
    for (String null_ : List.of("null", "if(id >= 0, null, %s)")) {
      for (String call : List.of("st_x(unhex('00'))", "st_within(unhex('00'), unhex('00'))",
          "st_point(1d, 2d)", "st_transform(unhex('00'), 'a', 'b')", "st_geomfromtext('a')",
          "st_astext(unhex('00'), 1)", "st_utmzone(1d, 2d)", "st_buffer(unhex('00'), 1d, 8)")) {
        String[] arguments =
            call.substring(call.indexOf('(') + 1, call.length() - 1).split(", ");
        for (int i = 0; i < arguments.length; i++) {
          String[] some = arguments.clone();
          some[i] = String.format(null_, some[i]);
          String name = call.substring(0, call.indexOf('('));
          String sql = "elcano." + name + "(" + String.join(", ", some) + ")";
          assertNull(Town.spark().sql("select " + sql + " from range(1)").first().get(0), sql);
        }
      }
    }
  }

  private static String refused(String expression) {
    return assertThrows(Exception.class, () -> one(expression)).getMessage();
  }

  @Test
  void wrongTypesAreToldWhatThereIs() {
    String many = refused("elcano.st_x(unhex('00'), 1)");
    assertTrue(many.contains("st_x(geom geometry) -> float64"), many);
    String text = refused("elcano.st_area('POINT (1 2)')");
    assertTrue(text.contains("st_area does not take (STRING)"), text);
    assertTrue(text.contains("st_geomfromtext"), text);
    String unknown = refused("elcano.st_arrea(unhex('00'))");
    assertTrue(unknown.contains("st_arrea"), unknown);
  }

  @Test
  void bytesThatAreNoGeometryAreRefusedInWords() {
    String why = refused("elcano.st_area(unhex('ffff'))");
    assertTrue(why.contains("st_area: "), why);
    String crs = refused("elcano.st_transform(elcano.st_point(1, 2), 'EPSG:1', 'Ünsinn')");
    assertTrue(crs.contains("EPSG:1"), crs);
  }

  /** Two constant shapes in one query do not drive each other out, nor mix. */
  @Test
  void eachPlaceKeepsItsOwnShape() {
    Row row =
        Town.spark()
            .sql("select count_if(elcano.st_within(p, " + SQUARE + ")),"
                + " count_if(elcano.st_within(p, elcano.st_makebbox(100, 0, 120, 10)))"
                + " from (select elcano.st_point(id + 0.5, 5) p from range(0, 1000, 1, 4))")
            .first();
    assertEquals(10L, row.getLong(0));
    assertEquals(20L, row.getLong(1));
  }

  @Test
  void largeGeometriesPass() {
    assertEquals(
        200001,
        one("elcano.st_numpoints(elcano.st_geomfromtext(concat('LINESTRING (',"
            + " array_join(transform(sequence(0, 200000), i -> concat(i, ' ', i % 7)), ', '),"
            + " ')')))"));
  }

  @Test
  void callsArePartOfGeneratedCode() {
    String code =
        Town.spark()
            .sql("explain codegen select elcano.st_x(elcano.st_point(id, 2)) from range(10)")
            .first()
            .getString(0);
    assertTrue(code.contains(".invoke("), code);
  }
}
