-- Vehicles by image, and the square metres that they cover:
--   spark-sql --jars elcano-spark-4.2.0.jar --conf spark.sql.catalog.elcano=org.elcano.spark.Catalog \
--       -d scenes=scenes -f found.sql
-- SPDX-License-Identifier: Apache-2.0
CREATE TEMPORARY VIEW found USING elcano OPTIONS (operator 'detect', path '${scenes}');

SELECT image, class, count(*) AS n, round(avg(elcano.st_areaspheroid(geometry)), 1) AS m2
FROM found WHERE score > 0.5 GROUP BY image, class ORDER BY image, class;
