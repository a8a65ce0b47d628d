#!/bin/sh
# run - one part of what the connector for Spark is tested with: run.sh BUILD PART
# SPDX-License-Identifier: Apache-2.0
#
# The jar is built first, for all other parts; they may run at once.
set -eu
build=$1
part=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
python=$source/build/deps/python # of scripts/setup
export MAVEN_OPTS="${MAVEN_OPTS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}" # it ends soon

maven() { mvn -q -B -f "$source/spark/pom.xml" -Delcano.build="$build" "$@"; }

left_out() {
    echo "SKIPPED: spark/$part: $*" >&2
    exit 77
}

# resolve WHAT MAVEN-OPTION...: what is tested needs a repository, or what once came from one.
resolve() {
    what=$1
    shift
    said=$(maven "$@" dependency:resolve 2>&1) ||
        left_out "Maven does not get $what: $(echo "$said" | grep -m 1 ERROR)"
}

# Runs of surefire each have a folder of their own for what they leave.
tests() {
    need_jar
    maven -DtempDir="surefire-$part" surefire:test@"$@"
}

need_jar() {
    [ -f "$build/spark.jar.is.built" ] || left_out "there is no jar (spark/jar)"
}

need_python() {
    need_jar
    [ -f "$python/origin" ] ||
        left_out "PySpark is not installed: scripts/setup spark"
}

of_python() {
    need_python
    ELCANO_BUILD=$build "$python/bin/python" -m pytest -q -p no:cacheprovider "$@" "$source/python/tests"
}

case $part in
jar)
    rm -f "$build/spark.jar.is.built"
    resolve Spark
    maven package -DskipTests
    touch "$build/spark.jar.is.built"
    ;;
local) tests default-test ;;
joins_slow) tests default-test -Dtest=JoinsTest -Delcano.long=true ;;
cluster) tests cluster ;;
older)
    resolve "Spark 4.1" -Pspark-4.1
    maven -Pspark-4.1 package
    ;;
python_types)
    need_python
    "$python/bin/mypy" --no-error-summary "$source/python/elcano"
    ;;
python) of_python -m "not program" ;;
python_doctor) of_python -m program -k "not examples" ;;
python_examples) of_python -m program -k examples ;;
*) echo "run.sh: no part $part" >&2 && exit 2 ;;
esac
