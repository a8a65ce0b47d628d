// GdalPathTest.java - the paths of Hadoop's file systems as GDAL has them.
// SPDX-License-Identifier: Apache-2.0
package org.elcano.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GdalPathTest {
  @ParameterizedTest
  @CsvSource({
    "s3a://bucket/a/b.tif, /vsis3/bucket/a/b.tif",
    "s3://bucket/a%20b.tif, /vsis3/bucket/a%20b.tif",
    "s3a://bucket, /vsis3/bucket",
    "s3a://bucket/, /vsis3/bucket",
    "gs://bucket/folder/, /vsigs/bucket/folder/",
    "oss://bucket/a.tif, /vsioss/bucket/a.tif",
    "abfss://box@account.dfs.core.windows.net/a.tif, /vsiadls/box/a.tif",
    "file:///tmp/a.tif, /tmp/a.tif",
    "file:/tmp/a.tif, /tmp/a.tif",
    "/tmp/a.tif, /tmp/a.tif",
    "frames/*.tif, frames/*.tif",
    "postgresql://host/x:table, postgresql://host/x:table",
    "https://host/a.tif, https://host/a.tif",
    "/vsis3/bucket/a.tif, /vsis3/bucket/a.tif",
    "hdfs://host/a.tif, hdfs://host/a.tif"
  })
  void aPathIsThatOfGdal(String path, String wanted) {
    assertEquals(wanted, GdalPath.of(path));
  }
}
