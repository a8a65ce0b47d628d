// GdalPath.java - the paths of Hadoop's file systems as GDAL has them.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Object stores are read by GDAL itself, with its own keys (docs/spark.md). */
final class GdalPath {
  private static final Pattern URI = Pattern.compile("([a-z0-9]+)://([^/]*)/?(.*)", Pattern.DOTALL);

  private static final Map<String, String> STORES =
      Map.of(
          "s3", "/vsis3/", "s3a", "/vsis3/", "s3n", "/vsis3/", "gs", "/vsigs/", "oss", "/vsioss/",
          "abfs", "/vsiadls/", "abfss", "/vsiadls/");

  private GdalPath() {}

  /** Other texts stay as they are. */
  static String of(String path) {
    if (path.startsWith("file:/")) {
      return "/" + path.substring("file:".length()).replaceFirst("^/+", "");
    }
    Matcher uri = URI.matcher(path);
    if (!uri.matches() || !STORES.containsKey(uri.group(1))) {
      return path;
    }
    // Azure: container@account.dfs.core.windows.net; the account is GDAL's to know
    String bucket = uri.group(2).replaceFirst("@.*", "");
    String key = uri.group(3);
    return STORES.get(uri.group(1)) + bucket + (key.isEmpty() ? "" : "/" + key);
  }
}
