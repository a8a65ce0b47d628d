// Catalog.java - spark.sql.catalog.elcano: Elcano's functions under the name elcano.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Has functions only, in its empty namespace: {@code elcano.st_area(...)}, {@code elcano.combine(...)}. */
public final class Catalog implements FunctionCatalog {
  private final Map<String, UnboundFunction> functions =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private String name;

  public Catalog() {
    Line.check();
    functions.putAll(Scalar.all());
    functions.put("cells", new Cells());
    functions.putAll(Look.all());
    functions.put("combine", new Combine());
    functions.put("index", new Index());
    functions.put("meeting", new Meeting());
    functions.put("meets", new Meets());
    for (Probe probe : Probe.values()) {
      functions.put(probe.word(), probe);
    }
    functions.put("tree", new Cutting());
    functions.put("version", new Version());
  }

  @Override
  public void initialize(String given, CaseInsensitiveStringMap options) {
    name = given;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return functions.keySet().stream()
        .map(function -> Identifier.of(namespace, function))
        .toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier id) throws NoSuchFunctionException {
    UnboundFunction function = id.namespace().length == 0 ? functions.get(id.name()) : null;
    if (function == null) {
      throw new NoSuchFunctionException(id);
    }
    return function;
  }
}
